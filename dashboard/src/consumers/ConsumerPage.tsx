import { Descriptions, Skeleton } from 'antd';
import { useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
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
            <Descriptions
              className="panel"
              bordered
              size="small"
              column={{ xs: 1, sm: 1, md: 1, lg: 2 }}
              items={[
                { key: 'group', label: words.group, children: value.group_id ?? strings.common.none },
                { key: 'labels', label: words.labels, children: Object.entries(value.labels ?? {}).map(([name, text]) => `${name}: ${text}`).join(', ') || strings.common.none },
              ]}
            />
          </section>
        </>
      )}
    </Page>
  );
}
