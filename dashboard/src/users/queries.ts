import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Schemas } from '../api/client';

export type User = Schemas['user'];

/** A user as it was when one began to edit it, and the tag for its next write. */
export interface OpenedUser {
  user: User;
  etag: string | null;
}

const USERS = ['users'];

/** All users. */
export const useUsers = () => useQuery({ queryKey: USERS, queryFn: () => answer(api.GET('/api/users')) });

/** A change of users, after which they are read anew. */
export function useUserChange<V, T = unknown>(change: (variables: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: USERS }) });
}

/** Reads one user to be edited. */
export async function openUser(name: string): Promise<OpenedUser> {
  const { data, etag } = await answerWithTag(api.GET('/api/users/{name}', { params: { path: { name } } }));
  return { user: data.value, etag };
}
