import type { Schemas } from '../api/client';
import { strings } from '../strings';

/** Where a role or a token counts: everywhere, in a gateway group, in one workspace of it. */
export type Place = Pick<Schemas['role'], 'gateway_group_id' | 'workspace_id'>;

/** A place as one reads it. */
export function placeText({ gateway_group_id, workspace_id }: Place): string {
  if (!gateway_group_id) return strings.access.everywhere;
  return workspace_id ? strings.access.workspaceOf(gateway_group_id, workspace_id) : strings.access.groupOf(gateway_group_id);
}

/** A place as the API takes it: what was left open in the form is not there. */
export const placeOf = ({ gateway_group_id, workspace_id }: Place): Place => ({
  ...(gateway_group_id && { gateway_group_id }),
  ...(gateway_group_id && workspace_id && { workspace_id }),
});

/** Everywhere, as a form has it: what no choice was made of is an empty text, which its fields have a name for. */
export const OPEN_PLACE = { gateway_group_id: '', workspace_id: '' };
