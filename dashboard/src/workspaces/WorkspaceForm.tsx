import { Form, Select } from 'antd';
import { answer, api, ifMatch, type Opened } from '../api/client';
import { FormModal } from '../components/FormModal';
import { IdentityFields } from '../components/IdentityFields';
import { strings } from '../strings';
import { useWorkspaceChange, type Workspace } from './queries';

/** Makes a workspace, or changes the one that was opened, unless somebody else does meanwhile. */
export function WorkspaceForm({ group, opened, onClose }: { group: string; opened?: Opened<Workspace>; onClose: () => void }) {
  const workspace = opened?.value;
  const save = useWorkspaceChange(group, async ({ id, name, desc, hosts }: Workspace) => {
    const body = { ...(workspace?.labels && { labels: workspace.labels }), name, ...(desc && { desc }), ...(hosts?.length && { hosts }) };
    if (opened) return answer(api.PUT('/api/gateway_groups/{group}/workspaces/{id}', { params: { path: { group, id: opened.value.id! } }, body, headers: ifMatch(opened.etag) }));
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
      <IdentityFields isNew={!workspace} required="name" nameMax={1024} />
      <Form.Item name="hosts" label={strings.workspaces.hosts} extra={strings.workspaces.hostsHint}>
        <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />
      </Form.Item>
    </FormModal>
  );
}
