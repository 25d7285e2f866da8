import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type ApiToken = Schemas['token'];

const TOKENS = ['api-tokens'];

/** One's own API tokens, without their secrets. */
export const useApiTokens = () => useQuery({ queryKey: TOKENS, queryFn: () => answer(api.GET('/api/tokens')) });

/** A change of one's API tokens, after which they are read anew. */
export function useApiTokenChange<V, T = unknown>(change: (variables: V) => Promise<T>) {
  const client = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => client.invalidateQueries({ queryKey: TOKENS }) });
}
