import { pluginList } from './plugins';
import { refuse, type Play } from './render';
import { played as ofUpstreams, preview, tagged } from './upstream';

const WORKSPACE = '/gateway-groups/default/workspaces/default';
export const ROUTES = `${WORKSPACE}/routes`;
export const SERVICES = `${WORKSPACE}/services`;

/** The route of the played API. */
export const route = {
  id: 'r1', name: 'Checkout', uri: '/checkout/*', methods: ['GET', 'POST'], host: 'shop.test', upstream_id: 'orders', vars: [['arg_v', '==', '2'], ['http_x', '!', 'in', ['a', 'b']]],
  plugins: { 'proxy-rewrite': { uri: '/', _meta: { disable: true } }, 'ip-restriction': { whitelist: ['10.0.0.0/8'] } }, plugin_config_id: 'p1', create_time: 1, update_time: 2,
};
export const service = { id: 's1', name: 'Shop', hosts: ['shop.test'], upstream: { nodes: { '10.0.0.1:80': 1 } }, create_time: 1, update_time: 2 };

const affected = (requests: number | null) => ({ totals: { routes: 1, split_rules: 0 }, every_request: false, complete: true, requests_per_second: requests, list: [{ key: '/apisix/routes/r1', kind: 'routes', id: 'r1', by: [], requests_per_second: requests }] });
/** A dry run that turns the route off, which gets so many requests a second. */
export const turningOff = (requests: number | null) => ({ ...preview, kind: 'routes', id: 'r1', would: 'update', affected: affected(requests) });

/** An API that has a route to an upstream, and a service with nodes of its own. */
export const played: Play = {
  ...ofUpstreams,
  'GET /api/routes': () => ({ list: [route], total: 1 }),
  'GET /api/routes/r1': () => tagged(route),
  'GET /api/services': () => ({ list: [service], total: 1 }),
  'GET /api/services/s1': () => tagged(service),
  'GET /api/plugins': () => ({ list: pluginList, total: pluginList.length }),
  'GET /api/gateway_groups/default/affected': ({ query }) => ({ list: query.get('of')!.split(',').map((key) => ({ key, kind: key.split('/')[0], id: key.split('/')[1], affected: affected(30) })) }),
  'GET /api/gateway_groups/default/traffic': (asked) =>
    asked.query.get('by') === 'route'
      ? { instances: { heard: 1, unknown: [] }, requests_per_second: 30, list: [{ route: 'r1', requests_per_second: 30 }], total: 1 }
      : ofUpstreams['GET /api/gateway_groups/default/traffic']!(asked),
  'DELETE /api/services/s1': () => refuse(400, { ...preview, would: 'be refused', error_msg: 'can not delete', users: ['/apisix/routes/r1'] }),
};
