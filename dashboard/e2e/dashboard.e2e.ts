import type { Page } from 'playwright-core';
import { beforeAll, expect, test, vi } from 'vitest';
import { inspect, newPage } from './browser';
import { Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';
const WORKSPACE = '/gateway-groups/default/workspaces/default';

let gateway: Gateway;
let page: Page;
let nodes: Node[];

const { go, button, row, dialog, heading, shown, logIn, logOut, changePassword } = steps(() => ({ page, address: gateway.address }));

beforeAll(async () => {
  nodes = await Promise.all([Node.start(), Node.start()]);
  gateway = await Gateway.start();
  page = await newPage(gateway.address);
});

test('a first login changes the password and leads on to where one wanted', async () => {
  await go('/gateway-groups/default/workspaces');
  await heading('Log in').waitFor();
  expect(await inspect(page, 'login')).toEqual([]);

  await logIn('admin', 'not the password');
  await shown('wrong username or password');

  await logIn('admin', gateway.password);
  await heading('Change your password').waitFor();
  expect(await inspect(page, 'password')).toEqual([]);
  await changePassword(gateway.password, PASSWORD);
  await heading('Workspaces').waitFor();
});

test('a lost session leads to the login and back', async () => {
  await go('/gateway-groups/default/instances');
  await row('healthy').waitFor();
  await page.context().clearCookies();
  await heading('Log in').waitFor();
  await logIn('admin', PASSWORD);
  await heading('Instances').waitFor();
  await row('healthy').waitFor();
});

test('a gateway group is made, edited, and deleted by its name', async () => {
  await go('/gateway-groups');
  await row('default').getByText('1 healthy').waitFor();
  await button(/Create gateway group/).click();
  await dialog().getByLabel('Name').fill('Blue');
  await dialog().getByLabel('ID', { exact: true }).fill('not an id');
  await dialog().getByRole('button', { name: 'Create' }).click();
  await dialog().locator('.ant-form-item-explain-error').waitFor();
  await dialog().getByLabel('ID', { exact: true }).fill('blue');
  await dialog().getByRole('button', { name: 'Create' }).click();
  await row('Blue').getByText('No instances').waitFor();
  expect(await inspect(page, 'gateway-groups')).toEqual([]);

  await button('Edit Blue').click();
  await dialog().getByLabel('Description').fill('The second site');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row('The second site').waitFor();

  await page.getByRole('link', { name: 'Blue' }).click();
  await shown('No instance runs this gateway group');
  expect(await inspect(page, 'instances-empty')).toEqual([]);

  await go('/gateway-groups');
  await button('Delete Blue').click();
  expect(await dialog().getByRole('button', { name: 'Delete' }).isDisabled()).toBe(true);
  await dialog().getByLabel('Type Blue to confirm').fill('Blue');
  expect(await inspect(page, 'gateway-group-delete')).toEqual([]);
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await row('Blue').waitFor({ state: 'detached' });
});

test('an instance is added with a token that is shown once', async () => {
  await go('/gateway-groups/default/instances');
  await row('healthy').waitFor();
  expect(await inspect(page, 'instances')).toEqual([]);
  await button(/Add an instance/).click();
  await dialog().getByLabel('Name of the token').fill('second site');
  await dialog().getByRole('button', { name: 'Make a token' }).click();
  await dialog().getByText('The token is shown here only').waitFor();
  expect(await dialog().getByLabel('Commands for the new machine', { exact: true }).textContent()).toContain('HEADGATE_INSTANCE_TOKEN=hgi_');
  expect(await inspect(page, 'instance-add')).toEqual([]);
  await dialog().getByRole('button', { name: 'I have taken them' }).click();

  await page.getByRole('link', { name: 'Instance tokens' }).click();
  await row('second site').waitFor();
  expect(await inspect(page, 'instance-tokens')).toEqual([]);
  expect(await page.content()).not.toContain('hgi_');
  await button('Delete second site').click();
  await dialog().getByLabel('Type second site to confirm').fill('second site');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await shown('No instance tokens');
});

test('a workspace is made, edited and deleted, and one can switch to it', async () => {
  await go('/gateway-groups/default/workspaces');
  await button(/Create workspace/).click();
  await dialog().getByLabel('Name').fill('Team A');
  await dialog().getByLabel('ID', { exact: true }).fill('team-a');
  await dialog().getByRole('button', { name: 'Create' }).click();
  await row('Team A').waitFor();
  expect(await inspect(page, 'workspaces')).toEqual([]);

  await page.getByRole('link', { name: 'default', exact: true }).last().click();
  await heading('Upstreams').waitFor();
  await button('Switch workspace').press('Enter');
  await page.getByRole('menuitem', { name: 'Team A' }).click();
  await page.waitForURL('**/workspaces/team-a/upstreams');
  await shown('No upstreams in this workspace');
  expect(await inspect(page, 'upstreams-empty')).toEqual([]);

  await go('/gateway-groups/default/workspaces');
  await button('Edit Team A').click();
  await dialog().getByLabel('Description').fill('Orders and carts');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row('Orders and carts').waitFor();
  await button('Delete Team A').click();
  await dialog().getByLabel('Type Team A to confirm').fill('Team A');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await row('Team A').waitFor({ state: 'detached' });
});

test('an upstream is created; what the server refuses stands at its field', async () => {
  await go(WORKSPACE + '/upstreams');
  await button(/Create upstream/).first().click();
  await page.getByLabel('Name', { exact: true }).fill('orders');
  await page.getByLabel('ID', { exact: true }).fill('orders.v1');
  await page.getByLabel('Host', { exact: true }).fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).fill('70000');
  await button('Create').click();
  await page.locator('.ant-form-item-explain-error', { hasText: 'at most 65535' }).waitFor();
  expect(await inspect(page, 'upstream-refused')).toEqual([]);

  await page.getByLabel('Port', { exact: true }).fill(String(nodes[0]!.port));
  await button(/Add node/).click();
  await page.getByLabel('Host', { exact: true }).nth(1).fill('127.0.0.1');
  await page.getByLabel('Port', { exact: true }).nth(1).fill(String(nodes[1]!.port));
  await page.getByText('JSON', { exact: true }).click();
  expect(JSON.parse(await page.getByLabel('The upstream as JSON').inputValue()).nodes).toHaveLength(2);
  expect(await inspect(page, 'upstream-json')).toEqual([]);
  await page.getByText('Form', { exact: true }).click();
  await button('Create').click();
  await heading('orders').waitFor();
  await shown('2 of 2 up');
  // A page of an id with a dot is no file.
  await page.reload();
  await heading('orders').waitFor();
});

test('health checks are enabled after a look at what changes; a killed node goes down and comes back', async () => {
  await gateway.api('PUT', '/api/routes/orders', { uri: '/orders', upstream_id: 'orders.v1' });
  await button(/Configure/).click();
  await heading('Configure orders').waitFor();
  await page.getByLabel('Balancing type').press('Enter');
  await page.getByTitle('Least connection').click();
  await page.getByLabel('Active checks').click();
  expect(await inspect(page, 'upstream-configure')).toEqual([]);
  await button('Review and save').click();
  await dialog().getByText('route orders').waitFor();
  await dialog().getByRole('rowheader', { name: 'type', exact: true }).waitFor();
  expect(await inspect(page, 'upstream-review')).toEqual([]);
  await dialog().getByLabel('Why').fill('two nodes are worth checking');
  await dialog().getByRole('button', { name: 'Save' }).click();
  await heading('orders').waitFor();
  await shown('Least connection');

  await nodes[1]!.down();
  await row(String(nodes[1]!.port)).getByText('Unhealthy').waitFor({ timeout: 60_000 });
  await shown('1 of 2 up');
  expect(await inspect(page, 'upstream-unhealthy')).toEqual([]);
  await nodes[1]!.up();
  await row(String(nodes[1]!.port)).getByText('Up', { exact: true }).waitFor({ timeout: 60_000 });
});

test('a node is added on the upstream’s page, gets another weight, and is taken out', async () => {
  const third = await Node.start();
  try {
    await button('Add node').click();
    await dialog().getByLabel('Host').fill('127.0.0.1');
    await dialog().getByLabel('Port').fill(String(third.port));
    await dialog().getByRole('button', { name: 'Review and save' }).click();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await shown('3 of 3 up');

    const edit = async (name: string) => {
      await button(`Actions of 127.0.0.1:${third.port}`).click();
      await page.getByRole('menuitem', { name, exact: true }).click();
    };
    await edit('Change weight');
    await dialog().getByLabel('Weight').fill('7');
    expect(await inspect(page, 'node-weight')).toEqual([]);
    await dialog().getByRole('button', { name: 'Review and save' }).click();
    await dialog().getByRole('rowheader', { name: `nodes[127.0.0.1:${third.port}].weight` }).waitFor();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await row(String(third.port)).getByText('7', { exact: true }).waitFor();
    await edit('Remove');
    await dialog().getByText('route orders').waitFor();
    await dialog().getByRole('button', { name: 'Save' }).click();
    await shown('2 of 2 up');
  } finally {
    await third.down();
  }
});

test('requests and failures are seen as they come', async () => {
  const load = setInterval(() => void fetch(gateway.traffic + '/orders').catch(() => {}), 20);
  try {
    for (const node of nodes) node.fails = true;
    await page.locator('tbody .failure-rate', { hasText: '%' }).first().waitFor();
    expect(await inspect(page, 'upstream-traffic')).toEqual([]);
    await page.getByRole('link', { name: 'Upstreams' }).first().click();
    await row('orders').locator('.failure-rate', { hasText: '%' }).waitFor();
    expect(await inspect(page, 'upstreams-traffic')).toEqual([]);
  } finally {
    clearInterval(load);
    for (const node of nodes) node.fails = false;
  }
  await page.getByRole('link', { name: 'orders' }).click();
});

test('a node is drained under load without a lost request, the last one only by force, and released', async () => {
  const [first, second] = nodes.map(({ port }) => `127.0.0.1:${port}`) as [string, string];
  const order = async (node: string, name: string) => {
    // The menu of the node before may still be closing.
    await page.locator('.ant-dropdown:visible').first().waitFor({ state: 'hidden' });
    await button(`Actions of ${node}`).click();
    await page.getByRole('menuitem', { name, exact: true }).click();
  };
  await order(first, 'Drain');
  await dialog().getByLabel('Why').fill('new kernel');
  expect(await inspect(page, 'node-drain')).toEqual([]);
  const answers: Promise<number>[] = [];
  const load = setInterval(() => answers.push(fetch(gateway.traffic + '/orders').then(({ status }) => status)), 20);
  try {
    for (const node of nodes) node.delay = 500;
    const before = nodes[0]!.asked;
    await vi.waitUntil(() => nodes[0]!.asked > before + 5, { timeout: 30_000 });
    await dialog().getByRole('button', { name: 'Drain' }).click();
    await row(first).getByText('Drained').waitFor();
    const then = [nodes[0]!.asked, nodes[1]!.asked] as const;
    await vi.waitUntil(() => nodes[1]!.asked > then[1] + 20, { timeout: 30_000 });
    expect(nodes[0]!.asked).toBe(then[0]);
  } finally {
    clearInterval(load);
    for (const node of nodes) node.delay = 0;
  }
  expect(new Set(await Promise.all(answers))).toEqual(new Set([200]));
  await row(first).getByText('new kernel').waitFor();
  await button(`Timeline of ${first}`).click();
  await dialog().getByRole('listitem').filter({ hasText: 'Drain begun' }).getByText('new kernel').waitFor();
  expect(await inspect(page, 'node-timeline')).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });

  await order(second, 'Force down');
  await dialog().getByRole('button', { name: 'Force down' }).click();
  await dialog().getByRole('alert').waitFor();
  await dialog().getByLabel('Do it all the same').check();
  await dialog().getByRole('button', { name: 'Force down' }).click();
  await row(second).getByText('Forced down').waitFor();
  await shown('0 of 2 up');
  expect((await fetch(gateway.traffic + '/orders')).status).toBe(503);

  for (const node of [first, second]) {
    await order(node, 'Release');
    await dialog().getByRole('button', { name: 'Release' }).click();
    await row(node).getByText('Up', { exact: true }).waitFor();
  }
  expect((await fetch(gateway.traffic + '/orders')).status).toBe(200);
});

test('an edit that somebody else overtook says what they changed', async () => {
  await button(/Configure/).click();
  await heading('Configure orders').waitFor();
  await page.getByLabel('Description', { exact: true }).fill('mine');
  await gateway.api('PATCH', '/api/upstreams/orders.v1', { retries: 3 });
  await button('Review and save').click();
  await shown('changed this upstream while you were editing');
  await page.getByRole('rowheader', { name: 'retries' }).waitFor();
  expect(await inspect(page, 'upstream-conflict')).toEqual([]);
  await button('Discard mine and load it anew').click();
  await page.waitForFunction(() => document.querySelector<HTMLInputElement>('#upstreams_retries')?.value === '3');
});

test('an old revision is compared with now, and restored after a look', async () => {
  await go(WORKSPACE + '/upstreams/orders.v1');
  await button(/More/).click();
  await page.getByRole('menuitem', { name: 'History', exact: true }).click();
  await heading('History of orders').waitFor();
  const first = page.getByRole('listitem').filter({ hasText: 'created by admin' });
  await first.waitFor();
  await shown(/two nodes are worth checking/);
  expect(await inspect(page, 'upstream-history')).toEqual([]);
  await first.getByRole('button', { name: 'Compare with now' }).click();
  await dialog().getByRole('rowheader', { name: 'type', exact: true }).waitFor();
  await dialog().getByRole('button', { name: 'Close' }).last().click();
  await first.getByRole('button', { name: 'Restore' }).click();
  await dialog().getByText('route orders').waitFor();
  expect(await inspect(page, 'upstream-restore')).toEqual([]);
  await dialog().getByRole('button', { name: 'Restore' }).click();
  await page.getByRole('listitem').filter({ hasText: 'As it is now' }).getByText(/restored from revision/).waitFor();
  await go(WORKSPACE + '/upstreams/orders.v1');
  await shown('Round robin');
});

test('an upstream in use is not deleted, one that nobody uses is', async () => {
  await go(WORKSPACE + '/upstreams');
  await row('orders').getByText('2 of 2 up').waitFor();
  await row('orders').getByText('1 route').waitFor();
  expect(await inspect(page, 'upstreams')).toEqual([]);
  await button('Delete orders').click();
  await dialog().getByText('route orders').waitFor();
  expect(await dialog().getByRole('button').allTextContents()).toEqual(['', 'Close']);
  expect(await inspect(page, 'upstream-in-use')).toEqual([]);
  await dialog().getByRole('button', { name: 'Close' }).last().click();

  await gateway.api('DELETE', '/api/routes/orders');
  await page.getByRole('link', { name: 'orders' }).click();
  await shown('Nothing uses this upstream yet.');
  await button(/More/).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await dialog().getByLabel('Type orders to confirm').fill('orders');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await shown('No upstreams in this workspace');
});

test('upstreams are searched and paged by the server', async () => {
  for (let number = 1; number <= 25; number++) await gateway.api('PUT', `/api/upstreams/many-${number}`, { name: `many.${number}`, nodes: [{ host: '127.0.0.1', port: nodes[0]!.port, weight: 1 }] });
  await go(WORKSPACE + '/upstreams');
  await shown('1–20 of 25');
  await page.getByTitle('2', { exact: true }).click();
  await shown('21–25 of 25');
  expect(page.url()).toContain('page=2');
  await page.getByLabel('Search by name').fill('many.25');
  await row('many.25').waitFor();
  await row('many.24').waitFor({ state: 'detached' });
  await page.getByLabel('Search by name').fill('none such');
  await shown('No upstreams have “none such” in their names');
  expect(await inspect(page, 'upstreams-no-match')).toEqual([]);
});

test('a viewer sees and is offered no change', async () => {
  await gateway.api('POST', '/api/users', { username: 'vera', password: 'looks but does not touch', roles: [{ role: 'viewer' }] });
  await logOut('admin');
  await logIn('vera', 'looks but does not touch');
  await changePassword('looks but does not touch', 'looks and still does not touch');
  await heading('Gateway groups').waitFor();
  await go(WORKSPACE + '/upstreams/many-1');
  await shown('1 of 1 up');
  expect(await button(/Configure/).count()).toBe(0);
  expect(await button(/Actions of/).count()).toBe(0);
  expect(await inspect(page, 'upstream-viewer')).toEqual([]);
});
