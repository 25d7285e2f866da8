import { Form, Select } from 'antd';
import { answer, api } from '../api/client';
import { FormModal } from '../components/FormModal';
import { IdentityFields } from '../components/IdentityFields';
import { strings } from '../strings';
import { useWorkspaceChange, type Workspace } from './queries';

/** Makes a workspace, or changes the one that is given. */
export function WorkspaceForm({ group, workspace, onClose }: { group: string; workspace?: Workspace; onClose: () => void }) {
  const save = useWorkspaceChange(group, async ({ id, name, desc, hosts }: Workspace) => {
    const body = { ...(workspace?.labels && { labels: workspace.labels }), name, ...(desc && { desc }), ...(hosts?.length && { hosts }) };
    if (workspace) return answer(api.PUT('/api/gateway_groups/{group}/workspaces/{id}', { params: { path: { group, id: workspace.id! } }, body }));
    return answer(api.POST('/api/gateway_groups/{group}/workspaces', { params: { path: { group } }, body: { ...body, ...(id && { id }) } }));
  });
  return (
    <FormModal
      title={workspace ? strings.workspaces.editTitle(workspace.name) : strings.workspaces.create}
      name="workspace"
      initial={workspace}
      busy={save.isPending}
      save={save.mutateAsync}
      onClose={onClose}
    >
      <IdentityFields isNew={!workspace} />
      <Form.Item name="hosts" label={strings.workspaces.hosts} extra={strings.workspaces.hostsHint}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
    </FormModal>
  );
}
