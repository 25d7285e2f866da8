import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api, ifMatch, type Schemas } from '../api/client';
import { UNTIL_IT_RUNS } from './Arrival';
import type { KindName } from './kinds';
import { OBJECTS, reason, type Preview } from './queries';
import type { Scope } from './scope';

export type Change = Schemas['change'];

/** Changes that are read at a time. */
const PAGE_SIZE = 20;

// Every kind has the same operations; see queries.ts.
const below = (kind: KindName) => `/api/gateway_groups/{group}/${kind}/{id}` as '/api/gateway_groups/{group}/upstreams/{id}';

const ask = (kind: KindName, { group, workspace }: Scope, id: string, query: { compare?: string; before?: string; page_size?: number }) =>
  answer(api.GET(`${below(kind)}/history`, { params: { path: { group, id }, query: { ...query, ...(workspace !== '' && { workspace_id: workspace }) } } }));

/** The changes of an object, newest first, page after page. */
export const useHistory = (kind: KindName, scope: Scope, id: string) =>
  useInfiniteQuery({
    queryKey: [OBJECTS, scope, kind, 'history', id],
    queryFn: async ({ pageParam }) => (await ask(kind, scope, id, { page_size: PAGE_SIZE, ...(pageParam !== null && { before: String(pageParam) }) })) as Schemas['revisions'],
    initialPageParam: null as number | null,
    getNextPageParam: ({ before }) => before,
  });

/** What differs between an object as it was after one revision and after another. */
export const useComparison = (kind: KindName, scope: Scope, id: string, from: number, to: number) =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'comparison', id, from, to],
    queryFn: async () => (await ask(kind, scope, id, { compare: `${from}..${to}` })) as Schemas['comparison'],
  });

/** That an object shall be as it was after a revision: refused when somebody wrote since `etag`. */
export interface Restore {
  id: string;
  revision: number;
  etag: string | null;
}

/** What a restore would change and whom it touches. */
export const previewRestore = (kind: KindName, scope: Scope, restore: Restore): Promise<Preview> => restored(kind, scope, restore, { 'dry-run': 'true' }) as Promise<Preview>;

/** Restores; `why` goes into the history. */
export const restore = (kind: KindName, scope: Scope, { why, ...order }: Restore & { why?: string }) => restored(kind, scope, order, UNTIL_IT_RUNS, why);

const restored = (kind: KindName, { group, workspace }: Scope, { id, revision, etag }: Restore, query: { 'dry-run'?: string; wait?: number }, why?: string) =>
  answer(
    api.POST(`${below(kind)}/restore`, {
      params: { path: { group, id }, query: { ...query, ...(workspace !== '' && { workspace_id: workspace }) } },
      body: { revision },
      headers: { ...ifMatch(etag), ...reason(why) },
    }),
  );
