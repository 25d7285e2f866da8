import { prune } from '../objects/kinds';
import { nodeList, toEntry, toUpstream, type UpstreamEntry } from '../upstreams/model';
import type { Upstream } from '../upstreams/queries';

/** What says where the requests of a route or service go. */
export interface Target {
  upstream_id?: string | number;
  service_id?: string | number;
  upstream?: Upstream;
}

/** Members that are the same in routes and services, as forms edit them. */
export interface TargetEntry extends Omit<Target, 'upstream'> {
  upstream?: UpstreamEntry;
}

type Stored = Target & { create_time?: number; update_time?: number };

/** What others need not know: the times, which the server gives; and an upstream's nodes are a list. */
export function toTargetEntry<T extends Stored>({ create_time: _created, update_time: _updated, upstream, ...rest }: T) {
  return { ...rest, ...(upstream !== undefined && { upstream: toEntry(upstream) }) };
}

/** Takes out what a form left empty. */
export function pruneTarget<T extends TargetEntry & { timeout?: object }>({ upstream, ...rest }: T) {
  const pruned = prune(rest) as Record<string, unknown> & { timeout?: object };
  for (const member of ['uris', 'hosts', 'methods', 'remote_addrs']) if (Array.isArray(pruned[member]) && pruned[member].length === 0) delete pruned[member];
  if (pruned.timeout !== undefined && Object.keys(pruned.timeout).length === 0) delete pruned.timeout;
  // The server takes a timeout with all three of its members, or none.
  if (pruned.timeout !== undefined) pruned.timeout = { connect: 60, send: 60, read: 60, ...pruned.timeout };
  return { ...pruned, ...(upstream !== undefined && { upstream: toUpstream(upstream) }) };
}

/** The first addresses of an upstream, or the service whose instances they are. */
export function addressesOf({ nodes, service_name }: Upstream): string {
  const list = nodeList(nodes) ?? [];
  const shown = list.slice(0, 2).map(({ host, port }) => `${host}${port ? ':' + port : ''}`);
  return [...(list.length === 0 && service_name !== undefined ? [service_name] : []), ...shown, ...(list.length > shown.length ? ['…'] : [])].join(', ');
}
