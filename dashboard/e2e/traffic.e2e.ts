import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inspect, newPage } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';
const UPSTREAMS = '/gateway-groups/default/workspaces/default/upstreams';

let gateway: Gateway;
let page: Page;
let nodes: Node[];
let traffic: NodeJS.Timeout;
const scripts: string[] = [];

const { go, row, heading, shown, logIn, changePassword } = steps(() => ({ page, address: gateway.address }));
const health = () => page.getByRole('region', { name: 'Health over time' });
const drawn = (name: RegExp) => page.getByRole('img', { name });

beforeAll(async () => {
  nodes = await Promise.all([Node.start(), Node.start(), Node.start()]);
  gateway = await Gateway.start();
  const check = { type: 'http', http_path: '/', healthy: { interval: 1, successes: 1 }, unhealthy: { interval: 1, http_failures: 1, tcp_failures: 1 } };
  await gateway.api('PUT', '/api/upstreams/orders', { name: 'orders', nodes: nodes.map(({ port }) => ({ host: '127.0.0.1', port, weight: 1 })), checks: { active: check } });
  await gateway.api('PUT', '/api/routes/orders', { uri: '/*', upstream_id: 'orders' });
  await gateway.api('PUT', '/api/upstreams/quiet', { name: 'quiet', nodes: [{ host: '127.0.0.1', port: nodes[0]!.port, weight: 1 }] });
  nodes[1]!.fails = true;
  traffic = setInterval(() => void fetch(gateway.traffic + '/a').then((answer) => answer.text(), () => {}), 20);
  page = await newPage(gateway.address);
  page.on('request', (request) => {
    if (request.resourceType() === 'script') scripts.push(request.url());
  });
});

afterAll(() => clearInterval(traffic));

test('the list has how long answers take, without the code of charts', async () => {
  await go(UPSTREAMS);
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await row('orders').getByText(/^[\d.]+ ms$/).waitFor();
  expect(await row('quiet').getByText(/ ms$/).count()).toBe(0);
  expect(await inspect(page, 'upstreams-latency')).toEqual([]);
  expect(scripts.filter((url) => /LiveCanvas/.test(url))).toEqual([]);
});

test('an upstream draws what it gets, live, and says it in words', async () => {
  await page.getByRole('link', { name: 'orders', exact: true }).click();
  await heading('orders').waitFor();
  await shown(/^p99 [\d.]+ ms$/);
  await page.locator('.live-canvas canvas').nth(2).waitFor();
  await drawn(/^Requests\/s over the last 5 minutes\. Requests\/s: now \d/).waitFor();
  await drawn(/^Failures\/s .* now [\d.]+, between/).waitFor();
  await drawn(/^Latency .* p50: now [\d.]+ ms, .* p99: now [\d.]+ ms/).waitFor();
  expect(scripts.some((url) => /LiveCanvas/.test(url))).toBe(true);
});

test('a node that goes away and comes back is seen in the chart and in the table', async () => {
  await health().getByText('Nothing happened to its nodes in this time').waitFor();
  await nodes[2]!.down();
  const bar = drawn(new RegExp(`^127\\.0\\.0\\.1:${nodes[2]!.port}: .*unhealthy for`));
  await bar.waitFor();
  await nodes[2]!.up();
  await row(`127.0.0.1:${nodes[2]!.port}`).getByText('Up', { exact: true }).waitFor();
  await gateway.api('PUT', `/api/upstreams/orders/nodes/127.0.0.1:${nodes[0]!.port}/override`, { kind: 'drain', note: 'new kernel' });
  await drawn(new RegExp(`^127\\.0\\.0\\.1:${nodes[0]!.port}: .*draining or drained for`)).waitFor();
  await health().getByText('15 min', { exact: true }).click();
  expect(await health().getByRole('img', { name: /^127/ }).count()).toBe(2); // the third was up all the time
  expect(await inspect(page, 'upstream-traffic')).toEqual([]);
  await health().scrollIntoViewIfNeeded();
  expect(await inspect(page, 'upstream-health')).toEqual([]);

  await health().getByText('Table', { exact: true }).click();
  await health().getByRole('row').filter({ hasText: 'Draining or drained' }).getByText(/new kernel/).waitFor();
  await health().getByRole('row').filter({ hasText: 'Unhealthy' }).getByText(/by probe/).waitFor();
  expect(await inspect(page, 'upstream-health-table')).toEqual([]);
});
