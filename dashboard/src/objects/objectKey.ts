import { objectPath } from '../paths';
import type { KindName } from './kinds';
import type { Scope } from './scope';

const WITH_PAGE: readonly string[] = ['upstreams', 'routes', 'services', 'consumers'] satisfies KindName[];

/** An object as its key tells it: of `/apisix/routes/r1` kind `routes` and id `r1`. */
export interface ObjectKey {
  kind: string;
  id: string;
  /** "route r1" */
  text: string;
}

/** Reads a key. */
export function objectOf(key: string): ObjectKey {
  const [kind = '', ...rest] = key.replace(/^\/apisix\//, '').split('/');
  const id = rest.join('/');
  return { kind, id, text: `${kind.replace(/s$/, '').replaceAll('_', ' ')} ${id}` };
}

/** Address of an object's page; undefined for kinds that have none, and where it is not known whose it is. A consumer's credential leads to the consumer. */
export function pageOf(scope: Scope, { kind, id }: ObjectKey): string | undefined {
  return WITH_PAGE.includes(kind) && scope.workspace !== '' ? objectPath(scope, kind as KindName, id.split('/')[0]!) : undefined;
}
