import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, pick, refuse } from '../testing/render';

const vera = { ...owner, username: 'vera', roles: [{ role: 'viewer' }, { role: 'editor', gateway_group_id: 'default', workspace_id: 'team-a' }] };
const token = { id: 't1', name: 'deploy', role: 'editor', gateway_group_id: 'default', workspace_id: 'default', create_time: 1, expire_time: 2_000_000_000 };

test('one sees who one is, and what one may do where', async () => {
  open('/profile', { 'GET /api/session': () => ({ value: vera }), 'GET /api/tokens': () => ({ list: [], total: 0 }) });
  await screen.findByText('You are logged in as vera.');
  const roles = within(screen.getByRole('region', { name: 'Your roles' }));
  expect(roles.getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual(['Viewer everywhere', 'Editor in workspace team-a of default']);
  await screen.findByText('No API tokens');
});

test('the way to another password leads back', async () => {
  const { user, address } = open('/profile', { 'GET /api/tokens': () => ({ list: [], total: 0 }) });
  await user.click(await screen.findByRole('button', { name: /Change your password/ }));
  expect(address()).toBe('/password?from=%2Fprofile');
});

test('an API token is shown once, and says only what was chosen', async () => {
  const { user, asked } = open('/profile', { 'GET /api/tokens': () => ({ list: [token], total: 1 }), 'POST /api/tokens': () => ({ value: { ...token, token: 'hgt_t1_secret' } }) });
  await user.click(await screen.findByRole('button', { name: /Create API token/ }));
  const dialog = within(await screen.findByRole('dialog'));
  await user.type(dialog.getByLabelText('Name'), 'deploy');
  await pick(user, 'Role', 'Editor');
  await pick(user, 'Gateway group', 'default');
  await pick(user, 'Workspace', 'default');
  await user.click(dialog.getByRole('button', { name: 'Create' }));
  await screen.findByText('hgt_t1_secret');
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ name: 'deploy', role: 'editor', gateway_group_id: 'default', workspace_id: 'default' });
  await user.click(screen.getByRole('button', { name: 'I have taken it' }));
  expect(screen.queryByText('hgt_t1_secret')).toBeNull();
});

test('what the server refuses of an API token stands at its field', async () => {
  const { user, asked } = open('/profile', {
    'GET /api/tokens': () => ({ list: [token], total: 1 }),
    'POST /api/tokens': () => refuse(400, { error_msg: 'x', errors: [{ path: 'name', message: 'name is taken by the moon' }] }),
  });
  await user.click(await screen.findByRole('button', { name: /Create API token/ }));
  await user.type(await screen.findByLabelText('Name'), 'deploy');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await screen.findByText('name is taken by the moon');
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ name: 'deploy' });
});

test('an API token is deleted by its name', async () => {
  const { user, asked } = open('/profile', { 'GET /api/tokens': () => ({ list: [token], total: 1 }), 'DELETE /api/tokens/t1': () => ({ deleted: '1' }) });
  await user.click(await screen.findByRole('button', { name: 'Delete deploy' }));
  await user.type(await screen.findByLabelText('Type deploy to confirm'), 'deploy');
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  await screen.findByText('deploy was deleted');
  expect(asked.some(({ method, path }) => method === 'DELETE' && path === '/api/tokens/t1')).toBe(true);
});
