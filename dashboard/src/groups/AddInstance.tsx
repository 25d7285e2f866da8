import { Alert, Button, Form, Input, InputNumber, Modal } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { Commands } from '../components/Commands';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import { useGroupChange } from './queries';

interface TokenForm {
  name: string;
  days?: number | null;
}

/** Makes an instance token, and shows it with the commands that add an instance: once. */
export function AddInstance({ group, onClose }: { group: string; onClose: () => void }) {
  const [form] = Form.useForm<TokenForm>();
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const make = useGroupChange(({ name, days }: TokenForm) =>
    answer(api.POST('/api/gateway_groups/{group}/instance_tokens', { params: { path: { group } }, body: { name, ...(days ? { days } : {}) } })),
  );
  const made = make.data?.value;

  if (made)
    return (
      <Modal open width={760} title={strings.instances.add} onCancel={onClose} mask={{ closable: false }} footer={<Button type="primary" onClick={onClose}>{strings.instances.tokenTaken}</Button>}>
        <Alert type="warning" showIcon title={strings.instances.shownOnce} description={strings.instances.fillIn} className="form-alert" />
        <Commands label={strings.instances.shell} text={made.commands?.shell ?? ''} />
        <Commands label={strings.instances.config} text={made.commands?.config ?? ''} />
        <Commands label={strings.instances.token} text={made.token ?? ''} />
      </Modal>
    );

  return (
    <Modal
      open
      title={strings.instances.add}
      okText={strings.instances.makeToken}
      cancelText={strings.common.cancel}
      confirmLoading={make.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      <p>{strings.instances.addHint}</p>
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form
        form={form}
        layout="vertical"
        name="instance-token"
        onFinish={(values) => make.mutate(values, { onError: (error) => setUnplaced(showProblems(form, error)) })}
      >
        <Form.Item name="name" label={strings.tokens.name} extra={strings.tokens.nameHint} rules={[{ required: true, message: strings.common.nameMissing }]}>
          <Input autoFocus autoComplete="off" />
        </Form.Item>
        <Form.Item name="days" label={strings.tokens.days} extra={strings.tokens.daysHint}>
          <InputNumber min={1} max={3650} precision={0} />
        </Form.Item>
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
