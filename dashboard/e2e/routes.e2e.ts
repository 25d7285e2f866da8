import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { inspect, newPage, screenshot } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';
const WORKSPACE = '/gateway-groups/default/workspaces/default';

let gateway: Gateway;
let page: Page;
let node: Node;

const { go, button, row, dialog, heading, shown, logIn, changePassword } = steps(() => ({ page, address: gateway.address }));

/** Status of an answer to a request through the gateway. */
const status = async (path: string) => (await fetch(gateway.traffic + path)).status;

beforeAll(async () => {
  [gateway, node] = await Promise.all([Gateway.start(), Node.start()]);
  page = await newPage(gateway.address);
});

/** Chooses an option of a field of the page. */
async function choose(field: string, typed: string, option: string) {
  await page.getByLabel(field, { exact: true }).click();
  await page.getByLabel(field, { exact: true }).fill(typed);
  await page.locator('.ant-select-item-option:visible').filter({ has: page.getByText(option, { exact: true }) }).first().click();
}

test('a route is created with an upstream that is made on the way, and answers', async () => {
  await go(WORKSPACE + '/routes');
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await shown('No routes in this workspace');
  expect(await inspect(page, 'routes-empty')).toEqual([]);
  await button(/Create route/).first().click();
  await page.getByLabel('Name', { exact: true }).fill('checkout');
  await page.getByLabel('Paths', { exact: true }).fill('checkout/*');
  await page.keyboard.press('Enter');
  await choose('Methods', 'GET', 'GET');
  await page.keyboard.press('Escape');
  await button(/Add condition/).click();
  await page.getByLabel('Condition 1: what').click();
  await page.getByTitle('Query argument').click();
  await page.getByLabel('Condition 1: name').fill('v');
  await page.getByLabel('Condition 1: value').fill('2');

  await button(/Create one here/).click();
  await dialog().getByLabel('Name', { exact: true }).fill('orders');
  await dialog().getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await dialog().getByLabel('Port', { exact: true }).fill(String(node.port));
  expect(await inspect(page, 'route-upstream-here')).toEqual([]);
  await dialog().getByRole('button', { name: 'Create', exact: true }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.locator('.picker-row').getByText('orders').waitFor();

  await button('Create').click();
  await page.locator('.ant-form-item-explain-error', { hasText: 'begins with /' }).waitFor();
  expect(await inspect(page, 'route-refused')).toEqual([]);
  await page.getByLabel('Paths', { exact: true }).focus();
  await page.keyboard.press('Backspace');
  await page.getByLabel('Paths', { exact: true }).fill('/checkout/*');
  await page.keyboard.press('Enter');
  await button('Create').click();
  await heading('checkout').waitFor();
  await shown('1 of 1 up');
  expect(await inspect(page, 'route')).toEqual([]);
  await expect.poll(() => status('/checkout/1?v=2'), { timeout: 10_000 }).toBe(200);
  expect(await status('/checkout/1')).toBe(404);
});

test('a route is edited after a look at what changes, with plugins and labels', async () => {
  await button(/Configure/).click();
  await heading('Configure checkout').waitFor();
  await button(/Add condition/).click();
  await page.getByLabel('Condition 2: comparison').click();
  await page.getByTitle('is there').click();
  await button('Review and save').click();
  await shown('A name is needed');
  expect(await inspect(page, 'route-condition-missing')).toEqual([]);
  await button('Remove condition 2').click();
  await button('Remove condition 1').click();
  await button(/Add label/).click();
  await page.getByLabel('Key of label 1').fill('team');
  await page.getByLabel('Value of label 1').fill('payments');
  await button(/Add a plugin/).click();
  await dialog().getByRole('button', { name: /^cors/ }).click();
  await dialog().getByRole('button', { name: 'Done' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await inspect(page, 'route-configure')).toEqual([]);
  await page.getByRole('heading', { name: 'Where requests go' }).scrollIntoViewIfNeeded();
  await screenshot(page, 'route-configure-target');
  await button('Review and save').click();
  await dialog().getByRole('rowheader', { name: /^vars/ }).first().waitFor();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await heading('checkout').waitFor();
  await page.getByRole('region', { name: 'Plugins' }).getByText('cors').waitFor();
  await shown('team: payments');
  expect(await inspect(page, 'route-plugins')).toEqual([]);
  await expect.poll(() => status('/checkout/1'), { timeout: 10_000 }).toBe(200);
});

test('a route that gets requests is disabled after a word on them, and enabled again', async () => {
  const load = setInterval(() => void status('/checkout/1').catch(() => {}), 20);
  try {
    await go(WORKSPACE + '/routes');
    await row('checkout').getByText(/^[1-9]\d*(\.\d)?$/).waitFor();
    expect(await inspect(page, 'routes')).toEqual([]);
    await row('checkout').getByRole('switch').click();
    await dialog().getByText(/requests\/s now/).waitFor();
    expect(await inspect(page, 'route-disable')).toEqual([]);
    await dialog().getByRole('button', { name: 'Disable' }).click();
    await shown('checkout is disabled');
  } finally {
    clearInterval(load);
  }
  await expect.poll(() => status('/checkout/1'), { timeout: 10_000 }).toBe(404);
  await row('checkout').getByRole('switch', { checked: false }).click();
  await shown('checkout is enabled');
  await expect.poll(() => status('/checkout/1'), { timeout: 10_000 }).toBe(200);
});

test('a service with nodes of its own is shared by a route, and is not deleted while it is', async () => {
  await page.getByRole('link', { name: 'Services' }).click();
  await shown('No services in this workspace');
  expect(await inspect(page, 'services-empty')).toEqual([]);
  await button(/Create service/).first().click();
  await page.getByLabel('Name', { exact: true }).fill('shop');
  await page.getByLabel('Nodes written here').check();
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill('70000');
  await button('Create').click();
  await page.locator('.ant-form-item-explain-error', { hasText: 'at most 65535' }).waitFor();
  expect(await inspect(page, 'service-refused')).toEqual([]);
  await page.getByLabel('Port', { exact: true }).fill(String(node.port));
  await button('Create').click();
  await heading('shop').waitFor();
  await row(`127.0.0.1:${node.port}`).getByText('Up, not checked').waitFor();
  await shown('No route uses this service yet.');

  await go(WORKSPACE + '/routes/+new');
  await page.getByLabel('Name', { exact: true }).fill('cart');
  await page.getByLabel('Paths', { exact: true }).fill('/cart');
  await page.keyboard.press('Enter');
  await page.getByLabel('A service').check();
  await page.getByLabel('Service', { exact: true }).click();
  await page.locator('.ant-select-item-option:visible', { hasText: `127.0.0.1:${node.port}` }).waitFor();
  expect(await inspect(page, 'route-service-picker')).toEqual([]);
  await choose('Service', 'sho', 'shop');
  await button('Create').click();
  await heading('cart').waitFor();
  await row(`127.0.0.1:${node.port}`).waitFor();
  expect(await inspect(page, 'route-of-service')).toEqual([]);
  await expect.poll(() => status('/cart'), { timeout: 10_000 }).toBe(200);

  await go(WORKSPACE + '/services');
  await row('shop').getByRole('cell', { name: '1', exact: true }).waitFor();
  expect(await inspect(page, 'services')).toEqual([]);
  await button('Delete shop').click();
  await dialog().getByText(/^route /).waitFor();
  expect(await inspect(page, 'service-in-use')).toEqual([]);
  await dialog().getByRole('link').click();
  await heading('cart').waitFor();
  await button(/More/).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog().getByLabel('Type cart to confirm').fill('cart');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await heading('Routes').waitFor();
  await row('cart').waitFor({ state: 'detached' });
  expect(await status('/cart')).toBe(404);

  await go(WORKSPACE + '/services');
  await page.getByRole('link', { name: 'shop' }).click();
  await shown('No route uses this service yet.');
  expect(await inspect(page, 'service')).toEqual([]);
  await button(/More/).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog().getByLabel('Type shop to confirm').fill('shop');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await shown('No services in this workspace');
});

test('an upstream’s users lead to the route, and the route back to the upstream', async () => {
  await go(WORKSPACE + '/upstreams');
  await page.getByRole('link', { name: 'orders' }).click();
  await page.getByRole('region', { name: 'Used by' }).getByRole('link').click();
  await heading('checkout').waitFor();
  await page.getByRole('region', { name: 'Where requests go' }).getByRole('link', { name: 'orders' }).click();
  await heading('orders').waitFor();
});
