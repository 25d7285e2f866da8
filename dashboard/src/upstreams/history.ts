import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { ifMatch, UPSTREAMS, type Preview, type Scope } from './queries';

export type Change = Schemas['change'];

/** Changes that are read at a time. */
const PAGE_SIZE = 20;

const ask = ({ group, workspace }: Scope, id: string, query: { compare?: string; before?: string; page_size?: number }) =>
  answer(api.GET('/api/gateway_groups/{group}/upstreams/{id}/history', { params: { path: { group, id }, query: { ...query, workspace_id: workspace } } }));

/** The changes of an upstream, newest first, page after page. */
export const useHistory = (scope: Scope, id: string) =>
  useInfiniteQuery({
    queryKey: [UPSTREAMS, scope, 'history', id],
    queryFn: async ({ pageParam }) => (await ask(scope, id, { page_size: PAGE_SIZE, ...(pageParam !== null && { before: String(pageParam) }) })) as Schemas['revisions'],
    initialPageParam: null as number | null,
    getNextPageParam: ({ before }) => before,
  });

/** What differs between an upstream as it was after one revision and after another. */
export const useComparison = (scope: Scope, id: string, from: number, to: number) =>
  useQuery({
    queryKey: [UPSTREAMS, scope, 'comparison', id, from, to],
    queryFn: async () => (await ask(scope, id, { compare: `${from}..${to}` })) as Schemas['comparison'],
  });

/** That an upstream shall be as it was after a revision: refused when somebody wrote since `etag`. */
export interface Restore {
  id: string;
  revision: number;
  etag: string | null;
}

/** What a restore would change and whom it touches. */
export const previewRestore = (scope: Scope, restore: Restore): Promise<Preview> => restored(scope, restore, { 'dry-run': 'true' }) as Promise<Preview>;

/** Restores; `why` goes into the history. */
export const restore = (scope: Scope, { why, ...one }: Restore & { why?: string }) => restored(scope, one, {}, why);

const restored = ({ group, workspace }: Scope, { id, revision, etag }: Restore, query: { 'dry-run'?: string }, why?: string) =>
  answer(
    api.POST('/api/gateway_groups/{group}/upstreams/{id}/restore', {
      params: { path: { group, id }, query: { ...query, workspace_id: workspace } },
      body: { revision },
      headers: { ...ifMatch(etag), ...(why && { 'X-Headgate-Message': why }) },
    }),
  );
