import { Table, type TableColumnsType } from 'antd';
import { strings } from '../../strings';
import type { NodeHistory, Period } from './history';
import { durationOf, stateText } from './words';

type Row = Period & { node: string };

/** When nodes were not simply up, newest first: what the bars show, in words. */
export function HealthTable({ histories, to }: { histories: NodeHistory[]; to: number }) {
  const rows = histories
    .flatMap(({ node, periods }) => periods.map<Row>((period) => ({ ...period, node })))
    .filter(({ state }) => state !== 'up' && state !== 'unknown')
    .sort((a, b) => b.from - a.from);
  const columns: TableColumnsType<Row> = [
    { title: strings.nodes.node, dataIndex: 'node', className: 'numbers' },
    { title: strings.nodes.stateTitle, key: 'state', render: (_, row) => stateText(row) },
    { title: strings.health.from, dataIndex: 'from', className: 'numbers', render: (from: number) => new Date(from).toLocaleString() },
    { title: strings.health.for, key: 'for', align: 'right', className: 'numbers', render: (_, row) => [durationOf(row), row.to === to ? strings.health.still : ''].filter(Boolean).join(', ') },
    { title: strings.health.why, key: 'why', className: 'wrap', render: (_, { change }) => change && `${change.reason} (${strings.nodes.by(change.source)})` },
  ];
  return (
    <Table
      rowKey={({ node, from }) => `${node} ${from}`}
      columns={columns}
      dataSource={rows}
      className="panel"
      pagination={{ pageSize: 20, showSizeChanger: false, hideOnSinglePage: true, showTotal: (total, [first, last]) => strings.common.range(first, last, total) }}
    />
  );
}
