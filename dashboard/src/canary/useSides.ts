import type { Schemas } from '../api/client';
import { LIVE } from '../api/live';
import { idOf } from '../objects/kinds';
import type { Scope } from '../objects/scope';
import type { Rate } from '../upstreams/traffic';
import { isOff, ownOwner, rulesOf, sidesOf, splitOf, type Rule, type Side, type SplitConfig, type SplitKind, type Splittable } from './model';
import { useServiceOf, useSideRates, useSplitRoutes, type SplitRoutes } from './queries';

/** A side, and what it gets. */
export interface LiveSide extends Side {
  figures?: Rate;
  /** Its part of all requests, as it is; none where nothing goes, or nobody knows. */
  actual?: number;
}

/** A route's or a service's split, as it is stored and as it is lived. */
export interface Sides {
  /** None until it is known where the old side is. */
  sides?: LiveSide[];
  config?: SplitConfig;
  rules: Rule[];
  own?: string;
  service?: Schemas['service'];
  routes: SplitRoutes;
  /** When the figures were told, or could not be: milliseconds of Unix time; 0 = not yet. */
  at: number;
}

/** All that an object's requests go to, live. */
export function useSides(scope: Scope, kind: SplitKind, object: Splittable, interval: number = LIVE): Sides {
  const id = idOf(object);
  const { service, isReady } = useServiceOf(scope, object);
  const routes = useSplitRoutes(scope, kind, id);
  const config = splitOf(object);
  const own = ownOwner(kind, object, service);
  const rules = rulesOf(config, `${kind}/${id}`);
  const sides = sidesOf(config && isOff(config) ? [] : rules, own);
  const rates = useSideRates(
    scope,
    sides.flatMap(({ owner }) => (owner === undefined ? [] : [owner.split('/').slice(0, 2).join('/')])),
    routes,
    interval,
  );
  const live = sides.map((side) => ({ ...side, figures: side.owner === undefined ? undefined : rates.of(side.owner) }));
  const sum = live.reduce((requests, { figures }) => requests + (figures?.requests ?? 0), 0);
  return {
    ...(isReady && { sides: live.map((side) => ({ ...side, ...(side.figures && sum > 0 && { actual: side.figures.requests / sum }) })) }),
    ...(config && { config }),
    rules,
    ...(own !== undefined && { own }),
    ...(service && { service }),
    routes,
    at: rates.at,
  };
}
