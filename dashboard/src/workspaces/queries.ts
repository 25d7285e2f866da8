import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Workspace = Schemas['workspace'];

/** The workspace that is always there. */
export const DEFAULT_WORKSPACE = 'default';

/** The workspaces of a group that one may see. */
export const useWorkspaces = (group: string) =>
  useQuery({ queryKey: ['workspaces', group], queryFn: () => answer(api.GET('/api/gateway_groups/{group}/workspaces', { params: { path: { group } } })) });

/** A change of a group's workspaces, after which they are read anew. */
export function useWorkspaceChange<V>(group: string, change: (variables: V) => Promise<unknown>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: ['workspaces', group] }) });
}
