import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, answerWithTag, api, type Opened, type Schemas } from '../api/client';

export type User = Schemas['user'];

const USERS = ['users'];

/** All users. */
export const useUsers = () => useQuery({ queryKey: USERS, queryFn: () => answer(api.GET('/api/users')) });

/** A change of users, after which they are read anew. */
export function useUserChange<V, T = unknown>(change: (variables: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: USERS }) });
}

/** Reads one user to be edited. */
export async function openUser(name: string): Promise<Opened<User>> {
  const { data, etag } = await answerWithTag(api.GET('/api/users/{name}', { params: { path: { name } } }));
  return { value: data.value, etag };
}
