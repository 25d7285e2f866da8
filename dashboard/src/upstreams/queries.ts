import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Schemas } from '../api/client';
import { LIVE } from '../api/live';

export type Upstream = Schemas['upstream'];
export type UpstreamNode = Schemas['node'];
export type Override = Schemas['override'];
export type Preview = Schemas['dry_run'];
export type NodeChange = Schemas['node_change'];

/** Which workspace's upstreams are meant. */
export interface Scope {
  group: string;
  workspace: string;
}

/** Upstreams on a page of the list. */
export const PAGE_SIZE = 20;

/** Begins the keys of all queries about upstreams. */
export const UPSTREAMS = 'upstreams';
const of = ({ group, workspace }: Scope) => ({ gateway_group_id: group, workspace_id: workspace });

/** A page of the upstreams whose names contain a text. */
export const useUpstreams = (scope: Scope, page: number, search: string) =>
  useQuery({
    queryKey: [UPSTREAMS, scope, 'list', page, search],
    // The server takes a regular expression; people type a part of a name.
    queryFn: () => answer(api.GET('/api/upstreams', { params: { query: { ...of(scope), page, page_size: PAGE_SIZE, ...(search && { name: search.replace(/[.*+?^${}()|[\]\\]/g, '\\$&') }) } } })),
    placeholderData: keepPreviousData,
  });

/** An upstream as it is stored, and the tag for its next write. */
export const useUpstream = (scope: Scope, id: string) =>
  useQuery({ queryKey: [UPSTREAMS, scope, 'one', id], queryFn: () => fetchUpstream(scope, id) });

async function fetchUpstream(scope: Scope, id: string) {
  const { data, etag } = await answerWithTag(api.GET('/api/upstreams/{id}', { params: { path: { id }, query: of(scope) } }));
  return { value: data.value, etag };
}

/** The nodes of an upstream as an instance sees them, live. */
export const useNodes = (scope: Scope, id: string, interval: number = LIVE) =>
  useQuery({
    queryKey: [UPSTREAMS, scope, 'nodes', id],
    queryFn: () => answer(api.GET('/api/upstreams/{id}/nodes', { params: { path: { id }, query: of(scope) } })),
    refetchInterval: interval,
    retry: false,
  });

/** What happened to a node, newest first, live. */
export const useTimeline = (scope: Scope, id: string, node: string) =>
  useQuery({
    queryKey: [UPSTREAMS, scope, 'timeline', id, node],
    queryFn: () => answer(api.GET('/api/upstreams/{id}/nodes/{node}/timeline', { params: { path: { id, node }, query: of(scope) } })),
    refetchInterval: LIVE,
    retry: false,
  });

/** The overrides of an upstream's nodes, live. */
export const useOverrides = (scope: Scope, id: string) =>
  useQuery({
    queryKey: [UPSTREAMS, scope, 'overrides', id],
    queryFn: () => answer(api.GET('/api/overrides', { params: { query: of(scope) } })),
    select: ({ list }) => list.filter((override) => override.upstream === `upstreams/${id}`),
    refetchInterval: LIVE,
    retry: false,
  });

/** What deleting an upstream would do; who uses it is in `affected`. Only for who may write. */
export const useDeletePreview = (scope: Scope, id: string, enabled: boolean) =>
  useQuery({ queryKey: [UPSTREAMS, scope, 'delete-preview', id], queryFn: () => previewDelete(scope, id), enabled, staleTime: 0 });

async function previewDelete(scope: Scope, id: string): Promise<Preview> {
  const result = await api.DELETE('/api/upstreams/{id}', { params: { path: { id }, query: { ...of(scope), 'dry-run': 'true' } } });
  // Of an upstream in use the preview itself is refused, and tells by whom it is used.
  const preview = (result.data ?? result.error) as Preview | undefined;
  return preview?.dry_run ? preview : ((await answer(Promise.resolve(result))) as Preview);
}

/** A change below the upstreams of a workspace, after which what is shown of them is read anew. */
export function useUpstreamChange<V, T>(scope: Scope, change: (variables: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => void client.invalidateQueries({ queryKey: [UPSTREAMS, scope] }) });
}

/** Makes an upstream; without an id the server gives one. An id that is taken is refused. */
export async function createUpstream(scope: Scope, body: Upstream): Promise<Upstream> {
  const { id, ...members } = body;
  if (id === undefined) return (await answer(api.POST('/api/upstreams', { params: { query: of(scope) }, body: members }))).value;
  return (await answer(api.PUT('/api/upstreams/{id}', { params: { path: { id: String(id) }, query: of(scope) }, body: members, headers: { 'If-None-Match': '*' } }))).value;
}

/** An edit of an upstream: refused when somebody else wrote since `etag`. */
export interface Edit {
  id: string;
  body: Upstream;
  etag: string | null;
}

/** What an edit would change and whom it touches. */
export const previewEdit = (scope: Scope, { id, body, etag }: Edit): Promise<Preview> =>
  answer(api.PUT('/api/upstreams/{id}', { params: { path: { id }, query: { ...of(scope), 'dry-run': 'true' } }, body, headers: ifMatch(etag) })) as unknown as Promise<Preview>;

/** Writes an edit; `why` goes into the history. */
export const saveEdit = (scope: Scope, { id, body, etag, why }: Edit & { why?: string }) =>
  answer(api.PUT('/api/upstreams/{id}', { params: { path: { id }, query: of(scope) }, body, headers: { ...ifMatch(etag), ...(why && { 'X-Headgate-Message': why }) } }));

/** Deletes an upstream. */
export const deleteUpstream = (scope: Scope, id: string) => answer(api.DELETE('/api/upstreams/{id}', { params: { path: { id }, query: of(scope) } }));

/** Drains a node, or forces it up or down. */
export const orderOverride = (scope: Scope, id: string, node: string, body: Schemas['override_order']) =>
  answer(api.PUT('/api/upstreams/{id}/nodes/{node}/override', { params: { path: { id, node }, query: of(scope) }, body }));

/** Takes an operator's word on a node back. */
export const releaseOverride = (scope: Scope, id: string, node: string) =>
  answer(api.DELETE('/api/upstreams/{id}/nodes/{node}/override', { params: { path: { id, node }, query: of(scope) } }));

/** That a write holds only as long as the object is what was seen. */
export const ifMatch = (etag: string | null): Record<string, string> => (etag === null ? {} : { 'If-Match': etag });
