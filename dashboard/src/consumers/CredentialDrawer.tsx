import { useMutation } from '@tanstack/react-query';
import { Alert, Form, Select, Skeleton } from 'antd';
import { useState, type ReactNode } from 'react';
import { ApiError, type Problem } from '../api/errors';
import { ErrorPanel } from '../components/ErrorPanel';
import { FormDrawer } from '../components/FormDrawer';
import { showProblems } from '../components/formErrors';
import { IdentityFields } from '../components/IdentityFields';
import { LabelsField } from '../components/LabelsField';
import { prune } from '../objects/kinds';
import { below, unanswered } from '../plugins/controls/control';
import { FaultsContext, useFaultyFields } from '../plugins/faults';
import { formFor, isFor } from '../plugins/model';
import { PluginForm } from '../plugins/PluginForm';
import { usePlugins } from '../plugins/queries';
import { strings } from '../strings';
import type { Credential } from './queries';

interface CredentialDrawerProps {
  title: string;
  /** What is edited: it keeps its plugin and its id. None = a new one is made. */
  initial?: Credential;
  /** An id for a new one of a plugin. */
  idFor?: (plugin: string) => string;
  /** Said before it is sent. */
  hint?: string;
  submitText: string;
  busy: boolean;
  /** Rejects with the server's refusal, which is shown at the fields. */
  onSubmit: (credential: Credential) => Promise<void>;
  onClose: () => void;
  /** What stands above the fields. */
  children?: ReactNode;
}

interface Entry extends Omit<Credential, 'plugins'> {
  plugin?: string;
}

const words = strings.credentials;

/** A credential as a form: a plugin with what it finds the consumer by, and what the credential is called. */
export function CredentialDrawer({ title, initial, idFor, hint, submitText, busy, onSubmit, onClose, children }: CredentialDrawerProps) {
  const [form] = Form.useForm<Entry>();
  const known = usePlugins();
  const { plugins = {}, ...told } = initial ?? {};
  const [stored] = Object.entries(plugins);
  const chosen = Form.useWatch('plugin', form);
  const [config, setConfig] = useState<unknown>(stored?.[1] ?? {});
  const [problems, setProblems] = useState<Problem[]>([]);
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const { report, isFaulty } = useFaultyFields();
  const send = useMutation({
    mutationFn: onSubmit,
    onError: (error, { plugins: sent }) => {
      const all = error instanceof ApiError ? error.problems : [];
      const ofPlugin = below(below(all, 'plugins'), Object.keys(sent)[0]!);
      setProblems(ofPlugin);
      if (all.length === 0 || ofPlugin.length < all.length) setUnplaced(showProblems(form, error));
    },
  });

  const choose = (plugin: string) => {
    setConfig({});
    setProblems([]);
    // An id that says what it is, until somebody gives a better one.
    if (idFor && !form.isFieldTouched('id')) form.setFieldValue('id', idFor(plugin));
  };
  const change = (next: unknown) => {
    setProblems(unanswered(problems, config, next));
    setConfig(next);
  };
  const submit = ({ plugin, ...entry }: Entry) => {
    setProblems([]);
    setUnplaced([]);
    send.mutate(prune({ ...entry, plugins: { [plugin!]: config } }) as Credential);
  };

  return (
    <FormDrawer title={title} hint={hint} submitText={submitText} busy={busy || send.isPending} disabled={isFaulty} onSubmit={() => form.submit()} onClose={onClose}>
      {children}
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" name="credential" initialValues={{ ...told, plugin: stored?.[0] }} onFinish={submit}>
        <Form.Item name="plugin" label={words.plugin} rules={[{ required: true, message: words.pluginMissing }]} extra={strings.plugins.does[chosen ?? '']}>
          <Select
            disabled={initial !== undefined}
            loading={known.isPending}
            options={known.data?.filter((one) => isFor('credential', one)).map(({ name }) => ({ value: name, label: name }))}
            onChange={choose}
          />
        </Form.Item>
        {known.error ? (
          <ErrorPanel error={known.error} retry={() => void known.refetch()} />
        ) : (
          chosen !== undefined &&
          (known.data ? (
            <FaultsContext value={report}>
              <PluginForm key={chosen} name={chosen} field={formFor('credential', known.data.find(({ name }) => name === chosen))} value={config} onChange={change} problems={problems} hasMeta={false} />
            </FaultsContext>
          ) : (
            <Skeleton active title={false} />
          ))
        )}
        <IdentityFields isNew={!initial} required="id" idHint={words.idHint} />
        <LabelsField />
        {/* Enter in a field sends. */}
        <button type="submit" disabled={isFaulty} hidden />
      </Form>
    </FormDrawer>
  );
}
