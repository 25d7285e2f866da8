import type { Schemas } from '../../api/client';

/** What a node was for some time. */
export type HealthState = 'up' | 'unhealthy' | 'ejected' | 'awaited' | 'draining' | 'forced_down' | 'forced_up' | 'partial' | 'unknown';

type Change = Schemas['upstream_timeline']['timeline'][number];

/** A time in which a node was the same. Milliseconds of Unix time. */
export interface Period {
  from: number;
  to: number;
  state: HealthState;
  /** What it was at each instance that knows, where they differed. */
  differs?: { instance: string; state: HealthState }[];
  /** What began it, when that is known. */
  change?: Change;
}

/** A node over time; the periods have no gaps. */
export interface NodeHistory {
  node: string;
  periods: Period[];
}

/** What is excluded by which changes, and by which no longer. */
const FLAGS = { unhealthy: ['unhealthy', 'healthy'], ejected: ['ejected', 'returned'], awaited: ['awaited', 'admitted'] } as const;
type Flag = keyof typeof FLAGS;
const ORDERS: Record<string, Order> = { drain_begun: 'draining', drained: 'draining', forced_up: 'forced_up', forced_down: 'forced_down', drain_ended: 'none', force_ended: 'none' };
type Order = 'none' | 'draining' | 'forced_up' | 'forced_down';

/** A state that holds from a moment on, until the next. */
interface Step {
  at: number;
  state: HealthState;
  change?: Change;
}

/**
 * What the nodes of an upstream were, from what happened to them. Nodes that were up all the time are left out. Instances that did not answer are not known of; what an instance knows begins
 * with its start or with its first change, and where not all changes were told, with the oldest of those.
 */
export function toHistories(told: Schemas['upstream_timeline'], from: number, to: number): NodeHistory[] {
  const byNode = new Map<string, Change[]>();
  for (const change of told.timeline) byNode.set(change.node, [...(byNode.get(change.node) ?? []), change]);
  const horizon = told.total > told.timeline.length ? timeOf(told.timeline.at(-1)) : -Infinity;
  return [...byNode]
    .map(([node, changes]) => {
      const instances = told.instances ?? [{ id: '', start_time: 0 }];
      const views = instances.map(({ id, start_time }) => ({
        id,
        steps: stepsOf(changes.filter(({ instance_id }) => (instance_id ?? '') === id).reverse(), start_time * 1_000, horizon, told.kept_max),
      }));
      return { node, periods: merge(views, from, to), latest: timeOf(changes[0]) };
    })
    .filter(({ periods }) => periods.some(({ state }) => state !== 'up' && state !== 'unknown'))
    .sort((a, b) => b.latest - a.latest)
    .map(({ node, periods }) => ({ node, periods }));
}

const timeOf = (change?: Change) => (change ? Date.parse(change.at) : -Infinity);

/** The states of a node at one instance, the oldest first; nothing is known before the first. `changes`: the oldest first. */
function stepsOf(changes: Change[], start: number, horizon: number, keptMax: number): Step[] {
  const first = timeOf(changes[0]);
  const isWhole = changes.length < keptMax && changes[0]?.kind !== 'awaited'; // what is awaited first was not there before
  const known = changes.length === 0 ? start : isWhole ? Math.min(start, first) : first;
  const flags: Record<Flag, boolean> = { unhealthy: before('unhealthy', changes), ejected: before('ejected', changes), awaited: before('awaited', changes) };
  let order = orderBefore(changes);
  const steps: Step[] = [{ at: Math.max(known, horizon), state: stateOf(flags, order) }];
  for (const change of changes) {
    for (const flag of ['unhealthy', 'ejected', 'awaited'] as const) {
      if (change.kind === FLAGS[flag][0]) flags[flag] = true;
      if (change.kind === FLAGS[flag][1]) flags[flag] = false;
    }
    order = ORDERS[change.kind] ?? order;
    const state = stateOf(flags, order);
    if (state !== steps.at(-1)!.state) steps.push({ at: timeOf(change), state, change });
  }
  return steps;
}

/** Whether a node had a flag before the first change that says something of it: what is taken back was there. */
function before(flag: Flag, changes: Change[]): boolean {
  const [on, off] = FLAGS[flag];
  return changes.find(({ kind }) => kind === on || kind === off)?.kind === off;
}

function orderBefore(changes: Change[]): Order {
  const first = changes.find(({ kind }) => kind in ORDERS)?.kind;
  return first === 'drain_ended' || first === 'drained' ? 'draining' : first === 'force_ended' ? 'forced_down' : 'none';
}

/** An operator's word goes before what checks and detection found. */
function stateOf(flags: Record<Flag, boolean>, order: Order): HealthState {
  if (order !== 'none') return order;
  return flags.ejected ? 'ejected' : flags.unhealthy ? 'unhealthy' : flags.awaited ? 'awaited' : 'up';
}

/** What the instances saw together: one state where all that know agree. */
function merge(views: { id: string; steps: Step[] }[], from: number, to: number): Period[] {
  const moments = [...new Set([from, ...views.flatMap(({ steps }) => steps.map(({ at }) => at)).filter((at) => at > from && at < to)])].sort((a, b) => a - b);
  const periods: Period[] = [];
  moments.forEach((at, index) => {
    const seen = views.flatMap(({ id, steps }) => {
      const step = steps.findLast((one) => one.at <= at);
      return step ? [{ instance: id, state: step.state, change: step.change }] : [];
    });
    const states = new Set(seen.map(({ state }) => state));
    const state = states.size === 0 ? 'unknown' : states.size > 1 ? 'partial' : seen[0]!.state;
    const change = seen.map((one) => one.change).reduce<Change | undefined>((latest, one) => (timeOf(one) > timeOf(latest) ? one : latest), undefined);
    const differs = state === 'partial' ? seen.map((one) => ({ instance: one.instance, state: one.state })) : undefined;
    const end = moments[index + 1] ?? to;
    const last = periods.at(-1);
    if (last && last.state === state && state !== 'partial') last.to = end;
    else periods.push({ from: at, to: end, state, ...(differs && { differs }), ...(change && { change }) });
  });
  return periods;
}
