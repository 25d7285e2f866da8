import { useInfiniteQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Change = Schemas['change'];

/** Which history: of a workspace's objects, of a gateway group and what belongs to it, or of people and places everywhere. */
export interface Log {
  group?: string;
  workspace?: string;
}

/** What is looked for; all of it must hold. `from` and `to`: seconds of Unix time. */
export interface ChangeFilter {
  kind?: string;
  id?: string;
  who?: string;
  from?: string;
  to?: string;
}

/** The changes that pass a filter, newest first, a page more at a time. */
export const useChanges = (log: Log, filter: ChangeFilter) =>
  useInfiniteQuery({
    queryKey: ['audit', log, filter],
    queryFn: ({ pageParam }) => fetchPage(log, { ...filter, ...(pageParam !== null && { before: String(pageParam) }) }),
    initialPageParam: null as number | null,
    getNextPageParam: ({ before }) => before,
  });

function fetchPage({ group, workspace }: Log, query: ChangeFilter & { before?: string }) {
  if (group === undefined) return answer(api.GET('/api/audit', { params: { query } }));
  if (workspace === undefined) return answer(api.GET('/api/gateway_groups/{group}/audit', { params: { path: { group }, query } }));
  return answer(api.GET('/api/gateway_groups/{group}/revisions', { params: { path: { group }, query: { ...query, workspace_id: workspace } } }));
}

/** Address of the same changes as a file; the browser loads it by itself. */
export function exportAddress({ group, workspace }: Log, filter: ChangeFilter, format: 'csv' | 'jsonl'): string {
  const query = new URLSearchParams({ ...filter, ...(workspace !== undefined && { workspace_id: workspace }), format });
  const path = group === undefined ? 'audit' : `gateway_groups/${encodeURIComponent(group)}/${workspace === undefined ? 'audit' : 'revisions'}`;
  return `/api/${path}?${query}`;
}
