import { Alert, App, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { answer, api } from '../api/client';
import { showProblems } from '../components/formErrors';
import { strings } from '../strings';
import { useWorkspaceChange, type Workspace } from './queries';

/** Makes a workspace, or changes the one that is given. */
export function WorkspaceForm({ group, workspace, onClose }: { group: string; workspace?: Workspace; onClose: () => void }) {
  const [form] = Form.useForm<Workspace>();
  const { message } = App.useApp();
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const save = useWorkspaceChange(group, async ({ id, name, desc, hosts }: Workspace) => {
    const body = { ...(workspace?.labels && { labels: workspace.labels }), name, ...(desc && { desc }), ...(hosts?.length && { hosts }) };
    if (workspace) return answer(api.PUT('/api/gateway_groups/{group}/workspaces/{id}', { params: { path: { group, id: workspace.id! } }, body }));
    // With an id of one's own: made only if nothing has it.
    if (id) return answer(api.PUT('/api/gateway_groups/{group}/workspaces/{id}', { params: { path: { group, id } }, body, headers: { 'If-None-Match': '*' } }));
    return answer(api.POST('/api/gateway_groups/{group}/workspaces', { params: { path: { group } }, body }));
  });

  const submit = (values: Workspace) =>
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
      title={workspace ? strings.workspaces.editTitle(workspace.name) : strings.workspaces.create}
      okText={workspace ? strings.common.save : strings.common.create}
      cancelText={strings.common.cancel}
      confirmLoading={save.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
    >
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" initialValues={workspace} onFinish={submit} name="workspace">
        <Form.Item name="name" label={strings.common.name} rules={[{ required: true, message: strings.common.nameMissing }]}>
          <Input autoFocus autoComplete="off" maxLength={1024} />
        </Form.Item>
        {!workspace && (
          <Form.Item name="id" label={strings.common.id} extra={strings.common.idHint}>
            <Input autoComplete="off" />
          </Form.Item>
        )}
        <Form.Item name="desc" label={strings.common.description}>
          <Input.TextArea rows={2} maxLength={256} />
        </Form.Item>
        <Form.Item name="hosts" label={strings.workspaces.hosts} extra={strings.workspaces.hostsHint}>
          <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
        </Form.Item>
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
