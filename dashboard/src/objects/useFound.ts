import { useEffect, useState } from 'react';
import { idOf, type KindName, type Stored } from './kinds';
import { useObject, useObjects } from './queries';
import type { Scope } from './scope';

/** What was found of a kind. */
export interface Found<K extends KindName> {
  list: Stored[K][];
  /** How many names have it, of which the first are in the list. */
  named: { shown: number; total: number };
  isPending: boolean;
  isFetching: boolean;
}

/** Objects of a kind whose names have what was typed, looked for by the server once a person pauses. */
export function useFound<K extends KindName>(kind: K, scope: Scope, typed: string): Found<K> {
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), 200);
    return () => clearTimeout(timer);
  }, [typed]);
  const { data, isPending, isFetching } = useObjects(kind, scope, 1, search);
  // What has no name, or another one, is found by its id.
  const byId = useObject(kind, scope, /^[\w.-]+$/.test(search) ? search : undefined);
  const named = data?.list ?? [];
  const exact = byId.data && !named.some((object) => idOf(object) === idOf(byId.data.value)) ? [byId.data.value] : [];
  return { list: [...exact, ...named], named: { shown: named.length, total: data?.total ?? named.length }, isPending, isFetching };
}
