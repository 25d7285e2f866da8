import { PlusOutlined } from '@ant-design/icons';
import { Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Facts, labelLines, type Fact } from '../components/Facts';
import { Page } from '../components/Page';
import { RecentSection } from '../explain/RecentSection';
import { nameOf } from '../objects/kinds';
import { ObjectActions } from '../objects/ObjectActions';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { UsedBy } from '../objects/UsedBy';
import { DiscoverySource, RegistryLink } from '../registries/DiscoverySource';
import { useServiceOf } from '../registries/followedBy';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { EditNode } from './EditNode';
import { HealthOverTime } from './health/HealthOverTime';
import { nodeList, toEntry, upstreamKind } from './model';
import { placeOf, type NodeEdit } from './nodeEdit';
import { NodesTable } from './NodesTable';
import { NodeCounts } from './NodesUp';
import { useNodes, type Upstream } from './queries';
import { TrafficCharts } from './TrafficCharts';
import { UpstreamTraffic } from './UpstreamTraffic';

/** An upstream: its nodes live, and how it is configured. */
export function UpstreamPage() {
  const scope = useScope();
  const id = useParams().id!;
  const upstream = useObject('upstreams', scope, id);
  const value = upstream.data?.value;
  const service = useServiceOf(scope.group, value);
  const held = service.data?.instances?.filter((instance) => instance.held) ?? [];
  const isHeld = (node: { host: string; port: number }) => held.some(({ host, port = node.port }) => host === node.host && port === node.port);
  const name = value ? nameOf(value) : id;
  const entry = value && toEntry(value);
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const [edit, setEdit] = useState<NodeEdit>();
  // The question of the table too, while all are shown there. What stands below the nodes would be pushed down by them.
  const nodes = useNodes(scope, id);

  return (
    <Page
      title={name}
      about={
        <span className="figures">
          <NodeCounts nodes={nodes} />
          <UpstreamTraffic scope={scope} id={id} />
        </span>
      }
      actions={value && <ObjectActions kind={upstreamKind} scope={scope} id={id} name={name} />}
    >
      {upstream.error && !value ? (
        <ErrorPanel error={upstream.error} retry={() => void upstream.refetch()} />
      ) : (
        <>
          <section aria-labelledby="nodes" className="block">
            <div className="block-header">
              <h2 id="nodes">{strings.nodes.title}</h2>
              {mayWrite && value && (value.service_name === undefined || entry?.nodes !== undefined) && (
                <Button icon={<PlusOutlined aria-hidden />} onClick={() => setEdit({ kind: 'add' })}>
                  {strings.upstreams.addNode}
                </Button>
              )}
            </div>
            {value?.service_name !== undefined && <DiscoverySource group={scope.group} upstream={value} />}
            <NodesTable key={id} scope={scope} id={id} isHeld={isHeld} editOf={(node) => (mayWrite && entry && placeOf(node, entry) >= 0 ? (kind) => setEdit({ kind, node }) : undefined)} />
          </section>
          {!nodes.isPending && (
            <>
              <section aria-labelledby="traffic" className="block">
                <h2 id="traffic">{strings.charts.title}</h2>
                <TrafficCharts key={id} scope={scope} id={id} />
              </section>
              <HealthOverTime scope={scope} id={id} />
              <section aria-labelledby="configuration" className="block">
                <h2 id="configuration">{strings.objects.configuration}</h2>
                {value ? <Configuration group={scope.group} upstream={value} /> : <Skeleton active className="panel" />}
              </section>
              <RecentSection scope={scope} upstream={id} />
              <UsedBy kind={upstreamKind} scope={scope} id={id} />
            </>
          )}
        </>
      )}
      {edit && <EditNode scope={scope} id={id} edit={edit} onClose={() => setEdit(undefined)} />}
    </Page>
  );
}

function Configuration({ group, upstream }: { group: string; upstream: Upstream }) {
  const words = strings.upstreams;
  const { timeout, checks, keepalive_pool: pool, type, tls, max_requests, circuit_breaker, warm_up_conf, scheme = 'http' } = upstream;
  const hashes = type === 'chash' || type === 'maglev';
  const facts: Fact[] = [
    ...(upstream.service_name === undefined ? [] : [{ label: strings.registries.source.title, content: <NodeSource group={group} upstream={upstream} /> }]),
    { label: words.balancing, content: [words.types[type ?? 'roundrobin'].name, ...(hashes ? [[upstream.hash_on ?? 'vars', upstream.key].filter(Boolean).join(' ')] : [])].join(': ') },
    { label: words.checks, content: checks?.active ? words.checksSummary(checks.active.type ?? 'http', checks.active.http_path ?? '/', checks.active.healthy?.interval ?? 1, checks.passive !== undefined) : words.off },
    { label: words.outliers.title, content: upstream.outlier_detection ? words.on : words.off },
    { label: words.fields.retries, content: upstream.retries ?? words.retriesDefault },
    { label: words.fields.scheme, content: [scheme, ...(scheme.endsWith('s') ? [tls?.verify ? words.tls.verified : words.tls.unverified] : [])].join(', ') },
    { label: words.fields.passHost, content: words.passHost[upstream.pass_host ?? 'pass'] + (upstream.pass_host === 'rewrite' ? `: ${upstream.upstream_host}` : '') },
    { label: words.timeouts, content: words.timeoutSummary(timeout?.connect ?? 60, timeout?.send ?? 60, timeout?.read ?? 60) },
    { label: words.keepalive, content: words.keepaliveSummary(pool?.size ?? 320, pool?.idle_timeout ?? 60, pool?.requests ?? 1000) },
    { label: words.overload.title, lines: words.overload.summary(max_requests, circuit_breaker !== undefined, warm_up_conf?.slow_start_time_seconds) },
    { label: strings.labels.title, lines: labelLines(upstream.labels) },
  ];
  return <Facts facts={facts} />;
}

function NodeSource({ group, upstream }: { group: string; upstream: Upstream }) {
  const written = nodeList(upstream.nodes)?.length ?? 0;
  return (
    <>
      <RegistryLink group={group} upstream={upstream} />
      {written > 0 && `; ${strings.registries.source.alsoWritten(written)}`}
    </>
  );
}
