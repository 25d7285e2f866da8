import { Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { Commands } from '../components/Commands';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { ObjectLink } from '../objects/Users';
import type { Scope } from '../objects/scope';
import { explainPath } from '../paths';
import { strings } from '../strings';
import { InstanceSelect } from './InstanceSelect';
import { emptyQuestion, toSearch } from './question';
import { useRecent, type RecentRequest } from './queries';
import { WhyThisNode } from './WhyThisNode';

const CONFIG = `headgate:
  explain:
    recent: 1000   # the latest requests, about 2 KB each
    sample: 100    # one in so many, and every one that failed`;

interface RecentDecisionsProps {
  scope: Scope;
  /** Only requests to this upstream. */
  upstream?: string;
  /** Requests that are shown at most. */
  limit: number;
}

/** What was done with the latest requests, live: which node each got, and why. */
export function RecentDecisions({ scope, upstream, limit }: RecentDecisionsProps) {
  const [instance, setInstance] = useState<string>();
  const { data, error, isPending, refetch } = useRecent(scope.group, { limit, ...(upstream !== undefined && { upstream: `upstreams/${upstream}` }), ...(instance !== undefined && { instance }) });
  const words = strings.explain.recent;
  const select = <InstanceSelect group={scope.group} {...(instance !== undefined && { value: instance })} onChange={setInstance} />;
  if (error && !data)
    return (
      <>
        {select}
        <ErrorPanel error={error} retry={() => void refetch()} />
      </>
    );
  return (
    <div className="recent">
      {select}
      {data?.kept_max === 0 ? (
        <div className="panel panel-padded recent-off">
          <strong>{words.off}</strong>
          <p>{words.offHint}</p>
          <Commands label={words.config} text={CONFIG} />
        </div>
      ) : data?.requests.length === 0 ? (
        <EmptyState title={words.empty} hint={words.emptyHint(data.sample)} />
      ) : (
        <>
          <Table
            rowKey={({ at, method, path, duration_ms }) => [at, method, path, duration_ms].join(' ')}
            size="small"
            columns={columns(scope, upstream !== undefined)}
            dataSource={data?.requests}
            loading={isPending}
            pagination={false}
            tableLayout="fixed"
            className="panel"
            locale={{ emptyText: <span className="table-space" /> }}
          />
          {data && <p className="secondary">{words.kept(data.requests.length, data.kept_max, data.sample)}</p>}
        </>
      )}
    </div>
  );
}

function columns(scope: Scope, ofOneUpstream: boolean): TableColumnsType<RecentRequest> {
  const words = strings.explain.recent;
  return [
    { title: words.when, key: 'when', width: 92, render: (_, { at }) => <TimeText at={at} /> },
    { title: words.request, key: 'request', className: 'wrap', render: (_, request) => <Request scope={scope} request={request} ofOneUpstream={ofOneUpstream} /> },
    { title: words.tries, key: 'tries', width: '24%', render: (_, request) => <Tries request={request} /> },
    { title: words.why, key: 'why', width: '26%', className: 'wrap', render: (_, request) => <WhyThisNode request={request} /> },
    { title: words.status, key: 'status', width: 84, align: 'right', className: 'numbers', render: (_, { status }) => <Status status={status} /> },
    { title: words.duration, key: 'duration', width: 92, align: 'right', className: 'numbers', responsive: ['lg'], render: (_, { duration_ms }) => strings.milliseconds(duration_ms) },
  ];
}

function Request({ scope, request: { method, host, path, route, workspace_id, upstream }, ofOneUpstream }: { scope: Scope; request: RecentRequest; ofOneUpstream: boolean }) {
  const words = strings.explain.recent;
  const ofRoute = { group: scope.group, workspace: workspace_id ?? scope.workspace };
  return (
    <div className="name-and-id">
      <Link to={explainPath(scope, toSearch({ ...emptyQuestion, method, host, path }))} aria-label={words.explainOf(method, path)} title={words.explainNow}>
        {method} {path}
      </Link>
      <span className="secondary">
        {host}, {route === null ? words.noRoute : <ObjectLink scope={ofRoute} objectKey={`routes/${route}`} />}
        {!ofOneUpstream && upstream !== null && (
          <>
            , <ObjectLink scope={ofRoute} objectKey={upstream} />
          </>
        )}
      </span>
    </div>
  );
}

function Tries({ request: { tries, tries_count, upstream } }: { request: RecentRequest }) {
  const words = strings.explain.recent;
  if (tries_count === 0) return upstream === null ? strings.common.none : <StateText tone="bad">{words.noTry}</StateText>;
  return (
    <ol className="tries">
      {tries.map(({ node, outcome, status }, index) => (
        <li key={index} className="name-and-id">
          <span className="numbers">{node}</span>
          <StateText tone={outcome === 'answered' ? (status >= 500 ? 'warning' : 'good') : outcome === 'overtaken' ? 'off' : 'bad'}>
            {words.outcomes[outcome] ?? outcome.replaceAll('_', ' ')}
            {status > 0 && ` ${status}`}
          </StateText>
        </li>
      ))}
      {tries_count > tries.length && <li className="secondary">{words.moreTries(tries_count - tries.length)}</li>}
    </ol>
  );
}

function Status({ status }: { status: number }) {
  if (status === 499) return <StateText tone="off">{status}</StateText>;
  return status >= 500 ? <StateText tone="bad">{status}</StateText> : status;
}
