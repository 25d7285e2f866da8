import { Link } from 'react-router';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { nameOf } from '../objects/kinds';
import { useObject } from '../objects/queries';
import { objectPath } from '../paths';
import { strings } from '../strings';
import { registryIdOf, useServiceOf, type ServiceOf } from './followedBy';
import { argumentsText, followedState } from './followedState';
import { HeldAlert } from './HeldAlert';

const words = strings.registries.source;

/** Where the discovered nodes of an upstream come from, how that is, and what is held. */
export function DiscoverySource({ group, upstream }: { group: string; upstream: ServiceOf }) {
  const { data } = useServiceOf(group, upstream);
  const state = data && followedState(data);
  return (
    <>
      {data && <HeldAlert group={group} service={data} />}
      <div className="panel panel-padded discovery-source">
        <div className="name-and-id">
          <span>
            <RegistryLink group={group} upstream={upstream} />
          </span>
          {upstream.discovery_args && <span className="secondary">{argumentsText(upstream)}</span>}
        </div>
        {data && state ? (
          <div className="name-and-id">
            <span className="figures">
              <StateText tone={state.tone}>{state.text}</StateText>
              <span className="numbers">{words.previewCount(data.instance_count)}</span>
              {data.answered_at !== undefined && (
                <span className="secondary">
                  {words.asOf} <TimeText at={data.answered_at} />
                </span>
              )}
            </span>
            {data.failure !== undefined && <span className="secondary">{data.known ? words.failing(data.failure) : data.failure}</span>}
          </div>
        ) : (
          <span className="placeholder" />
        )}
      </div>
    </>
  );
}

/** "SERVICE of REGISTRY", with the way to the registry. */
export function RegistryLink({ group, upstream }: { group: string; upstream: ServiceOf }) {
  const scope = { group, workspace: '' };
  const id = registryIdOf(upstream);
  const registry = useObject('service_registries', scope, id);
  if (id === undefined) return upstream.service_name;
  return (
    <>
      <strong>{upstream.service_name}</strong> {words.of} <Link to={objectPath(scope, 'service_registries', id)}>{registry.data ? nameOf(registry.data.value) : id}</Link>
    </>
  );
}
