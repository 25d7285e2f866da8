import { strings } from '../../strings';
import type { NodeHistory, Period } from './history';

/** How long something was. */
export const durationOf = ({ from, to }: { from: number; to: number }) => strings.duration((to - from) / 1_000);

/** What a node was in a period: where instances differed, at which. */
export function stateText({ state, differs }: Period): string {
  const words = strings.health;
  return differs ? differs.map((one) => words.at(words.states[one.state], one.instance)).join('; ') : words.states[state];
}

/** A period, in a sentence. */
export function periodText(period: Period): string {
  const times = [period.from, period.to].map((at) => new Date(at).toLocaleTimeString()).join(' – ');
  const why = period.change && `${period.change.reason} (${strings.nodes.by(period.change.source)})`;
  return [`${stateText(period)}, ${durationOf(period)}`, times, period.state === 'up' ? undefined : why].filter(Boolean).join('\n');
}

/** For how long a node was what, in the order in which it began. */
export function summaryOf({ node, periods }: NodeHistory): string {
  const sums = new Map<string, number>();
  for (const { state, from, to } of periods) sums.set(strings.health.states[state], (sums.get(strings.health.states[state]) ?? 0) + to - from);
  return strings.health.summary(node, [...sums].map(([state, ms]) => strings.health.part(state, strings.duration(ms / 1_000))));
}
