import { StateText } from '../components/StateText';
import { strings } from '../strings';
import { addressOf } from './followedState';
import { useInstances, type DiscoveryArgs } from './queries';

const words = strings.registries.source;
const SHOWN = 6;

interface InstancePreviewProps {
  group: string;
  /** Id of the registry; undefined = none is chosen yet. */
  registry: string | undefined;
  service: string;
  args?: DiscoveryArgs;
}

/** The instances that a service has now, before an upstream follows it. */
export function InstancePreview({ group, registry, service, args }: InstancePreviewProps) {
  const { data, error, isFetching } = useInstances(group, registry, service.trim(), args);
  const [problem] = data?.problems ?? [];
  return (
    <div className="instance-preview" role="status" aria-busy={isFetching}>
      <span className="secondary">{words.preview}</span>
      {registry === undefined || service.trim() === '' ? (
        <span>{words.previewHint}</span>
      ) : error ? (
        <StateText tone="bad">{error.message}</StateText>
      ) : !data ? (
        <span className="placeholder" />
      ) : (
        <>
          <StateText tone={data.total === 0 ? 'warning' : 'good'}>{words.previewCount(data.total)}</StateText>
          <ul className="numbers">
            {data.list.slice(0, SHOWN).map((instance) => (
              <li key={addressOf(instance)}>{addressOf(instance)}</li>
            ))}
            {data.total > SHOWN && <li className="secondary">{words.more(data.total - SHOWN)}</li>}
          </ul>
          {problem !== undefined && <StateText tone="warning">{`${strings.registries.instance.leftOut}: ${problem}`}</StateText>}
        </>
      )}
    </div>
  );
}
