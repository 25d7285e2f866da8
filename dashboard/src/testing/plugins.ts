import type { Plugin } from '../plugins/queries';

const OF_REQUESTS: Plugin['scopes'] = ['route', 'service', 'plugin_config', 'global_rule'];
const part = { version: '0.1', scopes: [...OF_REQUESTS, 'consumer_group', 'consumer'] satisfies Plugin['scopes'], encrypt_fields: [] };
const headers = { type: 'object', patternProperties: { '^[^:]+$': { oneOf: [{ type: 'string' }, { type: 'number' }] } } };

/** Some plugins, as `GET /api/plugins` gives them. */
export const pluginList: Plugin[] = [
  {
    ...part,
    name: 'ip-restriction',
    priority: 3000,
    schema: {
      type: 'object',
      properties: {
        message: { type: 'string', minLength: 1, maxLength: 1024, default: 'Your IP address is not allowed' },
        whitelist: { type: 'array', minItems: 1, items: { type: 'string' } },
        blacklist: { type: 'array', minItems: 1, items: { type: 'string' } },
      },
      oneOf: [{ required: ['whitelist'] }, { required: ['blacklist'] }],
    },
  },
  {
    ...part,
    name: 'key-auth',
    priority: 2500,
    type: 'auth',
    scopes: [...OF_REQUESTS, 'consumer', 'credential'],
    encrypt_fields: ['key'],
    schema: { type: 'object', properties: { header: { type: 'string', maxLength: 256, default: 'apikey' }, hide_credentials: { type: 'boolean', default: false } } },
    consumer_schema: { type: 'object', properties: { key: { type: 'string', minLength: 1 } }, required: ['key'] },
  },
  { ...part, name: 'multi-auth', priority: 2600, type: 'auth', scopes: OF_REQUESTS, schema: { type: 'object', properties: { auth_plugins: { type: 'array', items: { type: 'object', minProperties: 1 } } }, required: ['auth_plugins'] } },
  {
    ...part,
    name: 'proxy-rewrite',
    priority: 1008,
    schema: {
      type: 'object',
      properties: {
        uri: { type: 'string', maxLength: 4096 },
        headers: { oneOf: [{ type: 'object', additionalProperties: false, properties: { set: headers, remove: { type: 'array', items: { type: 'string' } } } }, headers] },
      },
    },
  },
  {
    ...part,
    name: 'limit-count',
    priority: 1002,
    encrypt_fields: ['redis_password'],
    schema: {
      type: 'object',
      properties: {
        count: { type: 'integer', exclusiveMinimum: 0 },
        time_window: { type: 'integer', exclusiveMinimum: 0, description: 'seconds' },
        key: { type: 'string', default: 'remote_addr' },
        policy: { type: 'string', enum: ['local', 'redis'], default: 'local' },
        redis_password: { type: 'string' },
      },
      required: ['count', 'time_window'],
    },
  },
  {
    ...part,
    name: 'traffic-label',
    priority: 967,
    schema: { type: 'object', properties: { rules: { type: 'array', items: { type: 'object', properties: { match: { type: 'array' }, weight: { type: 'integer', default: 1 } }, required: ['weight'] } } }, required: ['rules'] },
  },
];
