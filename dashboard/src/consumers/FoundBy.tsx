import { TwoLines } from '../components/TwoLines';
import type { Scope } from '../objects/scope';
import { usePlugins } from '../plugins/queries';
import { strings } from '../strings';
import type { Consumer } from './model';
import { useCredentials } from './queries';

/** By what a consumer is found: plugins of its own, and of its credentials. */
export function FoundBy({ scope, consumer }: { scope: Scope; consumer: Consumer }) {
  const known = usePlugins();
  const credentials = useCredentials(scope, consumer.username);
  if (!credentials.data || !known.data) return credentials.error || known.error ? strings.common.none : <span className="placeholder" />;
  const own = Object.keys(consumer.plugins ?? {}).filter((name) => known.data.some((plugin) => plugin.name === name && plugin.type === 'auth'));
  const ways = [...new Set([...own, ...credentials.data.flatMap(({ plugins }) => Object.keys(plugins))])];
  const count = credentials.data.length;
  return <TwoLines first={ways.length === 0 ? strings.consumers.foundByNothing : ways.join(', ')} second={count > 0 && strings.consumers.credentialCount(count)} />;
}
