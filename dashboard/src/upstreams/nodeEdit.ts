import type { NodeEntry, UpstreamEntry } from './model';
import type { UpstreamNode } from './queries';

/** An edit of one node that is written in an upstream. */
export type NodeEdit = { kind: 'add' } | { kind: 'weight' | 'remove'; node: UpstreamNode };

/** What is asked of who adds a node or changes its weight. */
export interface NodeValues {
  host: string;
  port?: number | null;
  weight: number;
}

/** The place of a node among the written ones; -1 = it comes from a registry. */
export function placeOf(node: Pick<UpstreamNode, 'host' | 'port'>, { nodes = [], scheme }: UpstreamEntry): number {
  const usual = scheme === 'https' || scheme === 'grpcs' ? 443 : 80;
  return nodes.findIndex(({ host, port }) => host?.toLowerCase() === node.host.toLowerCase() && (port ?? usual) === node.port);
}

/** The upstream after an edit of one of its nodes; all else of it, and of the node, stays. */
export function withNode(entry: UpstreamEntry, edit: NodeEdit, values: NodeValues): UpstreamEntry {
  const nodes: NodeEntry[] = entry.nodes ?? [];
  if (edit.kind === 'add') return { ...entry, nodes: [...nodes, { ...values }] };
  const place = placeOf(edit.node, entry);
  return { ...entry, nodes: edit.kind === 'remove' ? nodes.toSpliced(place, 1) : nodes.map((node, at) => (at === place ? { ...node, weight: values.weight } : node)) };
}
