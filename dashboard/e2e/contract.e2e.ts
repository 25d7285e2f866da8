import { beforeAll, expect, test, vi } from 'vitest';
import { Gateway, Node } from './gateway';

interface Schema {
  $ref?: string;
  oneOf?: Schema[];
  required?: string[];
  properties?: Record<string, Schema>;
  items?: Schema;
}

let gateway: Gateway;
let node: Node;
let schemas: Record<string, Schema>;

beforeAll(async () => {
  [gateway, node] = await Promise.all([Gateway.start({ headgate: { explain: { recent: 10, sample: 1 } } }), Node.start()]);
  ({ schemas } = ((await gateway.api('GET', '/api/openapi.json')) as { components: { schemas: Record<string, Schema> } }).components);
  await gateway.api('PUT', '/api/upstreams/1', { nodes: [{ host: '127.0.0.1', port: node.port, weight: 1 }] });
  await gateway.api('PUT', '/api/routes/1', { uri: '/', upstream_id: '1' });
});

/** What an answer lacks of a schema, or has beyond it. */
function differences(schema: Schema, value: unknown, path: string): string[] {
  if (schema.$ref) return differences(schemas[schema.$ref.split('/').at(-1)!]!, value, path);
  if (schema.oneOf) return value === null ? [] : differences(schema.oneOf[0]!, value, path);
  if (Array.isArray(value)) return value.flatMap((item, index) => (schema.items ? differences(schema.items, item, `${path}[${index}]`) : []));
  if (schema.properties === undefined || typeof value !== 'object' || value === null) return [];
  const { properties, required = [] } = schema;
  return [
    ...required.filter((member) => !(member in value)).map((member) => `${path}.${member} is missing`),
    ...Object.entries(value).flatMap(([member, inner]) => (properties[member] ? differences(properties[member], inner, `${path}.${member}`) : [`${path}.${member} is not in the document`])),
  ];
}

const compare = (name: string, value: unknown) => expect(differences(schemas[name]!, value, name)).toEqual([]);
const ask = async (method: string, path: string, body?: unknown) => (await gateway.api(method, path, body)) as Record<string, unknown>;

/** A list that instances' reports fill within about a second. */
const reported = (path: string, first?: () => Promise<unknown>) =>
  vi.waitFor(
    async () => {
      await first?.();
      const answer = await ask('GET', path);
      expect(answer.list).not.toEqual([]);
      return answer;
    },
    { timeout: 30_000, interval: 50 },
  );

test('what is told of traffic and history has the members that the document names', async () => {
  compare('traffic', await reported('/api/gateway_groups/default/traffic?by=node', () => fetch(gateway.traffic + '/')));
  compare('traffic', await ask('GET', '/api/gateway_groups/default/traffic'));
  const history = await ask('GET', '/api/gateway_groups/default/upstreams/1/history');
  compare('revisions', history);
  const { revision } = (history.list as { revision: number }[])[0]!;
  compare('comparison', await ask('GET', `/api/gateway_groups/default/upstreams/1/history?compare=${revision}..${revision}`));
});

test('what instances and nodes answer has the members that the document names', async () => {
  compare('nodes', await ask('GET', '/api/upstreams/1/nodes'));
  compare('override', await ask('PUT', '/api/upstreams/1/nodes/127.0.0.1:' + node.port + '/override', { kind: 'drain', force: true, note: 'x' }));
  compare('override', ((await ask('GET', '/api/overrides')).list as unknown[])[0]);
  compare('nodes', await ask('GET', '/api/upstreams/1/nodes'));
  compare('group_health', await reported('/api/gateway_groups/default/health'));
  compare('timeline', await ask('GET', `/api/upstreams/1/nodes/127.0.0.1:${node.port}/timeline`));
  compare('instance', ((await ask('GET', '/api/instances')).list as unknown[])[0]);
  compare('convergence', await ask('GET', '/api/gateway_groups/default/convergence'));
});

test('what is told of requests has the members that the document names', async () => {
  compare('explanation', await ask('POST', '/api/explain', { host: 'a.test', path: '/' }));
  compare('explanation', await ask('POST', '/api/explain', { host: 'a.test', path: '/none' }));
  await gateway.api('PUT', '/api/upstreams/2', { type: 'chash', key: 'uri', nodes: [{ host: '127.0.0.1', port: node.port, weight: 1 }], rate_limit: { rate: 1 }, circuit_breaker: {} });
  await gateway.api('PUT', '/api/routes/2', { uri: '/split', upstream_id: '1', plugins: { 'traffic-split': { rules: [{ weighted_upstreams: [{ upstream_id: '2' }] }] } } });
  compare('explanation', await ask('POST', '/api/explain', { host: 'a.test', path: '/split' }));
  await fetch(gateway.traffic + '/');
  const recent = await vi.waitFor(async () => {
    const answer = await ask('GET', '/api/explain/recent?upstream=upstreams/1&limit=1');
    expect(answer.requests).toHaveLength(1);
    return answer;
  });
  compare('recent_requests', recent);
});

test('what a dry run answers has the members that the document names', async () => {
  compare('dry_run', await ask('PUT', '/api/upstreams/1?dry-run=true', { nodes: [], type: 'random' }));
});

test('what is told of plugins has the members that the document names', async () => {
  const { list } = (await ask('GET', '/api/plugins')) as { list: { name: string }[] };
  for (const plugin of list) compare('plugin', plugin);
});

test('what the audit logs answer has the members that the document names', async () => {
  for (const path of ['gateway_groups/default/revisions', 'gateway_groups/default/audit', 'audit']) compare('revisions', await ask('GET', `/api/${path}?page_size=1`));
});
