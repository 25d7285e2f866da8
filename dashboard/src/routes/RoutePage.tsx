import { Skeleton } from 'antd';
import { useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Facts, labelLines } from '../components/Facts';
import { Page } from '../components/Page';
import { conditionLines } from '../conditions/words';
import { nameOf } from '../objects/kinds';
import { ObjectActions } from '../objects/ObjectActions';
import { useObject } from '../objects/queries';
import { useScope, type Scope } from '../objects/scope';
import { PluginsBlock } from '../plugins/PluginsBlock';
import { strings } from '../strings';
import { NamedLink } from '../targets/TargetText';
import { TargetPanel } from '../targets/TargetPanel';
import { hostsOf, pathsOf, routeKind, textsOf, type Route } from './model';
import { StatusSwitch } from './StatusSwitch';
import { useRouteRates } from './traffic';

const words = strings.routes;

/** A route: what it matches, where its requests go and how the nodes there are. */
export function RoutePage() {
  const scope = useScope();
  const id = useParams().id!;
  const route = useObject('routes', scope, id);
  const rates = useRouteRates(scope, [id]);
  const value = route.data?.value;
  const name = value ? nameOf(value) : id;

  return (
    <Page
      title={name}
      about={
        value && (
          <span className="figures">
            <StatusSwitch scope={scope} route={value} labelled />
            <span className="numbers">
              {strings.rate(rates.of(id)?.requests)} {strings.traffic.requestsUnit}
            </span>
          </span>
        )
      }
      actions={value && <ObjectActions kind={routeKind} scope={scope} id={id} name={name} />}
    >
      {route.error && !value ? (
        <ErrorPanel error={route.error} retry={() => void route.refetch()} />
      ) : (
        <>
          <section aria-labelledby="matches" className="block">
            <h2 id="matches">{words.matches}</h2>
            {value ? <Matches route={value} /> : <Skeleton active className="panel" />}
          </section>
          <section aria-labelledby="target" className="block">
            <h2 id="target">{strings.targets.title}</h2>
            {value ? <TargetPanel scope={scope} kind="routes" id={id} target={value} /> : <Skeleton active className="panel" />}
          </section>
          {value && <PluginsBlock plugins={value.plugins} />}
          <section aria-labelledby="configuration" className="block">
            <h2 id="configuration">{strings.objects.configuration}</h2>
            {value ? <Configuration scope={scope} route={value} /> : <Skeleton active className="panel" />}
          </section>
        </>
      )}
    </Page>
  );
}

function Matches({ route }: { route: Route }) {
  const { methods, remote_addr, remote_addrs, vars, priority } = route;
  return (
    <Facts
      none={words.any}
      facts={[
        { label: words.fields.uris, lines: pathsOf(route) },
        { label: words.fields.hosts, lines: hostsOf(route) },
        { label: words.fields.methods, content: methods?.join(', ') },
        { label: words.fields.remoteAddrs, lines: textsOf(remote_addrs, remote_addr) },
        { label: strings.conditions.title, content: words.noConditions, lines: vars && conditionLines(vars) },
        { label: words.fields.priority, content: priority ?? 0 },
      ]}
    />
  );
}

function Configuration({ scope, route }: { scope: Scope; route: Route }) {
  const { service_id, timeout, enable_websocket, labels, desc, plugin_config_id } = route;
  const targets = strings.targets;
  return (
    <Facts
      facts={[
        { label: targets.service, content: service_id === undefined ? undefined : <NamedLink scope={scope} kind="services" id={String(service_id)} /> },
        { label: targets.timeouts, content: timeout ? strings.upstreams.timeoutSummary(timeout.connect, timeout.send, timeout.read) : targets.timeoutFallback },
        { label: targets.websocketTitle, content: enable_websocket === undefined ? targets.asService : enable_websocket ? targets.websocketPassed : strings.upstreams.off },
        { label: targets.pluginConfig, content: plugin_config_id },
        { label: strings.labels.title, lines: labelLines(labels) },
        { label: strings.common.description, content: desc },
      ]}
    />
  );
}
