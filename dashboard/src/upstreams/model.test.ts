import { expect, test } from 'vitest';
import { nodeList, toEntry, toUpstream } from './model';

test('nodes written as a map become a list, ports and IPv6 addresses included', () => {
  expect(nodeList({ '10.0.0.1:80': 1, 'api.test': 2, '[::1]:8080': 0 })).toEqual([
    { host: '10.0.0.1', port: 80, weight: 1 },
    { host: 'api.test', weight: 2 },
    { host: '[::1]', port: 8080, weight: 0 },
  ]);
});

test('what the form has no field for goes through it unchanged', () => {
  const stored = { id: 'a', create_time: 1, update_time: 2, nodes: [{ host: 'a', port: 1, weight: 1, metadata: { zone: 'x' } }], sticky: { cookie: {} }, warm_up_conf: { slow_start_time_seconds: 3 } };
  expect(toUpstream(toEntry(stored as never))).toEqual({ id: 'a', nodes: stored.nodes, sticky: { cookie: {} }, warm_up_conf: { slow_start_time_seconds: 3 } });
});

test('fields that were left empty are not written; a timeout is written whole', () => {
  expect(toUpstream({ name: '', retries: null as never, keepalive_pool: {}, timeout: { connect: 5 } as never, nodes: [{ host: 'a', port: null, weight: 0 }] })).toEqual({
    timeout: { connect: 5, send: 60, read: 60 },
    nodes: [{ host: 'a', weight: 0 }],
  });
});

test('an upstream of a registry alone sends no empty list of nodes', () => {
  expect(toUpstream({ service_name: 'orders', discovery_type: 'consul', nodes: [] })).toEqual({ service_name: 'orders', discovery_type: 'consul' });
});
