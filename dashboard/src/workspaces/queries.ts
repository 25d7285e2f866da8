import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Opened, type Schemas } from '../api/client';

export type Workspace = Schemas['workspace'];

/** The workspace that is always there. */
export const DEFAULT_WORKSPACE = 'default';

/** The workspaces of a group that one may see. */
export const useWorkspaces = (group: string) =>
  useQuery({ queryKey: ['workspaces', group], queryFn: () => answer(api.GET('/api/gateway_groups/{group}/workspaces', { params: { path: { group } } })) });

/** Reads one to be edited. */
export async function openWorkspace(group: string, id: string): Promise<Opened<Workspace>> {
  const { data, etag } = await answerWithTag(api.GET('/api/gateway_groups/{group}/workspaces/{id}', { params: { path: { group, id } } }));
  return { value: data.value, etag };
}

/** A change of a group's workspaces, after which they are read anew. */
export function useWorkspaceChange<V>(group: string, change: (variables: V) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ['workspaces', group] }) });
}
