import type { Tone } from '../components/StateText';
import { strings } from '../strings';
import type { Override, UpstreamNode } from './queries';

/** How a node is, in a word, and why. */
export interface NodeState {
  tone: Tone;
  text: string;
  /** Why, when there is something to say. */
  reason?: string;
}

/** Tells a node's state: an operator's word goes before what checks and detection found. */
export function nodeState(node: UpstreamNode, checked: boolean, override?: Override): NodeState {
  const words = strings.nodes.state;
  // Of several instances it matters who sees it so, beside what the last of them found.
  const seen = (node.instances?.length ?? 0) > 1 && node.state !== 'up' ? node.seen : undefined;
  const last = [seen, node.last_change?.reason].filter(Boolean).join('; ') || undefined;
  const out = (exclusion: UpstreamNode['exclusions'][number]) => node.exclusions.includes(exclusion);
  if (out('draining')) return { tone: 'off', text: override?.drained ? words.drained : words.draining, reason: said(override) ?? last };
  if (out('forced_down')) return { tone: 'off', text: words.forcedDown, reason: said(override) ?? last };
  if (node.forced_up) return { tone: 'warning', text: words.forcedUp, reason: said(override) ?? last };
  if (node.state === 'partial') return { tone: 'warning', text: words.partial, reason: last };
  if (out('ejected')) return { tone: 'bad', text: words.ejected, reason: last };
  if (out('unhealthy')) return { tone: 'bad', text: words.unhealthy, reason: last };
  if (out('awaited')) return { tone: 'unknown', text: words.awaited, reason: last };
  if (node.state !== 'up') return { tone: 'bad', text: words.down, reason: last };
  if (!checked) return { tone: 'good', text: words.unchecked };
  return node.health.status === 'mostly_healthy' ? { tone: 'warning', text: words.failing, reason: last } : { tone: 'good', text: words.up, reason: last };
}

function said(override?: Override): string | undefined {
  return override && [strings.nodes.by(override.who), override.note].filter(Boolean).join(': ');
}
