import type { Page } from 'playwright-core';
import { beforeAll, expect, test } from 'vitest';
import { inspect, newPage } from './browser';
import { Gateway } from './gateway';
import { steps } from './steps';

const PASSWORD = 'correct horse battery 1';

let gateway: Gateway;
let page: Page;
let given: string;

const { go, button, row, dialog, heading, shown, logIn, logOut, changePassword, choose } = steps(() => ({ page, address: gateway.address }));

beforeAll(async () => {
  gateway = await Gateway.start();
  await gateway.api('PUT', '/api/gateway_groups/default/workspaces/team-a', { name: 'Team A' });
  await gateway.api('PUT', '/api/upstreams/orders', { name: 'orders', nodes: [{ host: '127.0.0.1', port: 8080, weight: 1 }] });
  await gateway.api('PATCH', '/api/upstreams/orders', { nodes: [{ host: '127.0.0.1', port: 8080, weight: 7 }] });
  page = await newPage(gateway.address);
});

test('an API token is made in the profile, works, and works no longer when it is deleted', async () => {
  await go('/profile');
  await logIn('admin', gateway.password);
  await changePassword(gateway.password, PASSWORD);
  await heading('Profile').waitFor();
  await shown('No API tokens');
  expect(await inspect(page, 'profile-empty')).toEqual([]);

  await button(/Create API token/).click();
  await dialog().getByLabel('Name').fill('deploy');
  await choose('Role', 'Viewer');
  await choose('Gateway group', 'default');
  await choose('Workspace', 'Team A (team-a)');
  expect(await inspect(page, 'api-token-create')).toEqual([]);
  await dialog().getByRole('button', { name: 'Create' }).click();
  await dialog().getByText('This is shown here only').waitFor();
  const token = (await dialog().getByLabel('API token', { exact: true }).textContent())!.trim();
  expect(await inspect(page, 'api-token-made')).toEqual([]);
  const ask = async () => (await fetch(gateway.address + '/api/session', { headers: { 'X-API-KEY': token } })).status;
  expect(await ask()).toBe(200);
  await button('I have taken it').click();
  await row('deploy').getByText('in workspace team-a of default').waitFor();
  expect(await inspect(page, 'profile')).toEqual([]);
  expect(await page.content()).not.toContain(token);

  await button('Delete deploy').click();
  await dialog().getByLabel('Type deploy to confirm').fill('deploy');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await shown('No API tokens');
  expect(await ask()).toBe(401);
});

test('a user is made, gets roles, a new password, and is disabled', async () => {
  await page.getByRole('link', { name: 'Users' }).click();
  await heading('Users').waitFor();
  await button(/Create user/).click();
  await dialog().getByLabel('User name').fill('not a name');
  await dialog().getByRole('button', { name: 'Create' }).click();
  await dialog().getByText('username must be').waitFor();
  await dialog().getByLabel('User name').fill('jane');
  await choose('Role', 'Editor');
  await choose('Gateway group', 'default');
  await choose('Workspace', 'Team A (team-a)');
  await button(/Add role/).click();
  await choose('Gateway group', 'default', 1);
  expect(await inspect(page, 'user-create')).toEqual([]);
  await dialog().getByRole('button', { name: 'Create' }).click();
  await dialog().getByText('This is shown here only').waitFor();
  expect(await inspect(page, 'user-made')).toEqual([]);
  await button('I have taken it').click();
  await row('jane').getByText('in gateway group default').waitFor();

  await button('Reset the password of jane').click();
  await dialog().getByRole('button', { name: 'Reset password' }).click();
  await dialog().getByText('The new password of jane').waitFor();
  given = (await dialog().getByLabel('Password', { exact: true }).textContent())!.trim();
  await button('I have taken it').click();

  await gateway.api('POST', '/api/users', { username: 'joe', roles: [] });
  await go('/users');
  await button('Edit joe').click();
  await dialog().getByRole('switch', { name: 'Disabled' }).click();
  expect(await inspect(page, 'user-edit')).toEqual([]);
  await dialog().getByRole('button', { name: 'Save' }).click();
  await row('joe').getByText('disabled').waitFor();
  expect(await inspect(page, 'users')).toEqual([]);
  await button('Delete joe').click();
  await dialog().getByLabel('Type joe to confirm').fill('joe');
  await dialog().getByRole('button', { name: 'Delete' }).click();
  await row('joe').waitFor({ state: 'detached' });
});

test('revisions are searched, opened and exported', async () => {
  await go('/gateway-groups/default/workspaces/default/revisions');
  await row('upstreams orders created').waitFor();
  await row('upstreams orders updated').getByRole('button', { name: 'Show what differs' }).click();
  await shown('nodes[127.0.0.1:8080].weight');
  const tops = await page.getByRole('main').locator('form label').evaluateAll((labels) => labels.map((label) => label.getBoundingClientRect().top));
  expect(new Set(tops).size, `labels begin at ${tops.join(', ')}`).toBe(1);
  expect(await inspect(page, 'revisions')).toEqual([]);

  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: /CSV/ }).click()]);
  expect(file.suggestedFilename()).toMatch(/\.csv$/);

  await page.getByLabel('Who').fill('nobody');
  await button('Search').click();
  await shown('No change was found');
  expect(page.url()).toContain('who=nobody');
  expect(await inspect(page, 'revisions-no-match')).toEqual([]);
  await button('Clear').first().click();
  await row('upstreams orders created').waitFor();
});

test('the audit log tells who changed users, without what is secret', async () => {
  await go('/audit?kind=users&id=jane');
  await row('users jane created').waitFor();
  await row('users jane updated').first().getByRole('button', { name: 'Show what differs' }).click();
  await shown('password_hash');
  await shown('a secret, not shown');
  expect(await inspect(page, 'audit')).toEqual([]);
  await go('/gateway-groups/default/audit');
  await row('workspaces team-a created').waitFor();
});

test('who has no say over users is not offered them, and sees the own profile', async () => {
  await logOut('admin');
  await logIn('jane', given);
  await changePassword(given, 'a password of my own');
  await heading('Gateway groups').waitFor();
  expect(await page.getByRole('link', { name: 'Users' }).count()).toBe(0);
  expect(await page.getByRole('link', { name: 'Audit log' }).count()).toBe(0);
  await button('Menu of jane').click();
  await page.getByRole('menuitem', { name: 'Profile and API tokens' }).click();
  await page.getByRole('region', { name: 'Your roles' }).getByText('in workspace team-a of default').waitFor();
  await go('/users');
  await page.getByRole('alert').waitFor();
  expect(await button(/Create user/).count()).toBe(0);
});
