import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, pick, refuse } from '../testing/render';

const admin = { username: 'admin', roles: [{ role: 'owner' }], disabled: false, must_change_password: false };
const jane = { username: 'jane', desc: 'Orders', roles: [{ role: 'editor', gateway_group_id: 'default', workspace_id: 'default' }], disabled: false, must_change_password: true };
const list = { 'GET /api/users': () => ({ list: [admin, jane], total: 2 }) };
const one = () => new Response(JSON.stringify({ value: jane }), { headers: { 'Content-Type': 'application/json', ETag: '"7"' } });

test('the list tells who may do what where, and how each is', async () => {
  open('/users', list);
  const row = within((await screen.findByText('jane')).closest('tr')!);
  row.getByText('in workspace default of default');
  row.getByText('has to change the password');
  within(screen.getByText('(you)').closest('tr')!).getByText('active');
  expect(screen.queryByRole('button', { name: 'Delete admin' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Reset the password of admin' })).toBeNull();
});

test('a user is made with a password that is shown once', async () => {
  const { user, asked } = open('/users', { ...list, 'POST /api/users': () => ({ value: { ...jane, username: 'joe', password: 'made-by-the-server' } }) });
  await user.click(await screen.findByRole('button', { name: /Create user/ }));
  await user.type(await screen.findByLabelText('User name'), 'joe');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await screen.findByText('made-by-the-server');
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ username: 'joe', roles: [{ role: 'viewer' }], disabled: false });
  await user.click(screen.getByRole('button', { name: 'I have taken it' }));
  expect(screen.queryByText('made-by-the-server')).toBeNull();
});

test('a refusal stands at the field, or above them', async () => {
  const { user } = open('/users', {
    ...list,
    'POST /api/users': () => refuse(400, { error_msg: 'x', errors: [{ path: 'username', message: 'username must be shorter' }, { path: 'roles[0]', message: 'roles[0] is odd' }] }),
  });
  await user.click(await screen.findByRole('button', { name: /Create user/ }));
  await user.type(await screen.findByLabelText('User name'), 'joe');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await screen.findByText('username must be shorter');
  expect(screen.getByRole('alert').textContent).toContain('roles[0] is odd');
});

test('roles are edited and a user is disabled, unless somebody else wrote meanwhile', async () => {
  const { user, asked } = open('/users', { ...list, 'GET /api/users/jane': one, 'PUT /api/users/jane': () => ({ value: { ...jane, disabled: true } }) });
  await user.click(await screen.findByRole('button', { name: 'Edit jane' }));
  await screen.findByRole('dialog');
  await user.click(screen.getByRole('button', { name: /Add role/ }));
  const second = await screen.findByRole('group', { name: 'Role 2' });
  await pick(user, 'Role', 'Operator', second);
  await pick(user, 'Gateway group', 'default', second);
  await user.click(screen.getByRole('switch', { name: 'Disabled' }));
  await user.click(screen.getByRole('button', { name: 'Save' }));
  await screen.findByText('jane was saved');
  const put = asked.find(({ method }) => method === 'PUT')!;
  expect(put.body).toEqual({ desc: 'Orders', roles: [jane.roles[0], { role: 'operator', gateway_group_id: 'default' }], disabled: true });
  expect(put.headers.get('If-Match')).toBe('"7"');
});

test('a new password is shown once', async () => {
  const { user } = open('/users', { ...list, 'POST /api/users/jane/password': () => ({ value: { ...jane, password: 'a new one' } }) });
  await user.click(await screen.findByRole('button', { name: 'Reset the password of jane' }));
  await user.click(await screen.findByRole('button', { name: 'Reset password' }));
  await screen.findByText('a new one');
});

test('a user is deleted by the name, and a refusal is shown', async () => {
  const { user } = open('/users', { ...list, 'DELETE /api/users/jane': () => refuse(409, { error_msg: 'jane is the last user who may do everything' }) });
  await user.click(await screen.findByRole('button', { name: 'Delete jane' }));
  await user.type(await screen.findByLabelText('Type jane to confirm'), 'jane');
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  await screen.findByText('jane is the last user who may do everything');
});

test('who may not is not offered users or audit logs', async () => {
  open('/users', { 'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'owner', gateway_group_id: 'default' }] } }), 'GET /api/users': () => refuse(403, { error_msg: 'owner everywhere is needed' }) });
  await screen.findByText('owner everywhere is needed');
  expect(screen.queryByRole('button', { name: /Create user/ })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Users' })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Audit log' })).toBeNull();
});
