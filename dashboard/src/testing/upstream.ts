import { refuse, type Play } from './render';

/** Address of the upstreams' list. */
export const WORKSPACE = '/gateway-groups/default/workspaces/default/upstreams';
/** The upstream of the played API. */
export const stored = { id: 'orders', name: 'Orders', type: 'roundrobin', nodes: [{ host: '10.0.0.1', port: 80, weight: 1, metadata: { zone: 'a' } }], sticky: { cookie: {} }, create_time: 1, update_time: 2 };
const node = {
  node: '10.0.0.1:80', host: '10.0.0.1', port: 80, weight: 1, priority: 0, state: 'up', exclusions: [], forced_up: false,
  health: { status: 'healthy', success: 0, http_failure: 0, tcp_failure: 0, timeout_failure: 0 }, in_flight: 3, latency_ms: 4.25, endpoints: ['10.0.0.1:80'], last_change: null,
};
const affected = { totals: { routes: 1, split_rules: 0 }, every_request: false, complete: true, requests_per_second: 30, list: [{ key: '/apisix/routes/r1', kind: 'routes', id: 'r1', by: [], requests_per_second: 30 }] };
/** A dry run of an edit of it. */
export const preview = { dry_run: true, key: '/apisix/upstreams/orders', kind: 'upstreams', id: 'orders', difference: [{ path: 'name', before: 'Orders', after: 'Orders 2' }], warnings: [], affected };
/** An object, as its own address answers it. */
export const tagged = (value: unknown, etag = '"7"') => new Response(JSON.stringify({ value }), { headers: { 'Content-Type': 'application/json', ETag: etag } });

/** An API that has one upstream, with a node up and one down. */
export const played: Play = {
  'GET /api/upstreams': () => ({ list: [stored], total: 1 }),
  'GET /api/upstreams/orders': () => tagged(stored),
  'GET /api/upstreams/orders/nodes': () => ({ upstream: 'upstreams/orders', type: 'roundrobin', checked: true, total: 2, up: 1, nodes: [node, { ...node, node: '10.0.0.2:80', host: '10.0.0.2', endpoints: ['10.0.0.2:80'], state: 'down', exclusions: ['unhealthy'], last_change: { at: '2026-01-01T00:00:00Z', kind: 'unhealthy', source: 'probe', reason: 'connection refused' } }] }),
  'GET /api/gateway_groups/default/traffic': ({ query }) => ({
    instances: { heard: 1, unknown: [] },
    requests_per_second: 50,
    list: query.get('by') === 'upstream' ? [{ owner: 'upstreams/orders', requests_per_second: 50, failures_per_second: 5, latency_ms: { p50: 2.5, p99: 40 } }] : [{ owner: 'upstreams/orders', node: '10.0.0.1:80', requests_per_second: 50, failures_per_second: 0.5 }],
    total: 1,
  }),
  'GET /api/gateway_groups/default/affected': () => ({ list: [{ key: '/apisix/upstreams/orders', kind: 'upstreams', id: 'orders', affected }] }),
  'GET /api/upstreams/orders/timeline': () => ({ upstream: 'upstreams/orders', total: 0, kept_max: 50, timeline: [], instances: [{ id: 'gw-1', start_time: 0 }], unknown: [] }),
  'GET /api/upstreams/orders/overrides': () => ({ list: [], total: 0 }),
  'GET /api/explain/recent': () => ({ kept_max: 0, sample: 0, total: 0, requests: [] }),
  'DELETE /api/upstreams/orders': () => refuse(400, { ...preview, would: 'be refused', error_msg: 'can not delete', users: ['/apisix/routes/r1'] }),
};
