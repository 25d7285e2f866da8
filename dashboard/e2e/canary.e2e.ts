import type { Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { inspect, newPage } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';
const WORKSPACE = '/gateway-groups/default/workspaces/default';
const REQUESTS = 200;

let gateway: Gateway;
let page: Page;
let old: Node;
let next: Node;

const { go, button, row, dialog, heading, shown, logIn, logOut, changePassword } = steps(() => ({ page, address: gateway.address }));

beforeAll(async () => {
  [old, next, gateway] = await Promise.all([Node.start(), Node.start(), Gateway.start()]);
  const upstream = (name: string, node: Node) => gateway.api('PUT', `/api/upstreams/${name}`, { name, nodes: [{ host: '127.0.0.1', port: node.port, weight: 1 }] });
  await upstream('orders-v1', old);
  await upstream('orders-v2', next);
  await gateway.api('PUT', '/api/services/shop', { name: 'shop', upstream_id: 'orders-v1' });
  await gateway.api('PUT', '/api/routes/orders', { name: 'orders', uri: '/orders', upstream_id: 'orders-v1', labels: { team: 'core' }, plugins: { 'request-id': {} } });
  await gateway.api('PUT', '/api/routes/carts', { name: 'carts', uri: '/carts', service_id: 'shop' });
  page = await newPage(gateway.address);
});

/** Sends requests one after another; answers how many came to the old and to the new node. */
async function send(path: string, count: number, headers: Record<string, string> = {}): Promise<[number, number]> {
  const before = [old.asked, next.asked] as const;
  for (let sent = 0; sent < count; sent++) expect((await fetch(gateway.traffic + path, { headers })).status).toBe(200);
  return [old.asked - before[0], next.asked - before[1]];
}

/** Saves what the dialog shows, and waits until the gateway does it. */
async function confirm(name: string, done: string | RegExp) {
  await dialog().getByRole('button', { name, exact: true }).click();
  await shown(done);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await vi.waitFor(async () => expect(await gateway.api('GET', '/api/gateway_groups/default/convergence')).toMatchObject({ complete: true }), { timeout: 20_000, interval: 20 });
}

const review = () => button('Review').click();
const exactly = async (percent: string) => {
  await page.getByLabel('Exactly').fill(percent);
  await page.getByLabel('Exactly').press('Tab');
};

test('a canary is begun from the list', async () => {
  await go(WORKSPACE + '/canary');
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await shown('Nothing is split in this workspace');
  expect(await inspect(page, 'canaries-empty')).toEqual([]);
  await page.getByLabel('Begin one on').click();
  await page.getByTitle('orders', { exact: true }).click();
  await heading('Canary of orders').waitFor();
  await row('Old').getByText('1 of 1 up').waitFor();
  await review();
  await shown('Choose the upstream that requests are to go to');
  expect(await inspect(page, 'canary-begin')).toEqual([]);
});

test('10 % move to a new upstream, after a look at what that touches', async () => {
  await page.getByLabel('New upstream', { exact: true }).fill('v2');
  await page.locator('.ant-select-item-option:visible', { hasText: 'orders-v2' }).click();
  await button('10 %').click();
  await review();
  await dialog().getByText('route orders').waitFor();
  expect(await inspect(page, 'canary-review')).toEqual([]);
  await confirm('Move them', 'Requests go as you asked');
  expect(await send('/orders', REQUESTS)).toEqual([180, 20]);
});

test('both sides are seen live', async () => {
  next.fails = true;
  const load = setInterval(() => void fetch(gateway.traffic + '/orders').catch(() => {}), 10);
  try {
    await row('New').locator('.failure-rate', { hasText: '%' }).waitFor();
    await row('New').getByText(/^(9|10|11)(\.\d)? %$/).nth(0).waitFor();
    await page.getByRole('img', { name: /^Requests\/s over .* Old: now \d.* New: now \d/ }).waitFor();
    expect(await inspect(page, 'canary-live')).toEqual([]);
    await go(WORKSPACE + '/canary');
    await row('orders').getByText('orders-v2').waitFor();
    // What was asked for, and what is.
    await row('orders').getByText(/^[89]\d(\.\d)? %$/).nth(1).waitFor();
    expect(await inspect(page, 'canaries')).toEqual([]);
  } finally {
    clearInterval(load);
    next.fails = false;
  }
  await page.getByRole('link', { name: 'orders', exact: true }).click();
  await heading('Canary of orders').waitFor();
});

test('the share is raised by the keyboard and exactly; another’s change is shown', async () => {
  await page.getByRole('slider', { name: 'Share of the new upstream' }).press('ArrowRight');
  expect(await page.getByRole('slider').getAttribute('aria-valuetext')).toBe('11 %');
  await exactly('12.5');
  await shown('Weights 125 : 875');
  await gateway.api('PATCH', '/api/routes/orders', { desc: 'meanwhile' });
  await review();
  await shown('changed this route while you were editing');
  expect(await inspect(page, 'canary-conflict')).toEqual([]);
  await button('Keep mine: review it against the new one').click();
  await confirm('Move them', 'Requests go as you asked');
  expect(await send('/orders', REQUESTS)).toEqual([175, 25]);
});

test('a rule by a header moves those that match, and no other', async () => {
  await page.getByText('Requests by a rule').click();
  await page.getByLabel('Condition 1: name').fill('X-Canary');
  await page.getByLabel('Condition 1: value').fill('yes');
  expect(await inspect(page, 'canary-rule')).toEqual([]);
  await review();
  await confirm('Move them', 'Requests go as you asked');
  expect(await send('/orders', 20, { 'X-Canary': 'yes' })).toEqual([0, 20]);
  expect(await send('/orders', 20)).toEqual([20, 0]);

  await page.getByLabel('Condition 1: comparison').click();
  await page.getByTitle('matches the pattern').click();
  await page.getByLabel('Condition 1: value').fill('(');
  await review();
  await page.locator('.ant-form-item-explain-error').waitFor();
  await button('Back to what is stored').click();
});

test('back to the old: the split goes, and nothing else', async () => {
  await button('Back to the old').click();
  await dialog().getByText('every request goes to orders-v1 again').waitFor();
  expect(await inspect(page, 'canary-back')).toEqual([]);
  await confirm('Back to the old', 'All requests go to the old upstream again');
  expect(await send('/orders', 20, { 'X-Canary': 'yes' })).toEqual([20, 0]);
  const { value } = (await gateway.api('GET', '/api/routes/orders')) as { value: Record<string, unknown> };
  expect(value).toMatchObject({ name: 'orders', uri: '/orders', upstream_id: 'orders-v1', desc: 'meanwhile', labels: { team: 'core' }, plugins: { 'request-id': {} } });
  expect(value.plugins).not.toHaveProperty('traffic-split');
});

test('all to the new: of a service, in one write', async () => {
  await go(WORKSPACE + '/services/shop');
  await button(/More/).click();
  await page.locator('.ant-dropdown').getByRole('menuitem', { name: 'Canary' }).click();
  await heading('Canary of shop').waitFor();
  await page.getByLabel('New upstream', { exact: true }).fill('v2');
  await page.locator('.ant-select-item-option:visible', { hasText: 'orders-v2' }).click();
  await button('50 %').click();
  await review();
  await confirm('Move them', 'Requests go as you asked');
  expect(await send('/carts', 20)).toEqual([10, 10]);
  await button('All to the new').click();
  await dialog().getByText('orders-v2 becomes the upstream of the service').waitFor();
  expect(await inspect(page, 'canary-release')).toEqual([]);
  await confirm('All to the new', 'All requests go to the new upstream');
  expect(await send('/carts', 20)).toEqual([0, 20]);
  const { value } = (await gateway.api('GET', '/api/services/shop')) as { value: Record<string, unknown> };
  expect(value).toMatchObject({ upstream_id: 'orders-v2', plugins: {} });
});

test('a split that was made elsewhere is shown as it is, and not edited', async () => {
  await gateway.api('PATCH', '/api/routes/orders', {
    plugins: {
      'traffic-split': {
        rules: [
          { match: [{ vars: [['http_x_canary', '==', 'yes'], ['arg_version', '>', 2]] }], weighted_upstreams: [{ upstream_id: 'orders-v2' }] },
          { weighted_upstreams: [{ upstream: { nodes: { [`127.0.0.1:${next.port}`]: 1 } }, weight: 1 }, { weight: 4 }] },
        ],
      },
    },
  });
  await go(WORKSPACE + '/routes/orders/canary');
  await shown('It has several rules.');
  await shown('Where header x-canary is yes and query argument version is more than 2');
  expect(await button('Review').count()).toBe(0);
  expect(await inspect(page, 'canary-read-only')).toEqual([]);
});

test('a viewer sees and is offered no change', async () => {
  await gateway.api('PATCH', '/api/routes/orders', { plugins: { 'traffic-split': { rules: [{ weighted_upstreams: [{ upstream_id: 'orders-v2', weight: 1 }, { weight: 3 }] }] } } });
  await gateway.api('POST', '/api/users', { username: 'vera', password: 'looks but does not touch', roles: [{ role: 'viewer' }] });
  await logOut('admin');
  await logIn('vera', 'looks but does not touch');
  await changePassword('looks but does not touch', 'looks and still does not touch');
  await heading('Gateway groups').waitFor();
  await go(WORKSPACE + '/routes/orders/canary');
  await shown('How it is split');
  await row('New').getByText('25 %').first().waitFor();
  expect(await button('Review').count()).toBe(0);
  expect(await button('Back to the old').count()).toBe(0);
  expect(await inspect(page, 'canary-viewer')).toEqual([]);
});
