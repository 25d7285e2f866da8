import createClient, { type Middleware } from 'openapi-fetch';
import { ApiError, type Refusal } from './errors';
import type { components, paths } from './openapi';

/** The API's objects, by their names in the OpenAPI document. */
export type Schemas = components['schemas'];

let csrfToken = '';
let onSessionLost: () => void = () => {};

/** Every change within a session has to show this. */
export function setCsrfToken(token: string) {
  csrfToken = token;
}

/** Called when the API no longer knows who is asking. */
export function setSessionLostHandler(handler: () => void) {
  onSessionLost = handler;
}

const session: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-CSRF-Token', csrfToken);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/api/session') onSessionLost();
    return undefined;
  },
};

/** The API, typed by its OpenAPI document. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: (request) => globalThis.fetch(request) });
api.use(session);

interface Result<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer of a call; a refusal is thrown as an {@link ApiError}. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  return (await answerWithTag(call)).data;
}

/** Something as it was when one began to edit it, and the tag for its next write; null = it was never written. */
export interface Opened<T> {
  value: T;
  etag: string | null;
}

/** That a write holds only as long as the object is what was seen. */
export const ifMatch = (etag: string | null): Record<string, string> => (etag === null ? {} : { 'If-Match': etag });

/** The answer of a call and the `ETag` for the next write of the object. */
export async function answerWithTag<T>(call: Promise<Result<T>>): Promise<{ data: T; etag: string | null }> {
  let result: Result<T>;
  try {
    result = await call;
  } catch (error) {
    // fetch rejects with a TypeError when there was no answer; an abort is no failure of the server's.
    throw error instanceof TypeError ? new ApiError(0) : error;
  }
  if (!result.response.ok) throw new ApiError(result.response.status, typeof result.error === 'object' ? ((result.error ?? {}) as Refusal) : {});
  return { data: result.data as T, etag: result.response.headers.get('ETag') };
}
