import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { ApiError } from '../api/errors';
import { OBJECTS, within } from '../objects/queries';
import type { Scope } from '../objects/scope';

export type Credential = Schemas['credential'];

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

/** Makes a credential; an id that is taken is refused. */
export const createCredential = (scope: Scope, name: string, { id, ...body }: Credential & { id: string }) =>
  answer(api.PUT('/api/consumers/{name}/credentials/{id}', { params: { path: { name, id }, query: within(scope) }, body, headers: { 'If-None-Match': '*' } }));

export const deleteCredential = (scope: Scope, name: string, id: string) => answer(api.DELETE('/api/consumers/{name}/credentials/{id}', { params: { path: { name, id }, query: within(scope) } }));

/** The consumer groups of a workspace. */
export const useConsumerGroups = (scope: Scope) =>
  useQuery({ queryKey: [OBJECTS, scope, 'consumer_groups'], queryFn: () => answer(api.GET('/api/consumer_groups', { params: { query: within(scope) } })), select: ({ list }) => list });
