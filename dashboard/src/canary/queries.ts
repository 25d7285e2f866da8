import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { LIVE } from '../api/live';
import { idOf, type Stored } from '../objects/kinds';
import { OBJECTS, PAGE_SIZE, useObject, within } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { PAGE_MAX, ratesOf, type Rate, type Rates } from '../upstreams/traffic';
import { PLUGIN, splitOf, type SplitKind, type Splittable } from './model';

/** A page of the objects that have a split, live. */
export const useSplits = <K extends SplitKind>(kind: K, scope: Scope, page: number) =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'splits', page],
    // Both kinds have the same operation; the document types each.
    queryFn: async () =>
      (await answer(api.GET(`/api/${kind}` as '/api/routes', { params: { query: { ...within(scope), plugin: PLUGIN, page, page_size: PAGE_SIZE } } }))) as unknown as { list: Stored[K][]; total: number },
    placeholderData: keepPreviousData,
    refetchInterval: LIVE,
  });

/** The service of a route, live; of anything else, and of a route without one, nothing. */
export function useServiceOf(scope: Scope, object: Splittable): { service?: Schemas['service']; isReady: boolean } {
  const id = 'service_id' in object ? object.service_id : undefined;
  const { data, error } = useObject('services', scope, id === undefined ? undefined : String(id), LIVE);
  return { ...(data && { service: data.value }), isReady: id === undefined || data !== undefined || error !== null };
}

/** Whose requests a split is of. */
export interface SplitRoutes {
  /** By their ids; none = they are too many to be asked for by name, or not known yet. */
  ids?: string[];
  /** How many there are, once that is known. */
  count?: number;
  /** Those that have an upstream of their own. */
  withUpstream: string[];
}

/** More ids would make too long an address. */
const ROUTES_MAX = 50;

/** The routes whose requests an object's split is of: a route itself, the routes of a service that have no split of their own. */
export function useSplitRoutes(scope: Scope, kind: SplitKind, id: string): SplitRoutes {
  const { data } = useQuery({
    queryKey: [OBJECTS, scope, 'routes', 'of-service', id],
    queryFn: () => answer(api.GET('/api/routes', { params: { query: { ...within(scope), filter: `service_id=${id}`, page: 1, page_size: 500 } } })),
    enabled: kind === 'services',
  });
  if (kind === 'routes') return { ids: [id], count: 1, withUpstream: [] };
  if (data === undefined) return { withUpstream: [] };
  const routes = data.list.filter((route) => splitOf(route) === undefined);
  return {
    ...(data.total <= ROUTES_MAX && { ids: routes.map(idOf) }),
    count: data.total,
    withUpstream: routes.filter(({ upstream, upstream_id }) => upstream !== undefined || upstream_id !== undefined).map(idOf),
  };
}

const NOTHING: Rate = { requests: 0, failures: 0 };

/** What each of these upstreams gets of these routes, live, by their owners. */
export function useSideRates({ group, workspace }: Scope, owners: string[], { ids, count }: SplitRoutes, interval: number): Rates {
  const upstream = owners.join(',');
  const route = ids?.join(',');
  const query = useQuery({
    queryKey: ['traffic', group, workspace, 'sides', upstream, route],
    queryFn: () =>
      answer(api.GET('/api/gateway_groups/{group}/traffic', { params: { path: { group }, query: { by: 'upstream', upstream, ...(route && { route }), workspace_id: workspace, page_size: PAGE_MAX } } })),
    enabled: owners.length > 0 && count !== undefined && ids?.length !== 0,
    refetchInterval: interval,
    retry: false,
  });
  const rates = ratesOf(query, (row) => row.owner);
  // A service without routes gets no request.
  return ids?.length === 0 ? { ...rates, of: () => NOTHING } : rates;
}
