import type { Schemas } from '../api/client';

/** What is stored of each kind of object that has pages, by the kind's name in the API. */
export interface Stored {
  upstreams: Schemas['upstream'];
  routes: Schemas['route'];
  services: Schemas['service'];
  consumers: Schemas['consumer'];
  service_registries: Schemas['service_registry'];
}

/** A kind of object that has a list, a page, a form and a history. */
export type KindName = keyof Stored;

/** Whether objects of a kind belong to a gateway group as a whole; the others belong to a workspace of it. */
export const isOfGroup = (kind: KindName) => kind === 'service_registries';

/** What a kind is called and what is said of it. */
export interface KindWords {
  /** "upstream" */
  one: string;
  title: string;
  about: string;
  create: string;
  empty: string;
  emptyHint: string;
  usedByNobody: string;
  deleteConsequence: string;
  /** What an edit touches of one that no other uses, if it has requests of its own. */
  ownRequests?: string;
  /** What the list can be searched by, if it is not the name alone. */
  search?: string;
}

/** A kind, and how its form sees an object. `E`: what the form edits. */
export interface ObjectKind<K extends KindName = KindName, E extends object = object> {
  name: K;
  words: KindWords;
  /** What a new one begins as. */
  start: E;
  /** An object for the form and for the views as text: without what the server sets. */
  toEntry: (stored: Stored[K]) => E;
  /** What the form sends. */
  toBody: (entry: E) => Stored[K];
  /** A copy without what only the original can have. */
  toCopy?: (entry: E) => E;
}

type Named = { id?: string | number; name?: string; username?: string };

/** What an object is addressed by: a consumer has its name for an id. */
export const idOf = ({ id, username }: Named): string => String(id ?? username);

/** What an object is called. */
export const nameOf = (object: Named): string => object.name ?? idOf(object);

/** `prune` takes out what a form left empty, so that the server's defaults hold. */
export function prune(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prune);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined && member !== null && member !== '')
      // In a plugin's configuration something empty may mean something: its own form leaves out what was not filled.
      .map(([key, member]) => [key, key === 'plugins' ? member : prune(member)]),
  );
}
