import { useQuery } from '@tanstack/react-query';
import { answer, answerWithTag, api, ifMatch, type Opened, type Schemas } from '../api/client';
import { ApiError } from '../api/errors';
import { UNTIL_IT_RUNS } from '../objects/Arrival';
import { OBJECTS, reason, within, type Preview } from '../objects/queries';
import type { Scope } from '../objects/scope';
import type { Write } from '../objects/useReviewedEdit';

export type Credential = Schemas['credential'];

const ONE = '/api/consumers/{name}/credentials/{id}';

/** The credentials of a consumer, without their secrets. */
export const useCredentials = (scope: Scope, name: string) =>
  useQuery({ queryKey: [OBJECTS, scope, 'consumers', 'credentials', name], queryFn: () => fetchCredentials(scope, name) });

async function fetchCredentials(scope: Scope, name: string): Promise<Credential[]> {
  try {
    return (await answer(api.GET('/api/consumers/{name}/credentials', { params: { path: { name }, query: within(scope) } }))).list;
  } catch (error) {
    // As with APISIX, a consumer without any is answered as if it were not there.
    if (error instanceof ApiError && error.status === 404) return [];
    throw error;
  }
}

/** Reads one credential to be edited. */
export async function openCredential(scope: Scope, name: string, id: string): Promise<Opened<Credential>> {
  const { data, etag } = await answerWithTag(api.GET(ONE, { params: { path: { name, id }, query: within(scope) } }));
  return { value: data.value, etag };
}

/** Makes a credential; an id that is taken is refused. */
export const createCredential = (scope: Scope, name: string, { id, ...body }: Credential) =>
  answer(api.PUT(ONE, { params: { path: { name, id: String(id) }, query: { ...within(scope), ...UNTIL_IT_RUNS } }, body, headers: { 'If-None-Match': '*' } }));

/** What an edit of a credential would change and whom it touches. */
export const previewCredential = (scope: Scope, name: string, id: string, { body, etag }: Write<Credential>): Promise<Preview> =>
  answer(api.PUT(ONE, { params: { path: { name, id }, query: { ...within(scope), 'dry-run': 'true' } }, body, headers: ifMatch(etag) })) as unknown as Promise<Preview>;

/** Writes an edit of a credential; `why` goes into the history. */
export const saveCredential = (scope: Scope, name: string, id: string, { body, etag, why }: Write<Credential> & { why?: string }) =>
  answer(api.PUT(ONE, { params: { path: { name, id }, query: { ...within(scope), ...UNTIL_IT_RUNS } }, body, headers: { ...ifMatch(etag), ...reason(why) } }));

export const deleteCredential = (scope: Scope, name: string, id: string) => answer(api.DELETE(ONE, { params: { path: { name, id }, query: { ...within(scope), ...UNTIL_IT_RUNS } } }));

/** The consumer groups of a workspace. */
export const useConsumerGroups = (scope: Scope) =>
  useQuery({ queryKey: [OBJECTS, scope, 'consumer_groups'], queryFn: () => answer(api.GET('/api/consumer_groups', { params: { query: within(scope) } })), select: ({ list }) => list });
