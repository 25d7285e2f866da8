import { Tooltip } from 'antd';
import { LIVE_ROWS } from '../api/live';
import { StateText } from '../components/StateText';
import { strings } from '../strings';
import type { Scope } from '../objects/scope';
import { useNodes, type OwnerKind } from './queries';

/** How many nodes of an upstream are up, of how many, where nothing else is shown of them. */
export function NodesUp({ scope, id, interval = LIVE_ROWS, kind = 'upstreams' }: { scope: Scope; id: string; interval?: number; kind?: OwnerKind }) {
  return <NodeCounts nodes={useNodes(scope, id, { size: 1 }, interval, kind)} />;
}

/** How many nodes are up, of how many, as an answer about them tells. */
export function NodeCounts({ nodes: { data, error } }: { nodes: Pick<ReturnType<typeof useNodes>, 'data' | 'error'> }) {
  if (error && !data)
    return (
      <Tooltip title={error.message}>
        <span tabIndex={0}>
          <StateText tone="unknown">{strings.nodes.unknown}</StateText>
        </span>
      </Tooltip>
    );
  if (!data) return <span className="placeholder" />;
  const { total, up = 0 } = data;
  return <StateText tone={up === 0 ? 'bad' : up < total ? 'warning' : 'good'}>{strings.nodes.up(up, total)}</StateText>;
}
