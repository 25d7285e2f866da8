import { strings } from '../strings';
import type { LiveSide } from './useSides';

/** A share as one reads it; none = nobody knows. */
export const shareText = (share: number | undefined): string => (share === undefined ? strings.common.none : strings.canary.percent(share * 100));

/** The share of the requests that was asked for a side. */
export function askedText({ asked, of, isOwn }: LiveSide): string {
  if (of === 'rest' && isOwn) return strings.canary.rest;
  if (asked === undefined) return strings.canary.byRules;
  return of === 'taken' ? strings.canary.ofTaken(shareText(asked)) : shareText(asked);
}
