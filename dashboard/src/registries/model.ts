import type { Schemas } from '../api/client';
import { REDACTED } from '../components/SecretField';
import type { Tone } from '../components/StateText';
import type { ObjectKind } from '../objects/kinds';
import { strings } from '../strings';

/** A registry as the API answers it: a connection, or one of config.yaml. */
export type Registry = Schemas['service_registry'];
export type RegistryType = Registry['type'];
export type RegistryStatus = NonNullable<Registry['status']>;

/** A registry as the form edits it: a new one has no type yet. */
export type RegistryEntry = Omit<Registry, 'type'> & { type?: RegistryType };

/** Every type, in the order in which they are offered. */
export const TYPES = Object.keys(strings.registries.types) as RegistryType[];

/** How good a status is. */
export const STATUS_TONES: Record<RegistryStatus, Tone> = { connecting: 'unknown', healthy: 'good', lost_connection: 'bad' };

/** Whether it is configured in config.yaml, and so not changed here. */
export const isFixed = ({ source }: Registry) => source === 'config.yaml';

/** What what is followed of it is listed by. */
export const followedName = ({ id, type, source }: Pick<Registry, 'id' | 'type' | 'source'>) => (source === 'config.yaml' ? type : `service_registries/${id}`);

/** A registry without what the server sets. */
export function toEntry(registry: RegistryEntry): RegistryEntry {
  const {
    create_time: _created,
    update_time: _updated,
    source: _source,
    status: _status,
    status_reason: _reason,
    status_since: _since,
    last_connect_time: _heard,
    ...entry
  } = registry;
  return entry;
}

/** What the form sends: of the settings those of the type that was chosen, without what was left empty. */
export function toBody(entry: RegistryEntry): Registry {
  const body: Record<string, unknown> = {};
  for (const [member, value] of Object.entries(toEntry(entry))) {
    const isConfig = member.endsWith('_config');
    if (isConfig && member !== `${entry.type}_config`) continue;
    const kept = withoutEmpty(value);
    if (kept !== undefined) body[member] = kept;
    else if (isConfig) body[member] = {};
  }
  return body as Registry;
}

/** A copy has none of the secrets, which nobody can read. */
export const toCopy = (entry: RegistryEntry): RegistryEntry => withoutEmpty(entry, (value) => value === REDACTED) as RegistryEntry;

/** Takes out what is empty, and what holds nothing else. */
function withoutEmpty(value: unknown, isNothing: (value: unknown) => boolean = () => false): unknown {
  if (value === null || value === '' || isNothing(value)) return undefined;
  if (typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map((item) => withoutEmpty(item, isNothing)).filter((item) => item !== undefined);
    return items.length > 0 ? items : undefined;
  }
  const members = Object.entries(value)
    .map(([name, member]) => [name, withoutEmpty(member, isNothing)] as const)
    .filter(([, member]) => member !== undefined);
  return members.length > 0 ? Object.fromEntries(members) : undefined;
}

/** Where a registry is, as people say it. */
export function addressesOf(registry: Registry): string[] {
  const words = strings.registries;
  switch (registry.type) {
    case 'consul':
    case 'consul_kv':
      return registry[`${registry.type}_config`]?.servers ?? [];
    case 'dns':
      return registry.dns_config?.servers ?? [registry.dns_config?.resolv_conf ?? ''];
    case 'eureka':
    case 'nacos': {
      const config = registry[`${registry.type}_config`];
      return config?.host ?? config?.hosts ?? [];
    }
    case 'file':
      return [registry.file_config?.path ?? ''];
    case 'http':
      return [registry.http_config?.url ?? ''];
    case 'kubernetes':
      return [registry.kubernetes_config ?? {}].flat().map(({ id, service }) => [id, service?.host ? `${service.host}${service.port === undefined ? '' : ':' + service.port}` : words.ownCluster].filter(Boolean).join(': '));
  }
}

/** Service registries among the kinds of objects. */
export const registryKind: ObjectKind<'service_registries', RegistryEntry> = {
  name: 'service_registries',
  words: strings.registries,
  start: {},
  toEntry,
  toBody,
  toCopy,
};
