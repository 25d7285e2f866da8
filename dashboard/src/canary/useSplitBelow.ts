import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { idOf } from '../objects/kinds';
import { OBJECTS, within } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { canaryPath } from '../paths';
import { strings } from '../strings';
import { splitOf, type SplitKind, type Splittable } from './model';
import type { Sides } from './useSides';

/** A split that acts on a route which has none: its plugin config's, else its service's. */
export interface SplitBelow {
  name: string;
  /** Where it is seen, if it has a page. */
  path?: string;
}

/** The split below a route's own. */
export function useSplitBelow(scope: Scope, kind: SplitKind, object: Splittable, { service }: Sides): SplitBelow | undefined {
  const config = 'plugin_config_id' in object && object.plugin_config_id !== undefined ? String(object.plugin_config_id) : undefined;
  const { data } = useQuery({
    queryKey: [OBJECTS, scope, 'plugin_configs', 'one', config],
    queryFn: () => answer(api.GET('/api/plugin_configs/{id}', { params: { path: { id: config! }, query: within(scope) } })),
    enabled: config !== undefined,
    retry: false,
  });
  if (kind === 'services') return undefined;
  if (config !== undefined && data && splitOf(data.value) !== undefined) return { name: strings.canary.ofPluginConfig(config) };
  return service && splitOf(service) !== undefined ? { name: strings.canary.ofService(idOf(service)), path: canaryPath(scope, 'services', idOf(service)) } : undefined;
}
