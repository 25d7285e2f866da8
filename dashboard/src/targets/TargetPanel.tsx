import { Skeleton } from 'antd';
import { LIVE } from '../api/live';
import { ErrorPanel } from '../components/ErrorPanel';
import { useObject } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { NodesTable } from '../upstreams/NodesTable';
import { NodesUp } from '../upstreams/NodesUp';
import type { OwnerKind } from '../upstreams/queries';
import type { Target } from './target';
import { NamedLink } from './TargetText';

interface TargetPanelProps {
  scope: Scope;
  /** Which object says it. */
  kind: OwnerKind;
  id: string;
  target: Target;
}

/** Where the requests of an object go: the upstream and how its nodes are, or nodes of its own, live. */
export function TargetPanel({ scope, kind, id, target: { upstream_id, upstream, service_id } }: TargetPanelProps) {
  if (upstream_id !== undefined)
    return (
      <div className="panel panel-padded figures">
        <NamedLink scope={scope} kind="upstreams" id={String(upstream_id)} />
        <NodesUp scope={scope} id={String(upstream_id)} interval={LIVE} />
      </div>
    );
  if (upstream !== undefined) return <NodesTable scope={scope} kind={kind} id={id} />;
  if (service_id !== undefined) return <OfService scope={scope} id={String(service_id)} />;
  return <div className="panel panel-padded">{strings.targets.nowhere}</div>;
}

function OfService({ scope, id }: { scope: Scope; id: string }) {
  const service = useObject('services', scope, id);
  if (service.error) return <ErrorPanel error={service.error} retry={() => void service.refetch()} />;
  if (!service.data) return <Skeleton active className="panel" />;
  const { upstream_id, upstream } = service.data.value;
  if (upstream_id === undefined && upstream === undefined) return <div className="panel panel-padded">{strings.targets.serviceHasNone}</div>;
  return <TargetPanel scope={scope} kind="services" id={id} target={{ upstream_id, upstream }} />;
}
