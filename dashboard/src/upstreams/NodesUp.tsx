import { Tooltip } from 'antd';
import { LIVE_ROWS } from '../api/live';
import { StateText } from '../components/StateText';
import { strings } from '../strings';
import type { Scope } from '../objects/scope';
import { useNodes, type OwnerKind } from './queries';

/** How many nodes of an upstream are up, of how many. */
export function NodesUp({ scope, id, interval = LIVE_ROWS, kind = 'upstreams' }: { scope: Scope; id: string; interval?: number; kind?: OwnerKind }) {
  const { data, error } = useNodes(scope, id, interval, kind);
  if (error && !data)
    return (
      <Tooltip title={error.message}>
        <span tabIndex={0}>
          <StateText tone="unknown">{strings.nodes.unknown}</StateText>
        </span>
      </Tooltip>
    );
  if (!data) return <span className="placeholder" />;
  const up = data.nodes.filter(({ state }) => state === 'up').length;
  return <StateText tone={data.total === 0 || up === 0 ? 'bad' : up < data.total ? 'warning' : 'good'}>{strings.nodes.up(up, data.total)}</StateText>;
}
