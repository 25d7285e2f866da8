import { Drawer, Skeleton } from 'antd';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { StateText, type Tone } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { strings } from '../strings';
import type { Scope } from '../objects/scope';
import { useTimeline, type NodeChange, type OwnerKind } from './queries';

/** How good a node is after what happened to it. */
const TONES: Record<string, Tone> = {
  unhealthy: 'bad',
  healthy: 'good',
  ejected: 'bad',
  returned: 'good',
  drain_begun: 'off',
  drained: 'off',
  drain_ended: 'good',
  forced_up: 'warning',
  forced_down: 'off',
  force_ended: 'good',
  awaited: 'unknown',
  admitted: 'good',
};

/** What happened to a node, newest first, live. */
export function NodeTimeline({ scope, kind, id, node, onClose }: { scope: Scope; kind: OwnerKind; id: string; node: string; onClose: () => void }) {
  const { data, error, refetch } = useTimeline(scope, id, node, kind);
  return (
    <Drawer open size={520} title={strings.timeline.of(node)} onClose={onClose}>
      {error && <ErrorPanel error={error} retry={() => void refetch()} />}
      {!data ? (
        !error && <Skeleton active />
      ) : data.timeline.length === 0 ? (
        <EmptyState title={strings.timeline.empty} hint={strings.timeline.emptyHint} />
      ) : (
        <ol className="timeline">
          {data.timeline.map((change) => (
            <Change key={[change.at, change.kind, change.instance_id].join()} change={change} />
          ))}
        </ol>
      )}
      {data && data.unknown !== undefined && data.unknown.length > 0 && <p className="secondary">{strings.timeline.unknown(data.unknown.join(', '))}</p>}
      {data && data.total >= data.kept_max && <p className="secondary">{strings.timeline.kept(data.kept_max)}</p>}
    </Drawer>
  );
}

function Change({ change }: { change: NodeChange }) {
  return (
    <li>
      <div className="timeline-head">
        <StateText tone={TONES[change.kind] ?? 'unknown'}>{strings.timeline.kinds[change.kind] ?? change.kind.replaceAll('_', ' ')}</StateText>
        <span className="secondary">
          <TimeText at={change.at} />
        </span>
      </div>
      <div className="wrap">{change.reason}</div>
      <div className="secondary numbers">
        {[new Date(change.at).toLocaleString(), strings.nodes.by(change.source), change.instance_id !== undefined && strings.timeline.seenBy(change.instance_id)].filter(Boolean).join(' · ')}
      </div>
    </li>
  );
}
