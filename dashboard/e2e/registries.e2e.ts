import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { inspect, newPage } from './browser';
import { Consul } from './consul';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';
const TOKEN = 'a-token-of-consul';
const REGISTRIES = '/gateway-groups/default/service-registries';

let gateway: Gateway;
let consul: Consul;
let nodes: Node[];
let page: Page;

const { go, button, row, dialog, heading, shown, logIn, changePassword } = steps(() => ({ page, address: gateway.address }));
const region = (name: string) => page.getByRole('region', { name, exact: true });
const register = (...which: number[]) => consul.register('prices', ...which.map((index) => ({ port: nodes[index]!.port, meta: { zone: 'a' } })));

/** Chooses in a field of a page. */
async function choose(field: string, option: string) {
  await page.getByLabel(field, { exact: true }).press('Enter');
  await page.locator('.ant-select-item-option:visible').filter({ has: page.getByText(option, { exact: true }) }).last().click();
}

beforeAll(async () => {
  nodes = await Promise.all([Node.start(), Node.start()]);
  consul = await Consul.start(TOKEN);
  register(0, 1);
  for (let number = 1; number <= 24; number++) consul.register(`service-${number}`);
  gateway = await Gateway.start();
  page = await newPage(gateway.address);
  await go(REGISTRIES);
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await heading('Service registries').waitFor();
});

test('a connection is tested before it is saved: a wrong token is told, a right one finds services', async () => {
  await shown('No service registries');
  expect(await inspect(page, 'registries-empty')).toEqual([]);
  await button(/Connect a service registry/).first().click();
  await choose('Type', 'Consul');
  await page.getByLabel('Name', { exact: true }).fill('Consul of Paris');
  await page.getByLabel('ID', { exact: true }).fill('paris');
  await page.getByLabel('Servers', { exact: true }).fill(consul.address);
  await page.getByLabel('Servers', { exact: true }).press('Enter');
  await page.getByLabel('Token', { exact: true }).fill('not the token');
  await button('Test connection').click();
  await shown(/answers 403 to .*the token is not, or no longer, allowed this/);
  expect(await inspect(page, 'registry-refused')).toEqual([]);

  await page.getByLabel('Token', { exact: true }).fill(TOKEN);
  await button('Test connection').click();
  await shown(/It answers, after \d+ ms, and has 25 services/);
  expect(await inspect(page, 'registry-create')).toEqual([]);
  await button('Create').click();
  await heading('Consul of Paris').waitFor();
  await shown('Healthy');
  expect(await page.content()).not.toContain(TOKEN);
});

test('what it has is browsed: services by search and page, the instances of one', async () => {
  await page.getByText('service-1', { exact: true }).waitFor();
  await region('Services it has').getByText('1–10 of 25').waitFor();
  await page.getByLabel('Search by name').fill('PRI');
  await button('Instances of prices').click();
  await dialog().getByRole('row').filter({ hasText: `127.0.0.1:${nodes[1]!.port}` }).getByText('zone=a').waitFor();
  expect(await inspect(page, 'registry-service')).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).click();
});

test('an upstream is made of a service, and requests go to its instances', async () => {
  await go('/gateway-groups/default/workspaces/default/upstreams/+new');
  await page.getByLabel('Name', { exact: true }).fill('prices');
  await page.getByLabel('ID', { exact: true }).fill('prices');
  await page.getByLabel('A service registry').click();
  await choose('Registry', 'Consul of Paris');
  await page.getByLabel('Service', { exact: true }).fill('pri');
  await page.locator('.ant-select-item-option:visible', { hasText: 'prices' }).click();
  await shown('2 instances');
  expect(await inspect(page, 'upstream-of-registry')).toEqual([]);
  await button('Create').click();
  await heading('prices').waitFor();
  await shown('2 of 2 up');
  await page.getByRole('link', { name: 'Consul of Paris' }).first().waitFor();

  await gateway.api('PUT', '/api/routes/prices', { uri: '/prices', upstream_id: 'prices' });
  await expect.poll(async () => (await fetch(gateway.traffic + '/prices')).status).toBe(200);
});

test('an instance that disappears leaves; when all do, they are held, and a person lets them go', async () => {
  register(0);
  await shown('1 of 1 up');
  register();
  await shown('1 instance is held');
  await row(String(nodes[0]!.port)).getByText('the registry no longer tells of it').waitFor();
  expect((await fetch(gateway.traffic + '/prices')).status).toBe(200);
  expect(await inspect(page, 'upstream-held')).toEqual([]);

  await page.getByRole('link', { name: 'Consul of Paris' }).first().click();
  await row('prices').getByText('1 of 1 held').waitFor();
  await region('Used by').getByRole('link', { name: 'upstream prices' }).waitFor();
  expect(await inspect(page, 'registry')).toEqual([]);
  await button('Release what is held of prices').click();
  await dialog().getByText(/1 instance is gone/).waitFor();
  await dialog().getByRole('button', { name: 'Release' }).click();
  await row('prices').getByText('up to date').waitFor();
  await expect.poll(async () => (await fetch(gateway.traffic + '/prices')).status).toBe(503);
  register(0, 1);
});

test('an edit keeps the token without showing it; what is used is not deleted', async () => {
  await button(/Configure/).click();
  await heading('Configure Consul of Paris').waitFor();
  expect(await page.getByLabel('Token', { exact: true }).inputValue()).toBe('');
  await button('Test connection').click();
  await shown(/It answers, after/);
  await page.getByLabel('Description').fill('In the third room');
  await button('Review and save').click();
  await dialog().getByText('upstream prices').waitFor();
  expect(await inspect(page, 'registry-review')).toEqual([]);
  await dialog().getByRole('button', { name: 'Save' }).click();
  await heading('Consul of Paris').waitFor();

  await go(REGISTRIES);
  await row('Consul of Paris').getByText('Healthy').waitFor();
  await row('Consul of Paris').getByText('1 object').waitFor();
  expect(await inspect(page, 'registries')).toEqual([]);
  await button('Delete Consul of Paris').click();
  await dialog().getByRole('link', { name: 'upstream prices' }).waitFor();
  expect(await inspect(page, 'registry-in-use')).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).last().click();
});

test('a registry that goes away is told with the reason, and its history has it', async () => {
  await go(REGISTRIES + '/paris/history');
  await page.getByRole('listitem', { name: /Revision/ }).first().getByText('desc').waitFor();
  await consul.stop();
  await go(REGISTRIES + '/paris');
  await region('Health').getByText('Lost connection').first().waitFor({ timeout: 60_000 });
  await region('Health').getByText(/refused/).first().waitFor();
  expect(await inspect(page, 'registry-lost')).toEqual([]);
});
