import type { strings } from '../strings';
import type { RegistryType } from './model';

type Words = (typeof strings)['registries'];

/** A field of the settings of a type. */
export interface Field {
  /** Where it is in the settings, `timeout.connect`. */
  at: string;
  /** Another name of the same, which stands for it where it is written. */
  alias?: string;
  kind: 'text' | 'number' | 'flag' | 'secret' | 'texts' | 'choice' | 'choices' | 'headers' | 'pem';
  label: keyof Words['fields'];
  hint?: keyof Words['hints'];
  /** The server's default, shown while nothing is written. */
  fallback?: string | number | boolean;
  unit?: string;
  min?: number;
  options?: string[];
}

/** The fields of a type, by the section of the form that has them. */
export interface TypeFields {
  connection: Field[];
  asking: Field[];
  instances: Field[];
  tls: Field[];
}

const text = (at: string, label: Field['label'], more: Partial<Field> = {}): Field => ({ at, kind: 'text', label, ...more });
const texts = (at: string, label: Field['label'], more: Partial<Field> = {}): Field => ({ at, kind: 'texts', label, ...more });
const secret = (at: string, label: Field['label'], more: Partial<Field> = {}): Field => ({ at, kind: 'secret', label, ...more });
const flag = (at: string, label: Field['label'], fallback: boolean, more: Partial<Field> = {}): Field => ({ at, kind: 'flag', label, fallback, ...more });
const number = (at: string, label: Field['label'], fallback: number, more: Partial<Field> = {}): Field => ({ at, kind: 'number', label, fallback, ...more });
const seconds = (at: string, label: Field['label'], fallback: number) => number(at, label, fallback, { unit: 's', min: 1 });
const milliseconds = (at: string, label: Field['label'], fallback: number) => number(at, label, fallback, { unit: 'ms', min: 1 });
const choice = (at: string, label: Field['label'], options: string[], more: Partial<Field> = {}): Field => ({ at, kind: 'choice', label, options, ...more });

const LOGIN = [text('auth.username', 'username'), secret('auth.password', 'password')];
const POLLED = [seconds('fetch_interval', 'fetch_interval', 30), milliseconds('timeout.connect', 'connect', 2000), milliseconds('timeout.send', 'send', 2000), milliseconds('timeout.read', 'read', 5000)];
const CONSUL: TypeFields = {
  connection: [texts('servers', 'servers', { hint: 'servers' }), secret('token', 'token', { hint: 'consulToken' }), text('datacenter', 'datacenter')],
  asking: [
    flag('keepalive', 'keepalive', true, { hint: 'keepalive' }),
    seconds('timeout.wait', 'wait', 60),
    seconds('fetch_interval', 'fetch_interval', 3),
    milliseconds('timeout.connect', 'connect', 2000),
    milliseconds('timeout.read', 'read', 2000),
  ],
  instances: [
    number('weight', 'weightFactor', 1, { min: 1, hint: 'consulWeight' }),
    text('default_service.host', 'default_host', { hint: 'stand' }),
    { at: 'default_service.port', kind: 'number', label: 'default_port', min: 1 },
    texts('skip_services', 'skip_services'),
  ],
  tls: [flag('tls.verify', 'ssl_verify', true), { at: 'tls.ca_certs', kind: 'pem', label: 'ca_certs' }],
};
const CA_CERTS: Field = { at: 'ca_certs', kind: 'pem', label: 'ca_certs' };

/** The fields of every type; what has none here goes through the form unchanged. */
export const FIELDS: Record<RegistryType, TypeFields> = {
  consul: CONSUL,
  consul_kv: {
    ...CONSUL,
    connection: [
      texts('servers', 'servers', { hint: 'servers' }),
      secret('token', 'token', { hint: 'kvToken' }),
      text('datacenter', 'datacenter'),
      text('prefix', 'prefix', { fallback: 'upstreams', hint: 'kvPrefix' }),
    ],
    instances: [number('weight', 'weight', 1, { min: 1 }), ...CONSUL.instances.slice(1, 3), texts('skip_keys', 'skip_keys')],
  },
  dns: {
    connection: [
      texts('servers', 'servers', { hint: 'dnsServers' }),
      text('resolv_conf', 'resolv_conf', { hint: 'resolvConf' }),
      { at: 'order', kind: 'choices', label: 'order', hint: 'order', options: ['last', 'SRV', 'A', 'AAAA', 'CNAME'], fallback: 'last, SRV, A, AAAA, CNAME' },
    ],
    asking: [],
    instances: [],
    tls: [],
  },
  eureka: {
    connection: [texts('host', 'host', { alias: 'hosts', hint: 'eurekaHost' }), text('prefix', 'prefix', { fallback: '/', hint: 'eurekaPrefix' }), ...LOGIN],
    asking: POLLED,
    instances: [number('weight', 'weight', 100, { alias: 'default_weight' })],
    tls: [flag('ssl_verify', 'ssl_verify', false), CA_CERTS],
  },
  file: { connection: [text('path', 'path', { hint: 'path' })], asking: [], instances: [number('default_weight', 'weight', 100)], tls: [] },
  http: {
    connection: [text('url', 'url', { hint: 'url' }), ...LOGIN, { at: 'headers', kind: 'headers', label: 'headers', hint: 'headers' }],
    asking: [seconds('fetch_interval', 'fetch_interval', 30), number('timeout', 'timeout', 5, { unit: 's' })],
    instances: [number('default_weight', 'weight', 100)],
    tls: [flag('ssl_verify', 'ssl_verify', true), CA_CERTS],
  },
  kubernetes: {
    connection: [
      choice('service.schema', 'schema', ['https', 'http'], { fallback: 'https' }),
      text('service.host', 'service_host', { fallback: '${KUBERNETES_SERVICE_HOST}', hint: 'serviceHost' }),
      text('service.port', 'service_port', { fallback: '${KUBERNETES_SERVICE_PORT}' }),
      secret('client.token', 'token'),
      text('client.token_file', 'token_file', { fallback: '/var/run/secrets/kubernetes.io/serviceaccount/token', hint: 'tokenFile' }),
    ],
    asking: [],
    instances: [
      text('namespace_selector.equal', 'equal', { hint: 'namespaces' }),
      text('namespace_selector.not_equal', 'not_equal'),
      texts('namespace_selector.match', 'match'),
      texts('namespace_selector.not_match', 'not_match'),
      text('label_selector', 'label_selector'),
      number('default_weight', 'weight', 50),
      flag('watch_endpoint_slices', 'watch_endpoint_slices', false),
    ],
    tls: [{ at: 'service.ssl_verify', kind: 'flag', label: 'ssl_verify' }, text('service.ca_file', 'ca_file')],
  },
  nacos: {
    connection: [
      texts('host', 'host', { alias: 'hosts', hint: 'nacosHost' }),
      text('prefix', 'prefix', { fallback: '/nacos/v1/', hint: 'nacosPrefix' }),
      choice('api_version', 'api_version', ['v1', 'v2', 'v3']),
      text('auth.username', 'username'),
      secret('auth.password', 'password'),
      secret('auth.token', 'token', { hint: 'nacosToken' }),
      text('auth.access_key', 'access_key', { alias: 'access_key' }),
      secret('auth.secret_key', 'secret_key', { alias: 'secret_key' }),
    ],
    asking: POLLED,
    instances: [number('weight', 'weight', 100, { alias: 'default_weight', min: 1 })],
    tls: [flag('ssl_verify', 'ssl_verify', true), CA_CERTS],
  },
};

/** How often and how long a connection is tested. */
export const TESTS: Field[] = [{ ...seconds('probe_interval', 'probe_interval', 15), hint: 'probe' }, seconds('probe_timeout', 'probe_timeout', 5)];
