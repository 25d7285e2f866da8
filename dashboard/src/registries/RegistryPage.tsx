import { ApiOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Facts } from '../components/Facts';
import { Page } from '../components/Page';
import { TimeText } from '../components/TimeText';
import { nameOf } from '../objects/kinds';
import { ObjectActions } from '../objects/ObjectActions';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { BrowseServices } from './BrowseServices';
import { ConnectedObjects } from './ConnectedObjects';
import { FollowedServices } from './FollowedServices';
import { HealthHistory } from './HealthHistory';
import { addressesOf, isFixed, registryKind, type Registry } from './model';
import { testRegistry, useStatus } from './queries';
import { Status } from './RegistriesPage';
import { TestResult } from './TestResult';

const words = strings.registries;

/** A service registry: how it is and was, who uses it, which services it has. */
export function RegistryPage() {
  const scope = useScope();
  const id = useParams().id!;
  const registry = useObject('service_registries', scope, id);
  const status = useStatus(scope.group, id);
  const mayWrite = useMay('editor', scope.group, '');
  const test = useMutation({ mutationFn: () => testRegistry(scope.group, id) });
  const value = registry.data?.value;

  return (
    <Page
      title={value ? nameOf(value) : id}
      about={status.data && <Status registry={status.data} />}
      actions={
        value && (
          <>
            {mayWrite && (
              <Button icon={<ApiOutlined aria-hidden />} loading={test.isPending} onClick={() => test.mutate()}>
                {words.test.run}
              </Button>
            )}
            {!isFixed(value) && <ObjectActions kind={registryKind} scope={scope} id={id} name={nameOf(value)} />}
          </>
        )
      }
    >
      {value && isFixed(value) && <Alert type="info" showIcon title={words.fixed(value.type)} className="form-alert" />}
      {(test.data || test.error) && (
        <div role="status" className="form-alert">
          {test.data ? <TestResult result={test.data} /> : <Alert type="error" showIcon title={test.error?.message} />}
        </div>
      )}
      {registry.error && !value ? (
        <ErrorPanel error={registry.error} retry={() => void registry.refetch()} />
      ) : !value ? (
        <Skeleton active className="panel" />
      ) : (
        <>
          <section aria-labelledby="connection" className="block">
            <h2 id="connection">{words.connection}</h2>
            <Connection registry={value} status={status.data} />
          </section>
          <FollowedServices group={scope.group} registry={value} />
          <BrowseServices group={scope.group} registry={value} />
          <ConnectedObjects group={scope.group} id={id} />
          <HealthHistory group={scope.group} id={id} />
        </>
      )}
    </Page>
  );
}

function Connection({ registry, status }: { registry: Registry; status?: ReturnType<typeof useStatus>['data'] }) {
  const facts = [
    { label: words.type, content: words.types[registry.type].name },
    { label: words.addresses, lines: addressesOf(registry) },
    { label: words.lastHeard, content: status?.last_connect_time === undefined ? words.never : <TimeText at={status.last_connect_time} /> },
    { label: words.counters, content: status ? <span className="numbers">{words.countersText(status.answers, status.failures, status.changes)}</span> : <span className="placeholder" /> },
  ];
  return <Facts facts={facts} />;
}
