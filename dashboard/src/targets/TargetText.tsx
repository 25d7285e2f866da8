import { Link } from 'react-router';
import { nameOf } from '../objects/kinds';
import { useObject } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { objectPath } from '../paths';
import { strings } from '../strings';
import { addressesOf, type Target } from './target';

const words = strings.targets;

/** Where requests go, in a row: an upstream or a service with the way to it, or nodes of its own. */
export function TargetText({ scope, target: { upstream_id, upstream, service_id } }: { scope: Scope; target: Target }) {
  return (
    <div className="name-and-id">
      {upstream_id !== undefined && <NamedLink scope={scope} kind="upstreams" id={String(upstream_id)} />}
      {upstream_id === undefined && upstream !== undefined && (
        <>
          <span>{words.ownNodes}</span>
          <span className="secondary">{addressesOf(upstream)}</span>
        </>
      )}
      {service_id !== undefined && <NamedLink scope={scope} kind="services" id={String(service_id)} />}
      {[upstream_id, upstream, service_id].every((member) => member === undefined) && <span className="secondary">{words.nowhere}</span>}
    </div>
  );
}

/** An object by its name, and the way to it. */
export function NamedLink({ scope, kind, id }: { scope: Scope; kind: 'upstreams' | 'services'; id: string }) {
  const { data } = useObject(kind, scope, id);
  return (
    <span>
      <span className="secondary">{strings[kind].one} </span>
      <Link to={objectPath(scope, kind, id)}>{data ? nameOf(data.value) : id}</Link>
    </span>
  );
}
