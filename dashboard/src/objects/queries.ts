import { keepPreviousData, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, answerWithTag, api, ifMatch, type Opened, type Schemas } from '../api/client';
import { UNTIL_IT_RUNS, useArrival } from './Arrival';
import { isOfGroup, type KindName, type Stored } from './kinds';
import type { Scope } from './scope';

export type Preview = Schemas['dry_run'];

/** Objects on a page of a list. */
export const PAGE_SIZE = 20;

/** Begins the keys of all queries about stored objects, and what runs of them. */
export const OBJECTS = 'objects';

/** The parameters that say which workspace is meant. */
export const within = ({ group, workspace }: Scope) => ({ gateway_group_id: group, ...(workspace !== '' && { workspace_id: workspace }) });

// Every kind has the same operations; the document types each of them. One stands for all here, and what is answered is typed by the kind.
const all = (kind: KindName, { group }: Scope) => (isOfGroup(kind) ? `/api/gateway_groups/${encodeURIComponent(group)}/${kind}` : `/api/${kind}`) as '/api/upstreams';
const one = (kind: KindName, scope: Scope) => `${all(kind, scope)}/{id}` as const;

// Of a workspace's objects the server takes a regular expression; people type a part of a name, or of a path.
const literally = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
const matching = (kind: KindName, search: string) => search && (isOfGroup(kind) ? { search } : { [kind === 'routes' && search.startsWith('/') ? 'uri' : 'name']: literally(search) });

/** A page of the objects whose names contain a text; of routes one that begins with a slash is looked for in their paths. */
export const useObjects = <K extends KindName>(kind: K, scope: Scope, page: number, search: string, pageSize = PAGE_SIZE, interval: number | false = false) =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'list', page, search, pageSize],
    queryFn: async () =>
      (await answer(api.GET(all(kind, scope), { params: { query: { ...within(scope), page, page_size: pageSize, ...matching(kind, search) } } }))) as unknown as { list: Stored[K][]; total: number },
    placeholderData: keepPreviousData,
    refetchInterval: interval,
  });

/** An object as it is stored, and the tag for its next write. `interval`: for pages that follow what others write, in milliseconds. */
export const useObject = <K extends KindName>(kind: K, scope: Scope, id: string | undefined, interval?: number) =>
  useQuery({ queryKey: [OBJECTS, scope, kind, 'one', id], queryFn: () => fetchObject(kind, scope, id!), enabled: id !== undefined, ...(interval !== undefined && { refetchInterval: interval }) });

async function fetchObject<K extends KindName>(kind: K, scope: Scope, id: string): Promise<Opened<Stored[K]>> {
  const { data, etag } = await answerWithTag(api.GET(one(kind, scope), { params: { path: { id }, query: within(scope) } }));
  return { value: data.value as unknown as Stored[K], etag };
}

/** Who uses these objects, by their ids: directly, and by way of others. `interval`: where what they get is shown live. */
export const useAffected = (kind: KindName, scope: Scope, ids: string[], interval?: number) =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'affected', ids],
    queryFn: async () => {
      const { list } = await answer(
        api.GET('/api/gateway_groups/{group}/affected', { params: { path: { group: scope.group }, query: { of: ids.map((id) => `${kind}/${id}`).join(','), ...(scope.workspace !== '' && { workspace_id: scope.workspace }) } } }),
      );
      return new Map(list.map(({ id, affected }) => [id, affected]));
    },
    refetchInterval: interval,
    enabled: ids.length > 0,
  });

/** What deleting an object would do; who uses it is in `affected`. Only for who may write. */
export const useDeletePreview = (kind: KindName, scope: Scope, id: string) =>
  useQuery({ queryKey: [OBJECTS, scope, kind, 'delete-preview', id], queryFn: () => previewDelete(kind, scope, id) });

async function previewDelete(kind: KindName, scope: Scope, id: string): Promise<Preview> {
  const result = await api.DELETE(one(kind, scope), { params: { path: { id }, query: { ...within(scope), 'dry-run': 'true' } } });
  // Of an object in use the preview itself is refused, and tells by whom it is used.
  const preview = (result.data ?? result.error) as Preview | undefined;
  return preview?.dry_run ? preview : ((await answer(Promise.resolve(result))) as Preview);
}

/** A change in a workspace, after which what is shown of its objects is read anew. Where its answer says that some gateway instances do not run it yet, that is told. */
export function useObjectChange<V, T>(scope: Scope, change: (variables: V) => Promise<T>) {
  const client = useQueryClient();
  const tellArrival = useArrival(scope.group);
  return useMutation({
    mutationFn: change,
    onSuccess: (written) => {
      tellArrival(written);
      void client.invalidateQueries({ queryKey: [OBJECTS, scope] });
    },
  });
}

/** Makes an object; without an id the server gives one. An id that is taken is refused. */
export async function createObject<K extends KindName>(kind: K, scope: Scope, body: Stored[K]): Promise<{ value: Stored[K] }> {
  const given = 'username' in body ? body.username : 'id' in body ? body.id : undefined;
  const made =
    given === undefined
      ? await answer(api.POST(all(kind, scope), { params: { query: { ...within(scope), ...UNTIL_IT_RUNS } }, body: body as object }))
      : await answer(api.PUT(one(kind, scope), { params: { path: { id: String(given) }, query: { ...within(scope), ...UNTIL_IT_RUNS } }, body: body as object, headers: { 'If-None-Match': '*' } }));
  return made as unknown as { value: Stored[K] };
}

/** An edit of an object: refused when somebody else wrote since `etag`. */
export interface Edit<K extends KindName = KindName> {
  id: string;
  body: Stored[K];
  etag: string | null;
}

/** Why something is written, for its history. */
export const reason = (why?: string): Record<string, string> => (why ? { 'X-Headgate-Message': why } : {});

/** What an edit would change and whom it touches. */
export const previewEdit = <K extends KindName>(kind: K, scope: Scope, { id, body, etag }: Edit<K>): Promise<Preview> =>
  answer(api.PUT(one(kind, scope), { params: { path: { id }, query: { ...within(scope), 'dry-run': 'true' } }, body: body as object, headers: ifMatch(etag) })) as unknown as Promise<Preview>;

/** Writes an edit; `why` goes into the history. */
export const saveEdit = <K extends KindName>(kind: K, scope: Scope, { id, body, etag, why }: Edit<K> & { why?: string }) =>
  answer(api.PUT(one(kind, scope), { params: { path: { id }, query: { ...within(scope), ...UNTIL_IT_RUNS } }, body: body as object, headers: { ...ifMatch(etag), ...reason(why) } }));

/** A change of some members of an object; what it does not name stays. `null` takes a member out. */
export interface Patch {
  id: string;
  members: object;
  /** None: whatever is stored by then. */
  etag?: string | null;
}

/** What a change of members would change and whom it touches. */
export const previewPatch = (kind: KindName, scope: Scope, { id, members, etag = null }: Patch): Promise<Preview> =>
  answer(api.PATCH(one(kind, scope), { params: { path: { id }, query: { ...within(scope), 'dry-run': 'true' } }, body: members, headers: ifMatch(etag) })) as unknown as Promise<Preview>;

/** Writes a change of members; `why` goes into the history. */
export const patchObject = (kind: KindName, scope: Scope, { id, members, etag = null, why }: Patch & { why?: string }) =>
  answer(api.PATCH(one(kind, scope), { params: { path: { id }, query: { ...within(scope), ...UNTIL_IT_RUNS } }, body: members, headers: { ...ifMatch(etag), ...reason(why) } }));

/** Deletes an object. */
export const deleteObject = (kind: KindName, scope: Scope, id: string) => answer(api.DELETE(one(kind, scope), { params: { path: { id }, query: { ...within(scope), ...UNTIL_IT_RUNS } } }));
