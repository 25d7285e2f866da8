import type { Play } from './render';
import { tagged } from './upstream';

/** Address of the registries' list. */
export const REGISTRIES = '/gateway-groups/default/service-registries';
const API = '/api/gateway_groups/default/service_registries';
const NOW = Math.floor(Date.now() / 1_000);

/** The connection of the played API. */
export const paris = {
  id: 'paris', name: 'Consul of Paris', type: 'consul', consul_config: { servers: ['http://10.0.0.5:8500'], token: '<redacted>', dump: { path: 'x' } }, source: 'store', create_time: 1, update_time: 2,
  status: 'lost_connection', status_reason: 'Connection refused', status_since: NOW - 60, last_connect_time: NOW - 70,
};
/** The registry of its config.yaml. */
const settings = { id: 'discovery:dns', type: 'dns', dns_config: { servers: ['10.0.0.53'] }, source: 'config.yaml', status: 'healthy', status_since: NOW - 600 };
/** A service of it that an upstream follows, with an instance that is held. */
export const followed = {
  registry: 'service_registries/paris', discovery_type: 'consul', service_registry_id: 'paris', service_name: 'prices', followers: 2, known: true, remembered: false, instance_count: 2, answered_at: NOW,
  held: { missing: 1, since: NOW - 10, until: NOW + 290 },
  instances: [{ host: '10.0.0.1', port: 80, weight: 1 }, { host: '10.0.0.2', port: 80, weight: 1, held: true }],
};

/** An API that has a connection, whose service an upstream follows, and a registry of config.yaml. */
export const registries: Play = {
  [`GET ${API}`]: () => ({ list: [settings, paris], total: 2 }),
  [`GET ${API}/paris`]: () => tagged(paris),
  [`GET ${API}/discovery:dns`]: () => ({ value: settings }),
  [`GET ${API}/paris/status`]: () => ({ value: { ...paris, answers: 7, failures: 1, changes: 3 } }),
  [`GET ${API}/discovery:dns/status`]: () => ({ value: { ...settings, answers: 0, failures: 0, changes: 0 } }),
  [`GET ${API}/paris/connected_services`]: () => ({ list: [{ key: '/apisix/upstreams/prices', kind: 'upstream', id: 'prices', workspace_id: 'team-a', upstream_name: 'Prices', service_name: 'prices' }], total: 1 }),
  [`GET ${API}/discovery:dns/connected_services`]: () => ({ list: [], total: 0 }),
  [`GET ${API}/paris/health_check_history`]: () => ({
    list: [
      { hostname: 'gw-1', status: 'lost_connection', status_reason: 'Connection refused', connect_time: NOW - 60 },
      { hostname: 'gw-1', status: 'healthy', connect_time: NOW - 600 },
    ],
    total: 2,
  }),
  [`GET ${API}/discovery:dns/health_check_history`]: () => ({ list: [], total: 0 }),
  [`GET ${API}/paris/services`]: ({ query }) => {
    const names = ['orders', 'prices'].filter((name) => name.includes(query.get('search') ?? ''));
    return { list: names, total: names.length };
  },
  [`GET ${API}/paris/services/prices/instances`]: () => ({ list: [{ host: '10.0.0.1', port: 80, weight: 1, metadata: { zone: 'a' } }, { host: '10.0.0.3', weight: 1 }], total: 2, problems: ['[2].Service: no port'] }),
  'GET /api/gateway_groups/default/discovery/services': ({ query }) => ({ list: query.get('registry') === followed.registry ? [followed] : [], total: query.get('registry') === followed.registry ? 1 : 0 }),
};
