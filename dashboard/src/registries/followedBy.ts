import { followedName } from './model';
import { useFollowedService, type DiscoveryArgs } from './queries';

/** The members of an upstream that say which service it follows. */
export interface ServiceOf {
  service_name?: string;
  discovery_type?: string;
  service_registry_id?: string | number;
  discovery_args?: DiscoveryArgs;
}

/** The id of the registry that an upstream follows: a connection's, or that of the one of its type in config.yaml. */
export const registryIdOf = ({ discovery_type, service_registry_id }: ServiceOf): string | undefined =>
  service_registry_id !== undefined && service_registry_id !== '' ? String(service_registry_id) : discovery_type ? `discovery:${discovery_type}` : undefined;

/** What is known of the service that an upstream follows, live. */
export function useServiceOf(group: string, upstream: ServiceOf | undefined) {
  const id = upstream && registryIdOf(upstream);
  const registry = id === undefined ? undefined : id.startsWith('discovery:') ? upstream!.discovery_type : followedName({ id, type: 'consul' });
  return useFollowedService(group, registry, upstream?.service_name, upstream?.discovery_args);
}
