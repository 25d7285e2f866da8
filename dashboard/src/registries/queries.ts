import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { LIVE, LIVE_ROWS } from '../api/live';
import { OBJECTS } from '../objects/queries';
import type { Registry } from './model';

export type FollowedService = Schemas['followed_service'];
export type ServiceInstance = Schemas['service_instance'];
export type RegistryTest = Schemas['registry_test'];
export type RegistryChange = Schemas['registry_change'];

/** What narrows the instances of a service. */
export interface DiscoveryArgs {
  namespace_id?: string;
  group_name?: string;
  datacenter?: string;
  tags?: string[];
  metadata?: Record<string, unknown>;
}

/** Rows on a page of a list below a registry. */
export const ROWS = 10;

const BELOW = '/api/gateway_groups/{group}/service_registries/{id}';
const FOLLOWED = 'followed';
const of = (group: string, id: string) => [OBJECTS, { group, workspace: '' }, 'service_registries', 'below', id] as const;

/** How a registry is, live. */
export const useStatus = (group: string, id: string) =>
  useQuery({
    queryKey: [...of(group, id), 'status'],
    queryFn: async () => (await answer(api.GET(`${BELOW}/status`, { params: { path: { group, id } } }))).value,
    refetchInterval: LIVE,
  });

/** The changes of its status, the latest first, live. */
export const useHealth = (group: string, id: string, page: number) =>
  useQuery({
    queryKey: [...of(group, id), 'health', page],
    queryFn: () => answer(api.GET(`${BELOW}/health_check_history`, { params: { path: { group, id }, query: { page, page_size: ROWS } } })),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE,
  });

/** The objects that use it, a page at a time. */
export const useConnected = (group: string, id: string, page: number, pageSize = ROWS) =>
  useQuery({
    queryKey: [...of(group, id), 'connected', page, pageSize],
    queryFn: () => answer(api.GET(`${BELOW}/connected_services`, { params: { path: { group, id }, query: { page, page_size: pageSize } } })),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE_ROWS,
  });

/** The services that it has whose names contain a text, a page at a time. */
export const useServices = (group: string, id: string | undefined, page: number, search: string, pageSize = ROWS) =>
  useQuery({
    queryKey: [...of(group, id ?? ''), 'services', page, search, pageSize],
    queryFn: () => answer(api.GET(`${BELOW}/services`, { params: { path: { group, id: id! }, query: { page, page_size: pageSize, ...(search && { search }) } } })),
    placeholderData: keepPreviousData,
    enabled: id !== undefined,
    retry: false,
  });

/** The instances that it says a service has, whether anybody follows it or not. */
export const useInstances = (group: string, id: string | undefined, service: string, args: DiscoveryArgs = {}, interval: number | false = false) =>
  useQuery({
    queryKey: [...of(group, id ?? ''), 'instances', service, args],
    queryFn: () => answer(api.GET(`${BELOW}/services/{name}/instances`, { params: { path: { group, id: id!, name: service } }, querySerializer: () => argumentsOf(args) })),
    enabled: id !== undefined && service !== '',
    placeholderData: keepPreviousData,
    refetchInterval: interval,
    retry: false,
  });

/** Arguments as the API's query has them: several tags, and a member for each metadata. */
function argumentsOf({ tags = [], metadata = {}, ...texts }: DiscoveryArgs): string {
  const query = new URLSearchParams();
  for (const [name, text] of Object.entries(texts)) if (typeof text === 'string' && text !== '') query.append(name, text);
  for (const tag of tags) query.append('tag', tag);
  for (const [key, value] of Object.entries(metadata)) query.append(`metadata.${key}`, String(value));
  query.sort();
  return query.toString();
}

/** The services of a registry that upstreams follow, a page at a time, live. `registry`: see `followedName`. */
export const useFollowed = (group: string, registry: string, page: number) =>
  useQuery({
    queryKey: [OBJECTS, FOLLOWED, group, registry, page],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/discovery/services', { params: { path: { group }, query: { registry, page, page_size: ROWS } } })),
    placeholderData: keepPreviousData,
    refetchInterval: LIVE,
  });

/** A followed service with the instances in use, live; undefined = nobody follows it, with these arguments. */
export const useFollowedService = (group: string, registry: string | undefined, service: string | undefined, args: DiscoveryArgs = {}) =>
  useQuery({
    queryKey: [OBJECTS, FOLLOWED, group, registry, 'one', service],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/discovery/services', { params: { path: { group }, query: { registry: registry!, service_name: service!, instances: 'true' } } })),
    select: ({ list }) => list.find(({ discovery_args }) => argumentsOf(discovery_args ?? {}) === argumentsOf(args)),
    enabled: registry !== undefined && service !== undefined,
    refetchInterval: LIVE,
    retry: false,
  });

/** Says that a registry is right about a service: what is held goes. */
export function useRelease(group: string) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (service: { registry: string; service_name: string }) => answer(api.POST('/api/gateway_groups/{group}/discovery/services/release', { params: { path: { group } }, body: service })),
    onSuccess: () => client.invalidateQueries({ queryKey: [OBJECTS] }),
  });
}

/** Tries a connection as it is written; with the id of a stored one its secrets are filled in. Without `body` it is tried as it is stored. */
export const testRegistry = async (group: string, id: string | undefined, body?: Registry): Promise<RegistryTest> =>
  id === undefined
    ? (await answer(api.POST('/api/gateway_groups/{group}/service_registries/test', { params: { path: { group } }, body: body! }))).value
    : (await answer(api.POST(`${BELOW}/test`, { params: { path: { group, id } }, body: body! }))).value;
