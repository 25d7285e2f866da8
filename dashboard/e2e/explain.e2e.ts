import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { inspect, newPage } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'why this node and no other';
const WORKSPACE = '/gateway-groups/default/workspaces/default';

let gateway: Gateway;
let page: Page;
let nodes: Node[];

const { go, button, row, dialog, heading, shown, logIn, changePassword } = steps(() => ({ page, address: gateway.address }));
const addressOf = (node: Node) => `127.0.0.1:${node.port}`;
const step = (title: string) => page.locator('.walk > li').filter({ has: page.getByRole('heading', { level: 3, name: title, exact: true }) });
/** A node of an upstream as it is written. */
const nodeAt = (port: number, weight = 1) => ({ host: '127.0.0.1', port, weight });

beforeAll(async () => {
  nodes = await Promise.all([Node.start(), Node.start(), Node.start()]);
  gateway = await Gateway.start({ headgate: { explain: { recent: 100, sample: 1 } } });
  const [first, second, third] = nodes.map(({ port }) => port) as [number, number, number];
  await gateway.api('PUT', '/api/upstreams/orders', { type: 'least_conn', nodes: [nodeAt(first, 2), nodeAt(second), nodeAt(third)], rate_limit: { rate: 1000 } });
  await gateway.api('PUT', '/api/upstreams/canary', { type: 'chash', key: 'remote_addr', nodes: [nodeAt(first), nodeAt(second)] });
  await gateway.api('PUT', '/api/routes/orders', { name: 'Orders', uris: ['/orders', '/orders/*'], hosts: ['shop.test'], upstream_id: 'orders' });
  const rules = [{ match: [{ vars: [['http_x-beta', '==', '1']] }], weighted_upstreams: [{ upstream_id: 'canary', weight: 1 }, { weight: 9 }] }];
  await gateway.api('PUT', '/api/routes/split', { uri: '/split', upstream_id: 'orders', plugins: { 'traffic-split': { rules } } });
  page = await newPage(gateway.address);
});

test('a pasted request is explained from the route to the pick, and nothing is sent', async () => {
  await go(`${WORKSPACE}/explain`);
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await heading('Explain').waitFor();
  await shown('Fill in what a client would send');
  expect(await inspect(page, 'explain-empty')).toEqual([]);

  const drained = addressOf(nodes[2]!);
  await gateway.api('PUT', `/api/upstreams/orders/nodes/${drained}/override`, { kind: 'drain', note: 'new kernel' });
  await button(/Paste a request/).click();
  await dialog().getByLabel('A curl command').fill("curl -u jane:secret 'http://shop.test/orders/7?x=1' -H 'X-User: 7' -b 'sid=1'");
  expect(await inspect(page, 'explain-paste')).toEqual([]);
  await dialog().getByRole('button', { name: 'Fill in' }).click();
  await shown(/--user is left out/);
  await button('Explain').click();

  await step('Route').getByRole('link', { name: 'route orders' }).waitFor();
  await step('Upstream').getByText('Least connection').waitFor();
  await step('Nodes').getByRole('row').filter({ hasText: drained }).getByText('Left out').waitFor();
  await step('Nodes').getByText('new kernel').waitFor();
  await step('Pick').getByRole('listitem').first().getByText(addressOf(nodes[0]!)).waitFor();
  expect(page.url()).toContain('host=shop.test');
  expect(page.url()).not.toContain('secret');
  expect(await inspect(page, 'explain')).toEqual([]);
  expect(nodes.map(({ asked }) => asked)).toEqual([0, 0, 0]);

  // The address is all that it takes.
  await page.reload();
  await step('Pick').getByText(addressOf(nodes[0]!)).first().waitFor();
  expect(await page.getByLabel('Value 1').inputValue()).toBe('7');
});

test('a split tells its rule and its shares; the one that is chosen is explained, with its hash', async () => {
  await go(`${WORKSPACE}/explain?host=shop.test&path=/split&header=X-Beta:1&client_ip=10.0.0.7`);
  await shown('It goes to one of the upstreams that traffic-split chooses from');
  await step('Choice of the upstream').getByText('10 %').waitFor();
  await button('Explain upstreams/canary').click();
  await step('Pick').getByText('10.0.0.7').waitFor();
  await step('Pick').getByText(/\d+ of 320/).waitFor();
  expect(await inspect(page, 'explain-split')).toEqual([]);
});

test('what the gateway answers by itself, and what it cannot read, are told', async () => {
  await go(`${WORKSPACE}/explain?host=else.test&path=/nothing`);
  await shown('The gateway answers by itself: 404');
  await shown('No route matches.');
  expect(await inspect(page, 'explain-no-route')).toEqual([]);
  await page.getByLabel('Client IP').fill('10.0.0');
  await button('Explain').click();
  await page.locator('.ant-form-item-explain-error', { hasText: 'is no IP address' }).waitFor();
});

test('recent requests tell each try and why its node was picked, and lead back to the question', async () => {
  await go(`${WORKSPACE}/explain?tab=recent`);
  await shown('Every request that comes is shown here.');
  await nodes[0]!.down();
  await fetch(gateway.traffic + '/split');
  await row('/split').getByText('connection refused').first().waitFor();
  await row('/split').getByText('answered 200').waitFor();
  await row('/split').getByText(/score 0\.5/).waitFor();
  await row('/split').getByText(`Left out: ${addressOf(nodes[2]!)}, draining`).waitFor();
  expect(await inspect(page, 'explain-recent')).toEqual([]);

  await go(`${WORKSPACE}/upstreams/orders`);
  await row('/split').getByText('Least connection, 2 candidates').waitFor();
  expect(await inspect(page, 'upstream-recent')).toEqual([]);
  await row('/split').getByRole('link', { name: 'Explain GET /split as of now' }).click();
  await step('Route').getByRole('link', { name: 'route split' }).waitFor();
  await go(`${WORKSPACE}/upstreams/canary`);
  await shown('No request has been kept yet');
});

test('a gateway that keeps no requests says how it would', async () => {
  const other = await Gateway.start();
  const elsewhere = await newPage(other.address);
  const there = steps(() => ({ page: elsewhere, address: other.address }));
  await there.go(`${WORKSPACE}/explain?tab=recent`);
  await there.logIn('admin', other.password);
  await there.changePassword(other.password, PASSWORD);
  await there.shown('Recent requests are not kept');
  expect(await inspect(elsewhere, 'explain-recent-off')).toEqual([]);
});
