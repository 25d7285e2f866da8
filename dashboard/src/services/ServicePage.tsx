import { Skeleton } from 'antd';
import { useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Facts, labelLines } from '../components/Facts';
import { Page } from '../components/Page';
import { nameOf } from '../objects/kinds';
import { ObjectActions } from '../objects/ObjectActions';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { UsedBy } from '../objects/UsedBy';
import { strings } from '../strings';
import { PluginsBlock } from '../plugins/PluginsBlock';
import { TargetPanel } from '../targets/TargetPanel';
import { serviceKind, type Service } from './model';

/** A service: where the requests of its routes go and how the nodes there are, and which routes those are. */
export function ServicePage() {
  const scope = useScope();
  const id = useParams().id!;
  const service = useObject('services', scope, id);
  const value = service.data?.value;
  const name = value ? nameOf(value) : id;

  return (
    <Page title={name} about={value?.desc} actions={value && <ObjectActions kind={serviceKind} scope={scope} id={id} name={name} />}>
      {service.error && !value ? (
        <ErrorPanel error={service.error} retry={() => void service.refetch()} />
      ) : (
        <>
          <section aria-labelledby="target" className="block">
            <h2 id="target">{strings.targets.title}</h2>
            {value ? <TargetPanel scope={scope} kind="services" id={id} target={value} /> : <Skeleton active className="panel" />}
          </section>
          <section aria-labelledby="configuration" className="block">
            <h2 id="configuration">{strings.objects.configuration}</h2>
            {value ? <Configuration service={value} /> : <Skeleton active className="panel" />}
          </section>
          {value && <PluginsBlock plugins={value.plugins} />}
          <UsedBy kind={serviceKind} scope={scope} id={id} />
        </>
      )}
    </Page>
  );
}

function Configuration({ service: { hosts, enable_websocket, labels } }: { service: Service }) {
  return (
    <Facts
      facts={[
        { label: strings.services.hosts, content: strings.routes.any, lines: hosts },
        { label: strings.targets.websocketTitle, content: enable_websocket ? strings.targets.websocketPassed : strings.upstreams.off },
        { label: strings.labels.title, lines: labelLines(labels) },
      ]}
    />
  );
}
