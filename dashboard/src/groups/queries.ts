import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Opened, type Schemas } from '../api/client';
import { LIVE, LIVE_ROWS } from '../api/live';

export type GatewayGroup = Schemas['gateway_group'];
export type Instance = Schemas['instance'];
export type InstanceToken = Schemas['instance_token'];
export type Convergence = Schemas['convergence'];

const GROUPS = 'gateway-groups';

/** The group that is always there. */
export const DEFAULT_GROUP = 'default';

/** The gateway groups that one may see. */
export const useGroups = () => useQuery({ queryKey: [GROUPS], queryFn: () => answer(api.GET('/api/gateway_groups')) });

/** One of them. */
export const useGroup = (group: string) => useQuery({ queryKey: [GROUPS, group], queryFn: () => answer(api.GET('/api/gateway_groups/{group}', { params: { path: { group } } })) });

/** Reads one to be edited. */
export async function openGroup(group: string): Promise<Opened<GatewayGroup>> {
  const { data, etag } = await answerWithTag(api.GET('/api/gateway_groups/{group}', { params: { path: { group } } }));
  return { value: data.value, etag };
}

/** Which instances run the newest revision of a group, and how they are. */
export const useConvergence = (group: string, interval: number = LIVE_ROWS) =>
  useQuery({
    queryKey: [GROUPS, group, 'convergence'],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/convergence', { params: { path: { group } } })),
    refetchInterval: interval,
  });

/** The instances of a group, live. */
export const useInstances = (group: string) =>
  useQuery({
    queryKey: [GROUPS, group, 'instances'],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/instances', { params: { path: { group } } })),
    refetchInterval: LIVE,
  });

/** The instance tokens of a group, without their secrets. */
export const useInstanceTokens = (group: string) =>
  useQuery({ queryKey: [GROUPS, group, 'instance-tokens'], queryFn: () => answer(api.GET('/api/gateway_groups/{group}/instance_tokens', { params: { path: { group } } })) });

/** A change of groups, or of what belongs to one, after which all that is shown of them is read anew. */
export function useGroupChange<V, T = unknown>(change: (variables: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: [GROUPS] }) });
}
