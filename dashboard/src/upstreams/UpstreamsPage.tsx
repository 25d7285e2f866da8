import { DeleteOutlined, PlusOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Input, Space, Table, type TableColumnsType } from 'antd';
import { useEffect, useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { newUpstreamPath, upstreamPath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { DeleteUpstream } from './DeleteUpstream';
import { FailureRate } from './FailureRate';
import { nodeList } from './model';
import { NodesUp } from './NodesUp';
import { PAGE_SIZE, useUpstreams, type Upstream } from './queries';
import { useUpstreamRates } from './traffic';
import { useScope } from './useScope';

/** The upstreams of a workspace, a page at a time; page and search are in the address. */
export function UpstreamsPage() {
  const scope = useScope();
  const [address, setAddress] = useSearchParams();
  const navigate = useNavigate();
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const search = address.get('search') ?? '';
  const page = Math.max(1, Number(address.get('page')) || 1);
  const upstreams = useUpstreams(scope, page, search);
  const rates = useUpstreamRates(scope, upstreams.data?.list.map(({ id }) => String(id)) ?? []);
  const [deleted, setDeleted] = useState<Upstream>();
  const show = (next: { search: string; page: number }) =>
    setAddress({ ...(next.search && { search: next.search }), ...(next.page > 1 && { page: String(next.page) }) }, { replace: next.search !== search });

  const columns: TableColumnsType<Upstream> = [
    { title: strings.common.name, key: 'name', render: (_, upstream) => <NameAndId to={upstreamPath(scope.group, scope.workspace, String(upstream.id))} upstream={upstream} /> },
    { title: strings.upstreams.balancing, key: 'type', width: 170, responsive: ['lg'], render: (_, { type }) => strings.upstreams.types[type ?? 'roundrobin'].name },
    { title: strings.upstreams.nodes, key: 'nodes', width: 170, render: (_, upstream) => <Nodes upstream={upstream} /> },
    { title: strings.upstreams.live, key: 'live', width: 130, render: (_, { id }) => <NodesUp scope={scope} id={String(id)} /> },
    { title: strings.traffic.requests, key: 'requests', width: 110, align: 'right', className: 'numbers', render: (_, { id }) => strings.rate(rates.of(String(id))?.requests) },
    { title: strings.traffic.failures, key: 'failures', width: 140, align: 'right', render: (_, { id }) => <FailureRate rate={rates.of(String(id))} /> },
    {
      title: <span className="visually-hidden">{strings.common.actions}</span>,
      key: 'actions',
      width: 96,
      align: 'right',
      hidden: !mayWrite,
      render: (_, upstream) => (
        <Space size={0}>
          <Button
            type="text"
            icon={<SettingOutlined />}
            aria-label={strings.upstreams.configureOf(nameOf(upstream))}
            title={strings.upstreams.configure}
            onClick={() => void navigate(upstreamPath(scope.group, scope.workspace, String(upstream.id), 'configure'))}
          />
          <Button type="text" danger icon={<DeleteOutlined />} aria-label={strings.common.deleteOf(nameOf(upstream))} title={strings.common.delete} onClick={() => setDeleted(upstream)} />
        </Space>
      ),
    },
  ];

  const create = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(newUpstreamPath(scope.group, scope.workspace))}>
      {strings.upstreams.create}
    </Button>
  );
  const none = upstreams.data?.total === 0;
  return (
    <Page title={strings.upstreams.title} about={strings.upstreams.about} actions={create}>
      {(!none || search !== '') && <Search value={search} onSearch={(text) => show({ search: text, page: 1 })} />}
      {upstreams.error ? (
        <ErrorPanel error={upstreams.error} retry={() => void upstreams.refetch()} />
      ) : none ? (
        search === '' ? (
          <EmptyState title={strings.upstreams.empty} hint={mayWrite ? strings.upstreams.emptyHint : strings.upstreams.emptyHintViewer} action={create} />
        ) : (
          <EmptyState title={strings.upstreams.noMatch(search)} hint={strings.upstreams.noMatchHint} action={<Button onClick={() => show({ search: '', page: 1 })}>{strings.upstreams.showAll}</Button>} />
        )
      ) : (
        <Table
          rowKey={({ id }) => String(id)}
          columns={columns}
          dataSource={upstreams.data?.list}
          loading={upstreams.isPending}
          className="panel"
          locale={{ emptyText: <span className="table-space" /> }}
          pagination={{
            current: page,
            pageSize: PAGE_SIZE,
            total: upstreams.data?.total ?? 0,
            showSizeChanger: false,
            hideOnSinglePage: true,
            showTotal: (total, [from, to]) => strings.common.range(from, to, total),
            onChange: (next) => show({ search, page: next }),
          }}
        />
      )}
      {deleted !== undefined && <DeleteUpstream scope={scope} id={String(deleted.id)} name={nameOf(deleted)} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}

const nameOf = (upstream: Upstream) => upstream.name ?? String(upstream.id);

function Search({ value, onSearch }: { value: string; onSearch: (text: string) => void }) {
  const [text, setText] = useState(value);
  useEffect(() => setText(value), [value]);
  // The server is asked when a person pauses, not at every letter.
  useEffect(() => {
    if (text.trim() === value) return;
    const timer = setTimeout(() => onSearch(text.trim()), 300);
    return () => clearTimeout(timer);
  }, [text, value, onSearch]);
  return <Input.Search className="list-search" allowClear aria-label={strings.upstreams.search} placeholder={strings.upstreams.search} value={text} onChange={(event) => setText(event.target.value)} onSearch={(now) => onSearch(now.trim())} />;
}

function NameAndId({ to, upstream }: { to: string; upstream: Upstream }) {
  return (
    <div className="name-and-id">
      <Link to={to}>{nameOf(upstream)}</Link>
      {upstream.name !== undefined && upstream.name !== upstream.id && <span className="secondary">{upstream.id}</span>}
      {upstream.desc !== undefined && <span className="secondary">{upstream.desc}</span>}
    </div>
  );
}

function Nodes({ upstream }: { upstream: Upstream }) {
  const nodes = nodeList(upstream.nodes) ?? [];
  if (upstream.service_name !== undefined && nodes.length === 0)
    return (
      <div className="name-and-id">
        <span>{upstream.service_name}</span>
        <span className="secondary">{strings.upstreams.fromRegistry(upstream.discovery_type ?? '')}</span>
      </div>
    );
  return (
    <div className="name-and-id">
      <span className="numbers">{strings.upstreams.nodeCount(nodes.length)}</span>
      {nodes[0] && <span className="secondary">{[`${nodes[0].host}${nodes[0].port ? ':' + nodes[0].port : ''}`, ...(nodes.length > 1 ? ['…'] : [])].join(', ')}</span>}
    </div>
  );
}
