import { Skeleton } from 'antd';
import { useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Facts, labelLines } from '../components/Facts';
import { Page } from '../components/Page';
import { ObjectActions } from '../objects/ObjectActions';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { PluginList } from '../plugins/PluginList';
import { strings } from '../strings';
import { Credentials } from './Credentials';
import { consumerKind } from './model';

const words = strings.consumers;

/** A consumer: its credentials, its plugins, its group. */
export function ConsumerPage() {
  const scope = useScope();
  const id = useParams().id!;
  const consumer = useObject('consumers', scope, id);
  const value = consumer.data?.value;

  return (
    <Page title={id} about={value?.desc} actions={value && <ObjectActions kind={consumerKind} scope={scope} id={id} name={id} />}>
      {consumer.error && !value ? (
        <ErrorPanel error={consumer.error} retry={() => void consumer.refetch()} />
      ) : !value ? (
        <Skeleton active className="panel" />
      ) : (
        <>
          <Credentials scope={scope} consumer={id} />
          <section aria-labelledby="plugins" className="block">
            <h2 id="plugins">{words.plugins}</h2>
            <PluginList plugins={value.plugins} none={words.noPlugins} />
          </section>
          <section aria-labelledby="configuration" className="block">
            <h2 id="configuration">{strings.objects.configuration}</h2>
            <Facts facts={[{ label: words.group, content: value.group_id }, { label: words.labels, lines: labelLines(value.labels) }]} />
          </section>
        </>
      )}
    </Page>
  );
}
