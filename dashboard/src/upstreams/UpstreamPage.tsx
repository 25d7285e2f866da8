import { Descriptions, Skeleton } from 'antd';
import { useParams } from 'react-router';
import { LIVE } from '../api/live';
import { ErrorPanel } from '../components/ErrorPanel';
import { labelLines } from '../components/Facts';
import { Page } from '../components/Page';
import { RecentSection } from '../explain/RecentSection';
import { nameOf } from '../objects/kinds';
import { ObjectActions } from '../objects/ObjectActions';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { UsedBy } from '../objects/UsedBy';
import { DiscoverySource, RegistryLink } from '../registries/DiscoverySource';
import { useServiceOf } from '../registries/followedBy';
import { strings } from '../strings';
import { HealthOverTime } from './health/HealthOverTime';
import { nodeList, upstreamKind } from './model';
import { NodesTable } from './NodesTable';
import { NodesUp } from './NodesUp';
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
  // What stands below the nodes would be pushed down by them.
  const nodes = useNodes(scope, id);

  return (
    <Page
      title={name}
      about={
        <span className="figures">
          <NodesUp scope={scope} id={id} interval={LIVE} />
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
            <h2 id="nodes">{strings.nodes.title}</h2>
            {value?.service_name !== undefined && <DiscoverySource group={scope.group} upstream={value} />}
            <NodesTable key={id} scope={scope} id={id} isHeld={isHeld} />
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
    </Page>
  );
}

function Configuration({ group, upstream }: { group: string; upstream: Upstream }) {
  const words = strings.upstreams;
  const { timeout, checks, keepalive_pool: pool } = upstream;
  const items = [
    ...(upstream.service_name === undefined ? [] : [[strings.registries.source.title, <NodeSource group={group} upstream={upstream} />]]),
    [words.balancing, words.types[upstream.type ?? 'roundrobin'].name],
    ...(upstream.type === 'chash' || upstream.type === 'maglev' ? [[words.fields.key, [upstream.hash_on ?? 'vars', upstream.key].filter(Boolean).join(' ')]] : []),
    [words.checks, checks?.active ? words.checksSummary(checks.active.type ?? 'http', checks.active.http_path ?? '/', checks.active.healthy?.interval ?? 1, checks.passive !== undefined) : words.off],
    [words.fields.retries, upstream.retries ?? words.retriesDefault],
    [words.fields.scheme, upstream.scheme ?? 'http'],
    [words.fields.passHost, words.passHost[upstream.pass_host ?? 'pass'] + (upstream.pass_host === 'rewrite' ? `: ${upstream.upstream_host}` : '')],
    [words.timeouts, words.timeoutSummary(timeout?.connect ?? 60, timeout?.send ?? 60, timeout?.read ?? 60)],
    [words.keepalive, words.keepaliveSummary(pool?.size ?? 320, pool?.idle_timeout ?? 60, pool?.requests ?? 1000)],
    [strings.labels.title, labelLines(upstream.labels).join(', ') || strings.common.none],
  ] as const;
  return <Descriptions className="panel" bordered size="small" column={{ xs: 1, sm: 1, md: 1, lg: 2 }} items={items.map(([label, children]) => ({ key: String(label), label, children }))} />;
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
