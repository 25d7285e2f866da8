import { Link } from 'react-router';
import { nameOf } from '../objects/kinds';
import { useObject } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { objectPath } from '../paths';
import { strings } from '../strings';

/** The name of an upstream, by its owner: `upstreams/1`, `routes/7`, `routes/7/traffic-split/0/1`. */
export function useOwnerName(scope: Scope, owner: string | undefined): string {
  const [kind, id, , rule] = owner?.split('/') ?? [];
  const upstream = useObject('upstreams', scope, kind === 'upstreams' ? id : undefined);
  if (owner === undefined) return strings.canary.nowhere;
  if (rule !== undefined) return strings.canary.inline(Number(rule) + 1);
  if (kind === 'upstreams') return upstream.data ? nameOf(upstream.data.value) : id!;
  return strings.canary.ownOf[kind === 'routes' ? 'routes' : 'services'];
}

/** An upstream, and the way to it if it is an object of its own. */
export function OwnerText({ scope, owner }: { scope: Scope; owner?: string }) {
  const name = useOwnerName(scope, owner);
  const [kind, id] = owner?.split('/') ?? [];
  return kind === 'upstreams' ? <Link to={objectPath(scope, 'upstreams', id!)}>{name}</Link> : <span className="secondary">{name}</span>;
}
