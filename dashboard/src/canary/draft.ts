import { missingOf, type Condition } from '../conditions/condition';
import { percentOf, weightsOf, type Canary, type Weights } from './model';

/** What of the requests goes to the new upstream. */
export type Mode = 'share' | 'rule';

/** A canary that is being written. */
export interface Draft {
  upstreamId?: string;
  mode: Mode;
  /** Of a rule; kept while a share is looked at. */
  conditions: Condition[];
  weights: Weights;
}

/** What begins small, in percent. */
const FIRST_SHARE = 1;

/** A canary for the form; a new one begins with a small share. */
export const draftOf = (canary: Canary | undefined): Draft =>
  canary === undefined ? { mode: 'share', conditions: [], weights: weightsOf(FIRST_SHARE) } : { ...canary, mode: canary.conditions.length > 0 ? 'rule' : 'share' };

/** The draft of another mode: nobody wants all requests moved because all that matched were. */
export function withMode(draft: Draft, mode: Mode, stored: Canary | undefined): Draft {
  const before = draftOf(stored);
  return { ...draft, mode, weights: stored !== undefined && before.mode === mode ? before.weights : weightsOf(mode === 'rule' ? 100 : FIRST_SHARE) };
}

/** What keeps a draft from being a canary. */
export interface Missing {
  upstream?: 'none' | 'own';
  conditions: boolean;
}

/** A draft as a canary, or what it lacks. `own`: the id of the upstream that requests go to without a split. */
export function canaryOf({ upstreamId, mode, conditions, weights }: Draft, own: string | undefined): { canary: Canary } | { missing: Missing } {
  const upstream = upstreamId === undefined ? 'none' : upstreamId === own ? 'own' : undefined;
  const lacks = mode === 'rule' && (conditions.length === 0 || conditions.some((condition) => missingOf(condition) !== undefined));
  if (upstreamId === undefined || upstream !== undefined || lacks) return { missing: { ...(upstream && { upstream }), conditions: lacks } };
  return { canary: { upstreamId, conditions: mode === 'rule' ? conditions : [], weights } };
}

/** Whether two drafts ask for the same. */
export const isSame = (one: Draft, other: Draft): boolean =>
  one.upstreamId === other.upstreamId && one.mode === other.mode && percentOf(one.weights) === percentOf(other.weights) && (one.mode === 'share' || JSON.stringify(one.conditions) === JSON.stringify(other.conditions));
