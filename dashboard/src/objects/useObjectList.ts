import { useSearchParams } from 'react-router';
import type { KindName } from './kinds';
import { PAGE_SIZE, useObjects } from './queries';
import { useScope } from './scope';

/** A kind's list, a page at a time; page and search are in the address. `interval`: milliseconds after which it is read again, for what changes by itself. */
export function useObjectList<K extends KindName>(kind: K, interval?: number) {
  const scope = useScope();
  const [address, setAddress] = useSearchParams();
  const search = address.get('search') ?? '';
  const page = Math.max(1, Number(address.get('page')) || 1);
  const show = (next: { search: string; page: number }) =>
    setAddress({ ...(next.search && { search: next.search }), ...(next.page > 1 && { page: String(next.page) }) }, { replace: next.search !== search });
  return { scope, search, page, show, objects: useObjects(kind, scope, page, search, PAGE_SIZE, interval) };
}

export type ObjectList<K extends KindName> = ReturnType<typeof useObjectList<K>>;
