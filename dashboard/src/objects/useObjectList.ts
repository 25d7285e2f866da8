import { useSearchParams } from 'react-router';
import type { KindName } from './kinds';
import { useObjects } from './queries';
import { useScope } from './scope';

/** A kind's list, a page at a time; page and search are in the address. */
export function useObjectList<K extends KindName>(kind: K) {
  const scope = useScope();
  const [address, setAddress] = useSearchParams();
  const search = address.get('search') ?? '';
  const page = Math.max(1, Number(address.get('page')) || 1);
  const show = (next: { search: string; page: number }) =>
    setAddress({ ...(next.search && { search: next.search }), ...(next.page > 1 && { page: String(next.page) }) }, { replace: next.search !== search });
  return { scope, search, page, show, objects: useObjects(kind, scope, page, search) };
}

export type ObjectList<K extends KindName> = ReturnType<typeof useObjectList<K>>;
