import type { Tone } from '../components/StateText';
import { strings } from '../strings';
import type { DiscoveryArgs, FollowedService } from './queries';

const words = strings.registries.followed;

/** How what is known of a followed service is, in a word, and why. */
export function followedState(service: FollowedService): { tone: Tone; text: string; reason?: string } {
  const { held, failure, known, remembered, problems = [] } = service;
  if (failure !== undefined) return { tone: 'bad', text: words.failing, reason: failure };
  if (held) return { tone: 'warning', text: words.held(held.missing, service.instance_count) };
  if (!known) return { tone: 'unknown', text: words.unknown };
  if (remembered) return { tone: 'warning', text: words.remembered };
  return problems.length > 0 ? { tone: 'warning', text: words.leftOut(problems.length), reason: problems[0]! } : { tone: 'good', text: words.good };
}

/** The arguments of a followed service in one line; '' = it has none. */
export const argumentsText = ({ discovery_args = {} }: { discovery_args?: DiscoveryArgs }): string =>
  Object.entries(discovery_args)
    .map(([name, value]) => `${name}: ${typeof value === 'string' ? value : Array.isArray(value) ? value.join(', ') : Object.entries(value).map(([key, text]) => `${key}=${String(text)}`).join(', ')}`)
    .join(' · ');

/** HOST:PORT of an instance; one without a port has the standard one of the upstream's scheme. */
export const addressOf = ({ host, port }: { host: string; port?: number }) => (port === undefined ? host : `${host}:${port}`);
