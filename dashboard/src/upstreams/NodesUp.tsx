import { Tooltip } from 'antd';
import { LIVE_ROWS } from '../api/live';
import { StateText } from '../components/StateText';
import { strings } from '../strings';
import type { Scope } from '../objects/scope';
import { useNodeCounts, type OwnerKind } from './queries';

/** How many nodes of an upstream are up, of how many. */
export function NodesUp({ scope, id, interval = LIVE_ROWS, kind = 'upstreams' }: { scope: Scope; id: string; interval?: number; kind?: OwnerKind }) {
  const { data, error } = useNodeCounts(scope, id, interval, kind);
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
