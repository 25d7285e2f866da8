import type { TableColumnsType } from 'antd';
import { TwoLines } from '../components/TwoLines';
import { idOf } from '../objects/kinds';
import { ObjectsPage } from '../objects/ObjectsPage';
import { useAffected } from '../objects/queries';
import { useObjectList } from '../objects/useObjectList';
import { strings } from '../strings';
import { FailureRate } from './FailureRate';
import { nodeList, upstreamKind } from './model';
import { NodesUp } from './NodesUp';
import type { Upstream } from './queries';
import { useUpstreamRates, type Rate } from './traffic';

/** The upstreams of a workspace, each with how its nodes are and what it gets. */
export function UpstreamsPage() {
  const list = useObjectList('upstreams');
  const rates = useUpstreamRates(list.scope, list.objects.data?.list.map(idOf) ?? []);
  const affected = useAffected('upstreams', list.scope, list.objects.data?.list.map(idOf) ?? []);
  const columns: TableColumnsType<Upstream> = [
    { title: strings.upstreams.balancing, key: 'type', width: 170, responsive: ['lg'], render: (_, { type }) => strings.upstreams.types[type ?? 'roundrobin'].name },
    { title: strings.upstreams.nodes, key: 'nodes', width: 170, responsive: ['lg'], render: (_, upstream) => <Nodes upstream={upstream} /> },
    { title: strings.upstreams.live, key: 'live', width: 130, render: (_, upstream) => <NodesUp scope={list.scope} id={idOf(upstream)} /> },
    { title: strings.traffic.requests, key: 'requests', width: 110, align: 'right', className: 'numbers', render: (_, upstream) => strings.rate(rates.of(idOf(upstream))?.requests) },
    { title: strings.traffic.failures, key: 'failures', width: 140, align: 'right', render: (_, upstream) => <FailureRate rate={rates.of(idOf(upstream))} /> },
    { title: strings.charts.p99, key: 'p99', width: 90, align: 'right', className: 'numbers', render: (_, upstream) => <P99 rate={rates.of(idOf(upstream))} /> },
    { title: strings.objects.usedBy, key: 'used-by', width: 120, responsive: ['lg'], render: (_, upstream) => strings.objects.users(affected.data?.get(idOf(upstream))?.totals) },
  ];
  return <ObjectsPage kind={upstreamKind} list={list} columns={columns} />;
}

function P99({ rate }: { rate?: Rate }) {
  return <span title={strings.charts.latencyHint}>{rate?.latency ? strings.milliseconds(rate.latency.p99) : strings.common.none}</span>;
}

function Nodes({ upstream }: { upstream: Upstream }) {
  const nodes = nodeList(upstream.nodes) ?? [];
  if (upstream.service_name !== undefined && nodes.length === 0)
    return <TwoLines first={upstream.service_name} second={strings.upstreams.fromRegistry(upstream.discovery_type ?? '')} />;
  return (
    <div className="name-and-id">
      <span className="numbers">{strings.upstreams.nodeCount(nodes.length)}</span>
      {nodes[0] && <span className="secondary">{[`${nodes[0].host}${nodes[0].port ? ':' + nodes[0].port : ''}`, ...(nodes.length > 1 ? ['…'] : [])].join(', ')}</span>}
    </div>
  );
}
