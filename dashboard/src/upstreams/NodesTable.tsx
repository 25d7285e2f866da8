import { Button, Dropdown, Space, Table, type TableColumnsType } from 'antd';
import { DownOutlined, HistoryOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { LIVE } from '../api/live';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { pagingOf } from '../components/paging';
import { actionsColumn } from '../components/rowActions';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { FailureRate } from './FailureRate';
import { NodeSearch, SEARCHED_FROM } from './NodeSearch';
import { NodeOrder, type Order } from './NodeOrder';
import { nodeState } from './nodeState';
import { NodeTimeline } from './NodeTimeline';
import type { Scope } from '../objects/scope';
import { NODES_PAGE, useNodes, useOverrides, type NodeChoice, type Override, type OwnerKind, type UpstreamNode } from './queries';
import { useNodeRates } from './traffic';

interface NodesTableProps {
  scope: Scope;
  id: string;
  /** What the upstream stands in, if not in itself. */
  kind?: OwnerKind;
  /** Whether the registry no longer tells of a node that stays in use for now. */
  isHeld?: (node: UpstreamNode) => boolean;
  /** Edits a node that is written where one may write; undefined for nodes that are not. */
  editOf?: (node: UpstreamNode) => ((kind: 'weight' | 'remove') => void) | undefined;
}

/** The nodes of an upstream, live, and what an operator can do with each. */
export function NodesTable({ scope, id, kind = 'upstreams', isHeld = () => false, editOf }: NodesTableProps) {
  const [choice, setChoice] = useState<NodeChoice>({});
  const nodes = useNodes(scope, id, choice, LIVE, kind);
  const isSearched = choice.search !== undefined || choice.state !== undefined;
  const total = nodes.data?.total ?? 0;
  const overrides = useOverrides(scope, id, kind);
  const rates = useNodeRates(scope, id, kind);
  const mayAct = useMay('operator', scope.group, scope.workspace);
  const [told, setTold] = useState<string>();
  const [order, setOrder] = useState<{ node: string; order: Order }>();
  const overrideOf = (node: UpstreamNode) => overrides.data?.find(({ host, port }) => host.toLowerCase() === node.host.toLowerCase() && port === node.port);

  const columns: TableColumnsType<UpstreamNode> = [
    { title: strings.nodes.node, dataIndex: 'node', className: 'address', render: (_, node) => <Address node={node} /> },
    { title: strings.nodes.stateTitle, key: 'state', className: 'node-state', render: (_, node) => <State node={node} checked={nodes.data?.checked ?? false} override={overrideOf(node)} isHeld={isHeld(node)} /> },
    { title: strings.nodes.weight, dataIndex: 'weight', align: 'right', width: 80, responsive: ['lg'], className: 'numbers' },
    { title: strings.nodes.priority, dataIndex: 'priority', align: 'right', width: 80, responsive: ['lg'], className: 'numbers', hidden: !nodes.data?.nodes.some(({ priority }) => priority !== 0) },
    { title: strings.nodes.inFlight, dataIndex: 'in_flight', align: 'right', width: 90, responsive: ['lg'], className: 'numbers' },
    { title: strings.traffic.requests, key: 'requests', align: 'right', width: 100, className: 'numbers', render: (_, { node }) => strings.rate(rates.of(node)?.requests) },
    { title: strings.traffic.failures, key: 'failures', align: 'right', width: 130, render: (_, { node }) => <FailureRate rate={rates.of(node)} /> },
    { title: strings.nodes.latency, key: 'latency', align: 'right', width: 100, className: 'numbers', render: (_, { latency_ms }) => (latency_ms === null ? strings.common.none : strings.milliseconds(latency_ms)) },
    actionsColumn({
      width: mayAct ? 150 : 60,
      render: (node) => (
        <Space size={4}>
          <Button size="small" type="text" icon={<HistoryOutlined />} aria-label={strings.timeline.of(node.node)} title={strings.timeline.open} onClick={() => setTold(node.node)} />
          {mayAct && (
            <Actions node={node} hasOverride={overrideOf(node) !== undefined || node.forced_up || node.state === 'out'} onOrder={(chosen) => setOrder({ node: node.node, order: chosen })} onEdit={editOf?.(node)} />
          )}
        </Space>
      ),
    }),
  ];

  if (nodes.error && !nodes.data) return <ErrorPanel error={nodes.error} retry={() => void nodes.refetch()} />;
  return (
    <>
      {nodes.error && <ErrorPanel error={nodes.error} retry={() => void nodes.refetch()} />}
      {(isSearched || total > SEARCHED_FROM) && <NodeSearch choice={choice} onChoose={setChoice} />}
      {nodes.data && total === 0 && !isSearched ? (
        <EmptyState title={strings.nodes.empty} hint={strings.nodes.emptyHint} />
      ) : (
        <Table
          rowKey="node"
          columns={columns}
          dataSource={nodes.data?.nodes}
          loading={nodes.isPending}
          className="panel"
          pagination={pagingOf(choice.page ?? 1, NODES_PAGE, total, (page) => setChoice({ ...choice, page }))}
          locale={{ emptyText: nodes.data ? strings.nodes.noMatch : <span className="table-space" /> }}
        />
      )}
      {told !== undefined && <NodeTimeline scope={scope} kind={kind} id={id} node={told} onClose={() => setTold(undefined)} />}
      {order && <NodeOrder scope={scope} kind={kind} id={id} node={order.node} order={order.order} onClose={() => setOrder(undefined)} />}
    </>
  );
}

function Address({ node }: { node: UpstreamNode }) {
  const resolved = node.endpoints.filter((endpoint) => endpoint !== node.node);
  return (
    <div className="name-and-id">
      <span className="numbers">{node.node}</span>
      {resolved.length > 0 && <span className="secondary numbers">{resolved.join(', ')}</span>}
    </div>
  );
}

function State({ node, checked, override, isHeld }: { node: UpstreamNode; checked: boolean; override?: Override; isHeld: boolean }) {
  const { tone, text, reason } = nodeState(node, checked, override);
  return (
    <div className="name-and-id">
      <StateText tone={tone}>{text}</StateText>
      {(reason !== undefined || node.last_change) && (
        <span className="secondary">
          {reason} {node.last_change && <TimeText at={node.last_change.at} />}
        </span>
      )}
      {isHeld && (
        <>
          <StateText tone="warning">{strings.registries.held.node}</StateText>
          <span className="secondary">{strings.registries.held.nodeWhy}</span>
        </>
      )}
      {override?.kind === 'drain' && !override.drained && override.deadline_left !== undefined && (
        <span className="secondary numbers">{strings.nodes.cutOffIn(Math.ceil(override.deadline_left))}</span>
      )}
    </div>
  );
}

interface ActionsProps {
  node: UpstreamNode;
  hasOverride: boolean;
  onOrder: (order: Order) => void;
  onEdit?: (kind: 'weight' | 'remove') => void;
}

function Actions({ node, hasOverride, onOrder, onEdit }: ActionsProps) {
  const words = strings.nodes.orders;
  const { nodeEdits } = strings.upstreams;
  const orders: Order[] = ['drain', 'force_up', 'force_down', ...(hasOverride ? (['release'] as const) : [])];
  return (
    <Dropdown
      trigger={['click']}
      menu={{
        items: [
          ...orders.map((key) => ({ key, label: words[key].menu, onClick: () => onOrder(key) })),
          ...(onEdit
            ? [
                { type: 'divider' as const },
                { key: 'weight', label: nodeEdits.weightMenu, onClick: () => onEdit('weight') },
                { key: 'remove', label: nodeEdits.removeMenu, danger: true, onClick: () => onEdit('remove') },
              ]
            : []),
        ],
      }}
    >
      <Button size="small" icon={<DownOutlined />} iconPlacement="end" aria-label={strings.nodes.actionsOf(node.node)}>
        {strings.common.actions}
      </Button>
    </Dropdown>
  );
}
