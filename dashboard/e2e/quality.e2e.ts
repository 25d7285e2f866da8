import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { inspect, newPage } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'the third horse is grey';
const WORKSPACE = '/gateway-groups/default/workspaces/default';

/** Above this, a page counts as one that jumps while it loads (web.dev: cumulative layout shift, "good"). */
const SHIFT_MAX = 0.1;

let gateway: Gateway;
let node: Node;
let page: Page;

const { go, row, shown, logIn, changePassword } = steps(() => ({ page, address: gateway.address }));

beforeAll(async () => {
  [gateway, node] = await Promise.all([Gateway.start(), Node.start()]);
  await gateway.api('PUT', '/api/upstreams/many', { name: 'many', nodes: Array.from({ length: 1_000 }, (_, index) => ({ host: `127.1.${index >> 8}.${index & 255}`, port: node.port, weight: 1 })) });
  for (let number = 1; number <= 19; number++) await gateway.api('PUT', `/api/upstreams/u${number}`, { name: `upstream ${number}`, nodes: [{ host: '127.0.0.1', port: node.port, weight: 1 }] });
  await gateway.api('PUT', '/api/routes/many', { uri: '/many', upstream_id: 'many' });
  page = await newPage(gateway.address);
  await go('/gateway-groups');
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await row('default').waitFor();
});

test('nothing jumps while a page loads', async () => {
  await page.addInitScript(() => {
    const seen: { value: number; what: string[] } = { value: 0, what: [] };
    Object.assign(window, { shifts: seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { value: number; hadRecentInput: boolean; sources: { node?: Element }[] })[]) {
        if (entry.hadRecentInput) continue;
        seen.value += entry.value;
        seen.what.push(...entry.sources.map(({ node: moved }) => `${moved?.nodeName}.${moved?.className}`));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const jumped: string[] = [];
  for (const [address, there] of [
    ['/gateway-groups', '1 healthy'],
    ['/gateway-groups/default/instances', 'healthy'],
    [WORKSPACE + '/upstreams', '1000 of 1000 up'],
    [WORKSPACE + '/upstreams/many', '1000 of 1000 up'],
    [WORKSPACE + '/upstreams/u1', '1 of 1 up'],
    [WORKSPACE + '/upstreams/u1/configure', 'How the gateway talks to the nodes'],
    [WORKSPACE + '/upstreams/u1/history', 'Revision'],
  ] as const) {
    await go(address);
    await shown(there);
    // Two frames more: what came last has been laid out.
    const shifts = await page.evaluate(async () => {
      for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame);
      return (window as unknown as { shifts: { value: number; what: string[] } }).shifts;
    });
    if (shifts.value > SHIFT_MAX) jumped.push(`${address}: ${shifts.value.toFixed(3)} by ${[...new Set(shifts.what)].join(', ')}`);
  }
  expect(jumped).toEqual([]);
});

test('an upstream of 1,000 nodes is shown, searched and edited a page at a time', async () => {
  await go(WORKSPACE + '/upstreams/many');
  await shown('1000 of 1000 up');
  await shown('1–50 of 1000');
  expect(await page.getByRole('row').count()).toBeLessThan(120);
  await page.getByLabel('Search by address').fill('127.1.3.231');
  await row('127.1.3.231').waitFor();
  await row('127.1.0.0:').waitFor({ state: 'detached' });
  expect(await inspect(page, 'upstream-many-nodes')).toEqual([]);

  await go(WORKSPACE + '/upstreams/many/configure');
  await page.getByTitle('20', { exact: true }).click();
  await page.getByLabel('Weight', { exact: true }).last().fill('7');
  await page.getByRole('button', { name: 'Review and save' }).click();
  await page.getByRole('dialog').getByRole('rowheader', { name: `nodes[127.1.3.231:${node.port}].weight` }).waitFor();
  expect(await page.getByRole('dialog').getByRole('rowheader').count()).toBe(1);
});

test('a page that is hidden asks for nothing, and goes on when it is shown', async () => {
  await page.clock.install();
  await go(WORKSPACE + '/upstreams/u1');
  await shown('1 of 1 up');
  const show = (visible: boolean) =>
    page.evaluate((state) => {
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => state });
      document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
    }, visible ? 'visible' : 'hidden');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.clock.runFor(10_000);
  expect(asked.length).toBeGreaterThan(0);
  await show(false);
  await page.clock.runFor(2_000); // what was just due
  asked.length = 0;
  await page.clock.runFor(60_000);
  expect(asked).toEqual([]);
  await Promise.all([page.waitForRequest(/\/nodes/), show(true).then(() => page.clock.runFor(6_000))]);
});
