import { Alert, App, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import { useGroupChange, type GatewayGroup } from './queries';

/** Makes a gateway group, or changes the one that is given. */
export function GroupForm({ group, onClose }: { group?: GatewayGroup; onClose: () => void }) {
  const [form] = Form.useForm<GatewayGroup>();
  const { message } = App.useApp();
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const save = useGroupChange(async (values: GatewayGroup) => {
    const body = { ...(group?.labels && { labels: group.labels }), name: values.name, ...(values.desc && { desc: values.desc }) };
    if (group) return answer(api.PUT('/api/gateway_groups/{group}', { params: { path: { group: group.id! } }, body }));
    // With an id of one's own: made only if nothing has it.
    if (values.id) return answer(api.PUT('/api/gateway_groups/{group}', { params: { path: { group: values.id } }, body, headers: { 'If-None-Match': '*' } }));
    return answer(api.POST('/api/gateway_groups', { body }));
  });

  const submit = (values: GatewayGroup) =>
    save.mutate(values, {
      onSuccess: () => {
        void message.success(strings.common.saved(values.name));
        onClose();
      },
      onError: (error) => setUnplaced(showProblems(form, error)),
    });

  return (
    <Modal
      open
      title={group ? strings.groups.editTitle(group.name) : strings.groups.create}
      okText={group ? strings.common.save : strings.common.create}
      cancelText={strings.common.cancel}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" initialValues={group} onFinish={submit} name="group">
        <Form.Item name="name" label={strings.common.name} rules={[{ required: true, message: strings.common.nameMissing }]}>
          <Input autoFocus autoComplete="off" maxLength={1024} />
        </Form.Item>
        {!group && (
          <Form.Item name="id" label={strings.common.id} extra={strings.common.idHint}>
            <Input autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="desc" label={strings.common.description}>
          <Input.TextArea rows={2} maxLength={256} />
        </Form.Item>
        {/* Enter in a field saves. */}
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
