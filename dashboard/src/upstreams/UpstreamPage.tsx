import { DeleteOutlined, DownOutlined, HistoryOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Descriptions, Dropdown, Skeleton } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { LIVE } from '../api/live';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { upstreamPath, workspacePath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { DeleteUpstream } from './DeleteUpstream';
import { userName } from './model';
import { NodesTable } from './NodesTable';
import { NodesUp } from './NodesUp';
import { useDeletePreview, useUpstream, type Scope, type Upstream } from './queries';
import { UpstreamTraffic } from './UpstreamTraffic';
import { useScope } from './useScope';

/** An upstream: its nodes live, and how it is configured. */
export function UpstreamPage() {
  const scope = useScope();
  const id = useParams().id!;
  const navigate = useNavigate();
  const upstream = useUpstream(scope, id);
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const [deleting, setDeleting] = useState(false);
  const value = upstream.data?.value;
  const name = value?.name ?? id;

  return (
    <Page
      title={name}
      about={
        <span className="figures">
          <NodesUp scope={scope} id={id} interval={LIVE} />
          <UpstreamTraffic scope={scope} id={id} />
        </span>
      }
      actions={
        value && (
          <>
            {mayWrite && (
              <Button type="primary" icon={<SettingOutlined />} onClick={() => void navigate(upstreamPath(scope.group, scope.workspace, id, 'configure'))}>
                {strings.upstreams.configure}
              </Button>
            )}
            <Dropdown
              trigger={['click']}
              menu={{
                items: [
                  { key: 'history', icon: <HistoryOutlined />, label: strings.history.menu, onClick: () => void navigate(upstreamPath(scope.group, scope.workspace, id, 'history')) },
                  ...(mayWrite ? [{ key: 'delete', danger: true, icon: <DeleteOutlined />, label: strings.common.delete, onClick: () => setDeleting(true) }] : []),
                ],
              }}
            >
              <Button icon={<DownOutlined />} iconPlacement="end">
                {strings.common.more}
              </Button>
            </Dropdown>
          </>
        )
      }
    >
      {upstream.error && !value ? (
        <ErrorPanel error={upstream.error} retry={() => void upstream.refetch()} />
      ) : (
        <>
          <section aria-labelledby="nodes" className="block">
            <h2 id="nodes">{strings.nodes.title}</h2>
            <NodesTable scope={scope} id={id} />
          </section>
          <section aria-labelledby="configuration" className="block">
            <h2 id="configuration">{strings.upstreams.configuration}</h2>
            {value ? <Configuration upstream={value} /> : <Skeleton active className="panel" />}
          </section>
          {mayWrite && <UsedBy scope={scope} id={id} />}
        </>
      )}
      {deleting && (
        <DeleteUpstream scope={scope} id={id} name={name} onDeleted={() => void navigate(workspacePath(scope.group, scope.workspace, 'upstreams'), { replace: true })} onClose={() => setDeleting(false)} />
      )}
    </Page>
  );
}

function Configuration({ upstream }: { upstream: Upstream }) {
  const words = strings.upstreams;
  const { timeout, checks, keepalive_pool: pool } = upstream;
  const items = [
    [words.balancing, words.types[upstream.type ?? 'roundrobin'].name],
    ...(upstream.type === 'chash' || upstream.type === 'maglev' ? [[words.fields.key, [upstream.hash_on ?? 'vars', upstream.key].filter(Boolean).join(' ')]] : []),
    [words.checks, checks?.active ? words.checksSummary(checks.active.type ?? 'http', checks.active.http_path ?? '/', checks.active.healthy?.interval ?? 1, checks.passive !== undefined) : words.off],
    [words.fields.retries, upstream.retries ?? words.retriesDefault],
    [words.fields.scheme, upstream.scheme ?? 'http'],
    [words.fields.passHost, words.passHost[upstream.pass_host ?? 'pass'] + (upstream.pass_host === 'rewrite' ? `: ${upstream.upstream_host}` : '')],
    [words.timeouts, words.timeoutSummary(timeout?.connect ?? 60, timeout?.send ?? 60, timeout?.read ?? 60)],
    [words.keepalive, words.keepaliveSummary(pool?.size ?? 320, pool?.idle_timeout ?? 60, pool?.requests ?? 1000)],
  ] as const;
  return <Descriptions className="panel" bordered size="small" column={{ xs: 1, sm: 1, md: 1, lg: 2 }} items={items.map(([label, children]) => ({ key: String(label), label, children }))} />;
}

function UsedBy({ scope, id }: { scope: Scope; id: string }) {
  const { data, error } = useDeletePreview(scope, id, true);
  return (
    <section aria-labelledby="used-by" className="block">
      <h2 id="used-by">{strings.upstreams.usedBy}</h2>
      <div className="panel panel-padded used-by">
        {error ? (
          error.message
        ) : !data ? (
          <span className="placeholder" />
        ) : data.affected.list.length === 0 ? (
          strings.upstreams.usedByNobody
        ) : (
          <ul className="users">
            {data.affected.list.map(({ key, requests_per_second }) => (
              <li key={key}>
                {userName(key)}
                {typeof requests_per_second === 'number' && <span className="secondary numbers"> {strings.rateOf(requests_per_second)}</span>}
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
}
