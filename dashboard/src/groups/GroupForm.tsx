import { answer, api, ifMatch, type Opened } from '../api/client';
import { FormModal } from '../components/FormModal';
import { IdentityFields } from '../components/IdentityFields';
import { strings } from '../strings';
import { useGroupChange, type GatewayGroup } from './queries';

/** Makes a gateway group, or changes the one that was opened, unless somebody else does meanwhile. */
export function GroupForm({ opened, onClose }: { opened?: Opened<GatewayGroup>; onClose: () => void }) {
  const group = opened?.value;
  const save = useGroupChange(async ({ id, name, desc }: GatewayGroup) => {
    const body = { ...(group?.labels && { labels: group.labels }), name, ...(desc && { desc }) };
    if (opened) return answer(api.PUT('/api/gateway_groups/{group}', { params: { path: { group: opened.value.id! } }, body, headers: ifMatch(opened.etag) }));
    return answer(api.POST('/api/gateway_groups', { body: { ...body, ...(id && { id }) } }));
  });
  return (
    <FormModal title={group ? strings.groups.editTitle(group.name) : strings.groups.create} name="group" initial={group} busy={save.isPending} save={save.mutateAsync} onClose={onClose}>
      <IdentityFields isNew={!group} required="name" nameMax={1024} />
    </FormModal>
  );
}
