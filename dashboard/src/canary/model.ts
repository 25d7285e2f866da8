import type { Schemas } from '../api/client';
import { readConditions, writeCondition, type Condition } from '../conditions/condition';
import { idOf } from '../objects/kinds';

/** The plugin that splits. */
export const PLUGIN = 'traffic-split';

/** Kinds of objects whose requests can be split here. */
export type SplitKind = 'routes' | 'services';

/** A route or a service. */
export type Splittable = Schemas['route'] | Schemas['service'];

/** The plugin's configuration, as it is stored: whatever the page knows of it. */
export type SplitConfig = Record<string, unknown>;

/** Where a rule sends requests. */
export interface Target {
  /** Of an upstream that is an object. */
  upstreamId?: string;
  /** Who has the upstream, by the name that traffic has for it: `upstreams/1`, `routes/7/traffic-split/0/1`; none = the object's own. */
  owner?: string;
  weight: number;
  /** Its part of the requests that the rule takes, 0 to 1. */
  share: number;
}

/** A rule as it acts. */
export interface Rule {
  /** All of them have to hold; none = it takes every request. A text: the conditions as JSON, where they say more than that. */
  conditions: Condition[] | string;
  targets: Target[];
}

/** One new upstream beside the own one: what the page edits. */
export interface Canary {
  upstreamId: string;
  /** All of them have to hold; none = every request. */
  conditions: Condition[];
  weights: Weights;
}

/** Turns of the new upstream, and of the own one. */
export interface Weights {
  next: number;
  own: number;
}

/** Why the page shows a split and does not edit it. */
export type Reason = 'rules' | 'upstreams' | 'inline' | 'conditions' | 'own' | 'twice';

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null && !Array.isArray(value);

// A Lua client writes an empty list as {}.
const items = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** The plugin's configuration at an object; undefined = it has none. */
export function splitOf({ plugins }: { plugins?: object }): SplitConfig | undefined {
  const config: unknown = plugins && Object.entries(plugins).find(([name]) => name === PLUGIN)?.[1];
  return isObject(config) ? config : undefined;
}

/** Whether a configuration is switched off. */
export const isOff = (config: SplitConfig): boolean => isObject(config._meta) && config._meta.disable === true;

/** Who has the upstream that an object's requests go to when nothing splits them; undefined = it has none. */
export function ownOwner(kind: SplitKind, object: Splittable, service?: Schemas['service']): string | undefined {
  if (object.upstream_id !== undefined) return `upstreams/${object.upstream_id}`;
  if (object.upstream !== undefined) return `${kind}/${idOf(object)}`;
  return service && ownOwner('services', service);
}

/** The rules of a split as they act. `place`: who has it, as in `routes/7`. */
export const rulesOf = (config: SplitConfig | undefined, place: string): Rule[] => items(config?.rules).map((rule, at) => ({ conditions: conditionsOf(rule), targets: targetsOf(rule, `${place}/${PLUGIN}/${at}`) }));

function targetsOf(rule: Record<string, unknown>, place: string): Target[] {
  const byOwner = new Map<string | undefined, Target>();
  entriesOf(rule).forEach((entry, at) => {
    const upstreamId = entry.upstream_id === undefined ? undefined : String(entry.upstream_id);
    const owner = upstreamId !== undefined ? `upstreams/${upstreamId}` : entry.upstream === undefined ? undefined : `${place}/${at}`;
    // Of several with one upstream the last counts.
    byOwner.set(owner, { ...(upstreamId !== undefined && { upstreamId }), ...(owner !== undefined && { owner }), weight: weightOf(entry), share: 0 });
  });
  const targets = [...byOwner.values()];
  const sum = targets.reduce((weights, { weight }) => weights + weight, 0);
  // Where all weights are 0 they count as equal.
  return targets.map((target) => ({ ...target, share: sum === 0 ? 1 / targets.length : target.weight / sum }));
}

/** Without any, a rule leaves its requests where they would go. */
function entriesOf({ weighted_upstreams }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(weighted_upstreams) ? items(weighted_upstreams) : [{}];
}

const weightOf = ({ weight }: Record<string, unknown>): number => (typeof weight === 'number' ? weight : 1);

function conditionsOf({ match }: Record<string, unknown>): Condition[] | string {
  const alternatives = items(match);
  if (alternatives.length === 0) return [];
  const read = alternatives.length === 1 ? readConditions(alternatives[0]!.vars) : undefined;
  return read?.length ? read : JSON.stringify(match);
}

/** What the page can edit of a split: nothing at all where nothing is split yet, and otherwise a canary or the reason why it is none. */
export function readCanary(config: SplitConfig | undefined): { canary?: Canary; reason?: Reason } {
  const rules = items(config?.rules);
  const rule = rules[0];
  if (rule === undefined) return {};
  if (rules.length > 1) return { reason: 'rules' };
  const conditions = conditionsOf(rule);
  if (typeof conditions === 'string') return { reason: 'conditions' };
  const entries = entriesOf(rule);
  if (entries.some(({ upstream }) => upstream !== undefined)) return { reason: 'inline' };
  const others = entries.filter(({ upstream_id }) => upstream_id !== undefined);
  const own = entries.filter(({ upstream_id }) => upstream_id === undefined);
  if (others.length === 0) return { reason: 'own' };
  if (new Set(others.map(({ upstream_id }) => String(upstream_id))).size > 1) return { reason: 'upstreams' };
  if (others.length > 1 || own.length > 1) return { reason: 'twice' };
  const next = weightOf(others[0]!);
  // Alone, an upstream gets everything, even with weight 0.
  return { canary: { upstreamId: String(others[0]!.upstream_id), conditions, weights: own[0] ? { next, own: weightOf(own[0]) } : { next: next || 1, own: 0 } } };
}

/** A split with a canary in it. What the canary leaves as it was stays as it was written, and so does all that it says nothing of. */
export function writeCanary(config: SplitConfig | undefined, canary: Canary): SplitConfig {
  const { canary: before } = readCanary(config);
  const { match, ...rule } = before ? items(config?.rules)[0]! : {};
  const keepsMatch = before !== undefined && same(before.conditions, canary.conditions);
  const keepsTargets = before !== undefined && before.upstreamId === canary.upstreamId && same(before.weights, canary.weights);
  const written = {
    ...rule,
    ...(keepsMatch ? match !== undefined && { match } : canary.conditions.length > 0 && { match: [{ vars: canary.conditions.map(writeCondition) }] }),
    ...(!keepsTargets && { weighted_upstreams: writeTargets(before ? entriesOf(rule) : [], canary) }),
  };
  return { ...config, rules: [written] };
}

function writeTargets(before: Record<string, unknown>[], { upstreamId, weights }: Canary): Record<string, unknown>[] {
  const next = { upstream_id: upstreamId, weight: weights.next };
  const own = { weight: weights.own };
  if (before.length === 0) return [next, own];
  const written = before.map((entry) => (entry.upstream_id === undefined ? own : next));
  return written.includes(own) || weights.own === 0 ? written : [...written, own];
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** The finest share, in percent. */
export const FINEST = 0.01;

/** The smallest weights for a share in percent, which counts to two decimals. */
export function weightsOf(percent: number): Weights {
  const share = Math.round(Math.min(Math.max(percent, 0), 100) / FINEST);
  const unit = [100, 10, 1].find((size) => share % size === 0)!;
  return { next: share / unit, own: (10_000 - share) / unit };
}

/** The share in percent that weights make; two that are 0 count as equal. */
export const percentOf = ({ next, own }: Weights): number => (next + own === 0 ? 50 : (next * 100) / (next + own));

/** The change that makes the rules those of a configuration, and leaves all else as it is, what stands beside the rules included. */
export const patchOfRules = ({ rules }: SplitConfig): object => ({ plugins: { [PLUGIN]: { rules } } });

/** The change that takes the split away. */
export const patchOfReturn = (): object => ({ plugins: { [PLUGIN]: null } });

/** The change that makes the new upstream the object's own, in one write: the split goes, and so does an upstream that is written in the object. */
export const patchOfRelease = (object: Splittable, upstreamId: string): object => ({
  upstream_id: upstreamId,
  ...(object.upstream !== undefined && { upstream: null }),
  ...patchOfReturn(),
});

/** One of those that requests go to. */
export interface Side {
  /** As a {@link Target} has it; none = the object's own upstream, and that it has none. */
  owner?: string;
  isOwn: boolean;
  /** What was asked for, 0 to 1; none = rules decide, each for its own requests. */
  asked?: number;
  /** Of which requests that is: all, those that the one rule takes, or the rest beside them. */
  of: 'all' | 'taken' | 'rest';
}

/** All that an object's requests go to, its own upstream first. */
export function sidesOf(rules: Rule[], own: string | undefined): Side[] {
  const last = rules.findIndex(({ conditions }) => conditions.length === 0);
  // Behind a rule that takes every request no other is looked at.
  const acting = last < 0 ? rules : rules.slice(0, last + 1);
  const ownerOf = (target: Target) => target.owner ?? own;
  const others = [...new Set(acting.flatMap(({ targets }) => targets.map(ownerOf)))].filter((owner) => owner !== own);
  const only = acting.length === 1 ? acting[0]! : undefined;
  const askedOf = (owner: string | undefined) => only?.targets.filter((target) => ownerOf(target) === owner).reduce((sum, { share }) => sum + share, 0);
  const of = only === undefined || last >= 0 ? 'all' : 'taken';
  return [
    { isOwn: true, ...(own !== undefined && { owner: own }), ...(acting.length === 0 ? { asked: 1, of: 'all' } : of === 'taken' ? { of: 'rest' } : { asked: askedOf(own), of }) },
    ...others.map((owner): Side => ({ isOwn: false, owner, asked: askedOf(owner), of })),
  ];
}
