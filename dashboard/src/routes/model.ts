import type { Schemas } from '../api/client';
import type { ObjectKind } from '../objects/kinds';
import { strings } from '../strings';
import { pruneTarget, toTargetEntry } from '../targets/target';
import type { UpstreamEntry } from '../upstreams/model';

export type Route = Schemas['route'];

/** A route as the form edits it. */
export type RouteEntry = Omit<Route, 'upstream'> & { upstream?: UpstreamEntry };

/** Routes among the kinds of objects. */
export const routeKind: ObjectKind<'routes', RouteEntry> = {
  name: 'routes',
  words: strings.routes,
  start: {},
  toEntry: toTargetEntry,
  toBody: (entry) => pruneTarget(entry) as Route,
};

/** The texts of a member that is written as a list or, in the singular, as a lone text. */
export const textsOf = (many?: unknown[], lone?: unknown): string[] => (many ?? (lone === undefined ? [] : [lone])).map(String);

export const pathsOf = ({ uri, uris }: Route) => textsOf(uris, uri);
export const hostsOf = ({ host, hosts }: Route) => textsOf(hosts, host);

/** Whether a route takes requests at all. */
export const isEnabled = ({ status }: Route) => status !== 0;
