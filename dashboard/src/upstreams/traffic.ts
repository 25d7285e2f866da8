import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { LIVE } from '../api/live';
import type { Scope } from '../objects/scope';
import type { OwnerKind } from './queries';

/** What an upstream or a node gets a second: tries, and those of them that failed. */
export interface Rate {
  requests: number;
  failures: number;
  /** Milliseconds that answers of an upstream took; not known when there were none. */
  latency?: { p50: number; p99: number };
}

/** Rates by name; undefined where nobody knows. */
export interface Rates {
  of: (name: string) => Rate | undefined;
  /** When they were told, or could not be: milliseconds of Unix time; 0 = not yet. */
  at: number;
}

/** The most that one answer holds. */
export const PAGE_MAX = 500;

/** What these upstreams get, live, by their ids. */
export const useUpstreamRates = (scope: Scope, ids: string[]) => useRates(scope, 'upstream', 'upstreams', ids);

/** What the nodes of an upstream get, live, by `host:port`: of more than 500, those that get most. */
export const useNodeRates = (scope: Scope, id: string, kind: OwnerKind = 'upstreams') => useRates(scope, 'node', kind, [id]);

function useRates({ group, workspace }: Scope, by: 'upstream' | 'node', kind: OwnerKind, ids: string[]): Rates {
  const upstream = ids.map((id) => `${kind}/${id}`).join(',');
  const query = useQuery({
    queryKey: ['traffic', group, workspace, by, upstream],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/traffic', { params: { path: { group }, query: { by, upstream, workspace_id: workspace, page_size: PAGE_MAX } } })),
    enabled: ids.length > 0,
    refetchInterval: LIVE,
    retry: false,
  });
  return ratesOf(query, (row) => (by === 'node' ? row.node : row.owner?.replace(`${kind}/`, '')));
}

/** The rates of what was read of `/traffic`, by the names that its rows have. */
export function ratesOf(
  { data, isError, dataUpdatedAt, errorUpdatedAt }: Pick<UseQueryResult<Schemas['traffic']>, 'data' | 'isError' | 'dataUpdatedAt' | 'errorUpdatedAt'>,
  nameOf: (row: Schemas['traffic_rate']) => string | undefined,
): Rates {
  // Old figures would pass for what is now.
  return { of: data && !isError ? ratesIn(data, nameOf) : () => undefined, at: Math.max(dataUpdatedAt, errorUpdatedAt) };
}

function ratesIn({ instances, list, total }: Schemas['traffic'], nameOf: (row: Schemas['traffic_rate']) => string | undefined): Rates['of'] {
  const rates = new Map(
    list.map((row) => [nameOf(row), { requests: row.requests_per_second, failures: row.failures_per_second ?? 0, ...(row.latency_ms && { latency: row.latency_ms }) }]),
  );
  // What gets nothing is not in the list; what is behind its end gets something.
  const isComplete = instances.heard > 0 && total <= list.length;
  const nothing: Rate = { requests: 0, failures: 0 };
  return (name) => rates.get(name) ?? (isComplete ? nothing : undefined);
}
