import { answer, api } from '../api/client';
import { FormModal } from '../components/FormModal';
import { IdentityFields } from '../components/IdentityFields';
import { strings } from '../strings';
import { useGroupChange, type GatewayGroup } from './queries';

/** Makes a gateway group, or changes the one that is given. */
export function GroupForm({ group, onClose }: { group?: GatewayGroup; onClose: () => void }) {
  const save = useGroupChange(async ({ id, name, desc }: GatewayGroup) => {
    const body = { ...(group?.labels && { labels: group.labels }), name, ...(desc && { desc }) };
    if (group) return answer(api.PUT('/api/gateway_groups/{group}', { params: { path: { group: group.id! } }, body }));
    return answer(api.POST('/api/gateway_groups', { body: { ...body, ...(id && { id }) } }));
  });
  return (
    <FormModal title={group ? strings.groups.editTitle(group.name) : strings.groups.create} name="group" initial={group} busy={save.isPending} save={save.mutateAsync} onClose={onClose}>
      <IdentityFields isNew={!group} />
    </FormModal>
  );
}
