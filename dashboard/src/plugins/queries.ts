import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Plugin = Schemas['plugin'];

/** Where a plugin stands. */
export type PluginScope = Plugin['scopes'][number];

/** The plugins that the gateway has, with their schemas. They change with its version only. */
export const usePlugins = () => useQuery({ queryKey: ['plugins'], queryFn: () => answer(api.GET('/api/plugins')), select: ({ list }) => list, staleTime: Infinity });
