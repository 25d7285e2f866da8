import { Alert, App, Button, Drawer, Form, Input, Select } from 'antd';
import { useState } from 'react';
import { ApiError, readable, type Problem } from '../api/errors';
import { showProblems } from '../components/formErrors';
import { useObjectChange } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { below, unanswered } from '../plugins/controls/control';
import { FaultsContext, useFaultyFields } from '../plugins/faults';
import { formFor, isFor } from '../plugins/model';
import { PluginForm } from '../plugins/PluginForm';
import { usePlugins } from '../plugins/queries';
import { strings } from '../strings';
import { createCredential } from './queries';

interface CreateCredentialProps {
  scope: Scope;
  consumer: string;
  /** Ids that there are. */
  taken: string[];
  onClose: () => void;
}

interface Entry {
  plugin?: string;
  id?: string;
  name?: string;
}

const words = strings.credentials;

/** Gives a consumer a credential: a plugin that finds it, and what it is found by. */
export function CreateCredential({ scope, consumer, taken, onClose }: CreateCredentialProps) {
  const [form] = Form.useForm<Entry>();
  const { message } = App.useApp();
  const known = usePlugins();
  const chosen = Form.useWatch('plugin', form);
  const [config, setConfig] = useState<unknown>({});
  const [problems, setProblems] = useState<Problem[]>([]);
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const { report, isFaulty } = useFaultyFields();
  const create = useObjectChange(scope, ({ plugin, id, name }: Entry) =>
    createCredential(scope, consumer, { id: id!, ...(name && { name }), plugins: { [plugin!]: config } }),
  );
  const plugin = known.data?.find(({ name }) => name === chosen);

  const choose = (name: string) => {
    setConfig({});
    setProblems([]);
    // An id that says what it is, until somebody gives a better one.
    if (!form.isFieldTouched('id')) form.setFieldValue('id', freeId(name, taken));
  };
  const change = (next: unknown) => {
    setProblems(unanswered(problems, config, next));
    setConfig(next);
  };
  const submit = (entry: Entry) => {
    setProblems([]);
    setUnplaced([]);
    create.mutate(entry, {
      onSuccess: () => {
        void message.success(strings.common.created(entry.name ?? entry.id!));
        onClose();
      },
      onError: (error) => {
        const all = error instanceof ApiError ? error.problems : [];
        const ofPlugin = below(below(all, 'plugins'), chosen ?? '');
        setProblems(ofPlugin);
        if (ofPlugin.length < all.length) setUnplaced(showProblems(form, error));
        else if (all.length === 0) setUnplaced([readable(error.message)]);
      },
    });
  };

  return (
    <Drawer
      open
      size={720}
      title={words.addTo(consumer)}
      onClose={onClose}
      footer={
        <div className="drawer-actions">
          <span className="secondary" />
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="primary" loading={create.isPending} disabled={isFaulty} onClick={() => form.submit()}>
            {strings.common.create}
          </Button>
        </div>
      }
    >
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" name="credential" onFinish={submit}>
        <Form.Item name="plugin" label={words.plugin} rules={[{ required: true, message: words.pluginMissing }]} extra={strings.plugins.does[chosen ?? '']}>
          <Select
            loading={known.isPending}
            options={known.data?.filter((one) => isFor('credential', one)).map(({ name }) => ({ value: name, label: name }))}
            onChange={choose}
          />
        </Form.Item>
        <div className="schema-fields">
          <Form.Item name="id" label={strings.common.id} extra={words.idHint} rules={[{ required: true, message: words.idMissing }]}>
            <Input autoComplete="off" spellCheck={false} maxLength={64} />
          </Form.Item>
          <Form.Item name="name" label={strings.common.name}>
            <Input autoComplete="off" maxLength={256} />
          </Form.Item>
        </div>
      </Form>
      {plugin && (
        <FaultsContext value={report}>
          <PluginForm key={plugin.name} name={plugin.name} field={formFor('credential', plugin)} value={config} onChange={change} problems={problems} hasMeta={false} />
        </FaultsContext>
      )}
    </Drawer>
  );
}

/** `key-auth-2`, when there is a `key-auth-1`. */
function freeId(plugin: string, taken: string[]): string {
  const numbers = Array.from({ length: taken.length + 1 }, (_, index) => index + 1);
  return `${plugin}-${numbers.find((number) => !taken.includes(`${plugin}-${number}`))!}`;
}
