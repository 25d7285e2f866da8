import { prune, type ObjectKind } from '../objects/kinds';
import { strings } from '../strings';
import type { Upstream } from './queries';

/** A node as the form edits it; what else was written of it stays. */
export interface NodeEntry {
  host?: string;
  port?: number | null;
  weight?: number | null;
  [member: string]: unknown;
}

/** An upstream as the form edits it: nodes are a list, whatever they were written as. */
export type UpstreamEntry = Omit<Upstream, 'nodes'> & { nodes?: NodeEntry[] };

/** The nodes of an upstream as a list. */
export function nodeList(nodes: Upstream['nodes']): NodeEntry[] | undefined {
  if (nodes === undefined || Array.isArray(nodes)) return nodes as NodeEntry[] | undefined;
  return Object.entries(nodes as Record<string, number>).map(([address, weight]) => {
    const port = /:(\d+)$/.exec(address);
    return port ? { host: address.slice(0, port.index), port: Number(port[1]), weight } : { host: address, weight };
  });
}

/** An upstream for the form and the JSON view: without the times, which the server gives. */
export function toEntry({ create_time: _created, update_time: _updated, nodes, ...rest }: Upstream): UpstreamEntry {
  const list = nodeList(nodes);
  return list === undefined ? rest : { ...rest, nodes: list };
}

/** What the form sends: fields that were left empty are not written, so that the server's defaults hold. */
export function toUpstream(entry: UpstreamEntry): Upstream {
  const pruned = prune(entry) as UpstreamEntry;
  for (const member of ['timeout', 'keepalive_pool', 'tls', 'discovery_args'] as const) if (pruned[member] !== undefined && Object.keys(pruned[member]).length === 0) delete pruned[member];
  // The server takes a timeout with all three of its members, or none.
  if (pruned.timeout !== undefined) pruned.timeout = Object.assign({ connect: 60, send: 60, read: 60 }, pruned.timeout);
  if (pruned.nodes?.length === 0 && pruned.service_name !== undefined) delete pruned.nodes;
  return pruned as Upstream;
}

/** Upstreams among the kinds of objects. */
export const upstreamKind: ObjectKind<'upstreams', UpstreamEntry> = {
  name: 'upstreams',
  words: strings.upstreams,
  start: { type: 'roundrobin', nodes: [{ host: '', port: 80, weight: 1 }] },
  toEntry,
  toBody: toUpstream,
};
