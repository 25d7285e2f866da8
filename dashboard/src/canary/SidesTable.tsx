import { Table, type TableColumnsType } from 'antd';
import { LIVE } from '../api/live';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { FailureRate } from '../upstreams/FailureRate';
import { NodesUp } from '../upstreams/NodesUp';
import { OwnerText } from './OwnerText';
import { askedText } from './shareText';
import type { LiveSide } from './useSides';

const numbers = { align: 'right', className: 'numbers' } as const;

/** Where requests go, live: what was asked for each side, and what it gets. */
export function SidesTable({ scope, sides }: { scope: Scope; sides?: LiveSide[] }) {
  const words = strings.canary;
  const columns: TableColumnsType<LiveSide> = [
    { title: words.side, key: 'side', render: (_, { isOwn }) => <strong>{isOwn ? words.old : words.new}</strong> },
    { title: words.upstream, key: 'upstream', className: 'wrap', render: (_, { owner }) => <OwnerText scope={scope} owner={owner} /> },
    { title: words.nodes, key: 'nodes', render: (_, { owner }) => <SideNodes scope={scope} owner={owner} /> },
    { title: words.asked, key: 'asked', ...numbers, render: (_, side) => askedText(side) },
    { title: words.actual, key: 'actual', ...numbers, width: 74, render: (_, { actual }) => <strong>{actual === undefined ? strings.common.none : strings.share(actual)}</strong> },
    { title: strings.traffic.requests, key: 'requests', ...numbers, render: (_, { figures }) => strings.rate(figures?.requests) },
    { title: strings.traffic.failures, key: 'failures', ...numbers, width: 124, render: (_, { figures }) => <FailureRate rate={figures} /> },
    { title: strings.charts.p50, key: 'p50', ...numbers, width: 74, render: (_, { figures }) => millisecondsText(figures?.latency?.p50) },
    { title: strings.charts.p99, key: 'p99', ...numbers, width: 74, render: (_, { figures }) => millisecondsText(figures?.latency?.p99) },
  ];
  return (
    <Table<LiveSide>
      rowKey={({ owner, isOwn }) => `${isOwn} ${owner}`}
      columns={columns}
      dataSource={sides}
      loading={sides === undefined}
      // Nine columns fit a narrow page.
      size="middle"
      pagination={false}
      className="panel"
      scroll={{ x: 'max-content' }}
      locale={{ emptyText: <span className="table-space" /> }}
    />
  );
}

const millisecondsText = (value: number | undefined) => (value === undefined ? strings.common.none : strings.milliseconds(value));

function SideNodes({ scope, owner }: { scope: Scope; owner?: string }) {
  const [kind, id, inside] = owner?.split('/') ?? [];
  // What is written inside a plugin has no nodes that can be asked for.
  if (id === undefined || inside !== undefined) return strings.common.none;
  return <NodesUp scope={scope} id={id} interval={LIVE} kind={kind === 'routes' || kind === 'services' ? kind : 'upstreams'} />;
}
