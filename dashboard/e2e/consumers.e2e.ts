import type { Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { inspect, newPage } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';
const CONSUMERS = '/gateway-groups/default/workspaces/default/consumers';

let gateway: Gateway;
let node: Node;
let page: Page;

const { go, button, row, dialog, heading, shown, logIn, changePassword } = steps(() => ({ page, address: gateway.address }));

/** What a caller with a key is answered, once the gateway serves what was just written. */
const answers = (status: number, key?: string) =>
  vi.waitFor(async () => expect((await fetch(gateway.traffic + '/orders', { headers: key === undefined ? {} : { apikey: key } })).status).toBe(status), { timeout: 20_000, interval: 50 });

/** Chooses an option of a field of the page or its drawer. */
const choose = async (field: string, option: string) => {
  await page.getByLabel(field, { exact: true }).last().click();
  await page.locator('.ant-select-item-option:visible').filter({ has: page.getByText(option, { exact: true }) }).click();
};

beforeAll(async () => {
  [gateway, node] = await Promise.all([Gateway.start(), Node.start()]);
  await gateway.api('PUT', '/api/upstreams/orders', { nodes: [{ host: '127.0.0.1', port: node.port, weight: 1 }] });
  await gateway.api('PUT', '/api/routes/orders', { uri: '/orders', upstream_id: 'orders', plugins: { 'key-auth': {} } });
  await gateway.api('PUT', '/api/consumer_groups/partners', { name: 'Partners', plugins: {} });
  page = await newPage(gateway.address);
});

test('a consumer is created with plugins; what the server refuses stands at the card and the field', async () => {
  await go(CONSUMERS);
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await shown('No consumers in this workspace');
  expect(await inspect(page, 'consumers-empty')).toEqual([]);
  await answers(401);

  await button(/Create consumer/).first().click();
  await page.getByLabel('Name', { exact: true }).fill('shop');
  await page.getByLabel('Description').fill('The web shop');
  await choose('Consumer group', 'Partners (partners)');
  await button(/Add a plugin/).click();
  await dialog().getByLabel('Search by name or by what it does').waitFor();
  expect(await inspect(page, 'plugin-add')).toEqual([]);
  await dialog().getByLabel('Search by name or by what it does').fill('under way');
  await dialog().getByRole('button', { name: /^limit-conn/ }).click();
  await dialog().getByLabel('conn', { exact: true }).fill('5');
  await dialog().getByLabel('burst').fill('1');
  expect(await inspect(page, 'plugin-form')).toEqual([]);
  await dialog().getByRole('button', { name: 'Done' }).click();
  await dialog().waitFor({ state: 'detached' });
  await button('Create').click();
  await page.getByRole('listitem').filter({ hasText: 'limit-conn' }).getByText(/is required/).first().waitFor();
  expect(await inspect(page, 'plugin-refused')).toEqual([]);

  await button('Edit limit-conn').click();
  await dialog().locator('.ant-form-item-explain-error').first().waitFor();
  await dialog().getByLabel('default_conn_delay').fill('0.1');
  await dialog().getByLabel('key', { exact: true }).fill('consumer_name');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await button('Create').click();
  await heading('shop').waitFor();
  await shown('No credentials');
  expect(await inspect(page, 'consumer-new')).toEqual([]);
});

test('a credential lets its owner in, shows no secret, takes another one, and lets nobody in when it is deleted', async () => {
  await button(/Add a credential/).click();
  await choose('Plugin', 'key-auth');
  expect(await dialog().getByLabel('ID', { exact: true }).inputValue()).toBe('key-auth-1');
  await dialog().getByRole('button', { name: 'Create' }).click();
  await dialog().locator('.ant-form-item-explain-error').waitFor();
  await dialog().getByLabel('Name', { exact: true }).fill('first');
  await dialog().getByLabel('key', { exact: true }).fill('k-of-the-shop');
  expect(await inspect(page, 'credential-create')).toEqual([]);
  await dialog().getByRole('button', { name: 'Create' }).click();
  await row('first').getByText('key ••••').waitFor();
  expect(await inspect(page, 'consumer')).toEqual([]);
  expect(await page.content()).not.toContain('k-of-the-shop');
  await answers(200, 'k-of-the-shop');
  await answers(401, 'another');

  await button('Edit first').click();
  await dialog().getByLabel('key', { exact: true }).waitFor();
  expect(await dialog().getByLabel('key', { exact: true }).inputValue()).toBe('');
  await dialog().getByLabel('Description').fill('Of the till');
  expect(await inspect(page, 'credential-edit')).toEqual([]);
  await dialog().getByRole('button', { name: 'Review and save' }).click();
  await dialog().getByRole('button', { name: 'Save', exact: true }).click();
  await shown('first was saved');
  await answers(200, 'k-of-the-shop');
  await button('Edit first').click();
  await dialog().getByLabel('key', { exact: true }).fill('k-of-the-till');
  await dialog().getByRole('button', { name: 'Review and save' }).click();
  await dialog().getByText('a secret, not shown').first().waitFor();
  expect(await inspect(page, 'credential-review')).toEqual([]);
  await dialog().getByRole('button', { name: 'Save', exact: true }).click();
  await dialog().waitFor({ state: 'detached' });
  await answers(200, 'k-of-the-till');
  await answers(401, 'k-of-the-shop');

  await go(CONSUMERS);
  await row('shop').getByText('1 credential').waitFor();
  await row('shop').getByText('key-auth').waitFor();
  expect(await inspect(page, 'consumers')).toEqual([]);
  await page.getByLabel('Search by name').fill('sho');
  await row('The web shop').waitFor();
  await page.getByLabel('Search by name').fill('nobody');
  await shown('No consumers have “nobody” in their names');

  await go(CONSUMERS + '/shop');
  await button('Delete first').click();
  await dialog().getByLabel('Type first to confirm').fill('first');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await shown('No credentials');
  await answers(401, 'k-of-the-till');
});

test('an edit is reviewed before it is saved, and stands in the history', async () => {
  await button(/Configure/).click();
  await page.getByRole('switch', { name: 'limit-conn runs' }).click();
  await button(/Add a plugin/).click();
  await dialog().getByRole('button', { name: /^key-auth/ }).click();
  await dialog().getByLabel('key', { exact: true }).fill('its-own');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await page.getByRole('listitem').filter({ hasText: 'key-auth' }).waitFor();
  await dialog().waitFor({ state: 'detached' });
  expect(await page.content()).not.toContain('its-own');
  expect(await inspect(page, 'consumer-configure')).toEqual([]);
  await button('Review and save').click();
  await dialog().getByText('{"key":"<redacted>"}').waitFor();
  await dialog().getByLabel('Why (goes into the history)').fill('a key of its own');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await heading('shop').waitFor();
  await answers(200, 'its-own');

  await button(/Configure/).click();
  await button('Edit key-auth').click();
  await shown('A secret is stored');
  await dialog().getByRole('button', { name: 'Cancel' }).click();
  await page.getByLabel('Description').fill('The web shop, second edition');
  await button('Review and save').click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await heading('shop').waitFor();
  await answers(200, 'its-own');

  await go(CONSUMERS + '/shop/history');
  await shown('a key of its own');
});

test('lists, rows of names and values, choices and JSON have a form, and go through it unchanged', async () => {
  const plugins = {
    'proxy-rewrite': { headers: { set: { 'X-Shop': 'yes', 'X-Number': 7 }, remove: ['X-Old'] }, uri: '/v2' },
    'traffic-label': { rules: [{ match: [['arg_a', '==', '1']], actions: [{ set_headers: { 'X-Side': 'a' }, weight: 3 }, { weight: 7 }] }] },
    'ip-restriction': { whitelist: ['127.0.0.0/8', '10.0.0.1'] },
  };
  await gateway.api('PUT', '/api/consumers/shapes', { username: 'shapes', plugins });
  await go(CONSUMERS + '/shapes/configure');
  for (const name of Object.keys(plugins)) {
    await button(`Edit ${name}`).click();
    await dialog().getByRole('button', { name: 'Done' }).waitFor();
    expect(await inspect(page, `plugin-${name}`)).toEqual([]);
    await dialog().getByRole('button', { name: 'Done' }).click();
    await dialog().waitFor({ state: 'detached' });
  }

  await button('Review and save').click();
  await shown('Nothing differs from what is stored');
  await button('Edit traffic-label').click();
  await dialog().getByRole('group', { name: 'actions 2' }).getByLabel('weight').fill('9');
  await dialog().getByRole('button', { name: 'Done' }).click();
  await dialog().waitFor({ state: 'detached' });
  await button('Review and save').click();
  await dialog().getByText('plugins.traffic-label.rules').first().waitFor();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await heading('shapes').waitFor();
  const { value } = (await gateway.api('GET', '/api/consumers/shapes')) as { value: { plugins: object } };
  plugins['traffic-label'].rules[0]!.actions[1]!.weight = 9;
  expect(value.plugins).toEqual(plugins);
  await gateway.api('DELETE', '/api/consumers/shapes');
});

test('a consumer is deleted by its name', async () => {
  await go(CONSUMERS);
  await button('Delete shop').click();
  await dialog().getByLabel('Type shop to confirm').fill('shop');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await shown('No consumers in this workspace');
  await answers(401, 'its-own');
});
