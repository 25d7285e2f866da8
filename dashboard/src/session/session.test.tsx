import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, refuse, type Play } from '../testing/render';
import { destination } from './RequireSession';

const nobody: Play = { 'GET /api/session': () => refuse(401, { error_msg: 'failed to check token' }) };

test('a login leads back to where one wanted', async () => {
  const { user, address, asked } = open('/gateway-groups/default/workspaces?x=1', { ...nobody, 'POST /api/session': () => ({ value: owner }) });
  await user.type(await screen.findByLabelText('User name'), 'admin');
  await user.type(screen.getByLabelText('Password'), 'secret');
  await user.click(screen.getByRole('button', { name: 'Log in' }));
  await screen.findByRole('heading', { name: 'Workspaces' });
  expect(address()).toBe('/gateway-groups/default/workspaces?x=1');
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ username: 'admin', password: 'secret' });
});

test('a refused login says why', async () => {
  const { user } = open('/', { ...nobody, 'POST /api/session': () => refuse(401, { error_msg: 'wrong username or password' }) });
  await user.type(await screen.findByLabelText('User name'), 'admin');
  await user.type(screen.getByLabelText('Password'), 'secret');
  await user.click(screen.getByRole('button', { name: 'Log in' }));
  expect((await screen.findByRole('alert')).textContent).toContain('wrong username or password');
});

test('a password that somebody else gave is changed first', async () => {
  const { user, address, asked } = open('/gateway-groups', {
    'GET /api/session': () => ({ value: { ...owner, must_change_password: true } }),
    'PUT /api/session/password': () => ({ value: { ...owner, csrf_token: 'a new one' } }),
  });
  await user.type(await screen.findByLabelText('Present password'), 'given by someone');
  await user.type(screen.getByLabelText('New password'), 'correct horse battery');
  await user.type(screen.getByLabelText('New password, again'), 'correct horse batter');
  await user.click(screen.getByRole('button', { name: 'Change password' }));
  await screen.findByText('The two passwords differ');
  await user.type(screen.getByLabelText('New password, again'), 'y');
  await user.click(screen.getByRole('button', { name: 'Change password' }));
  await screen.findByRole('heading', { name: 'Gateway groups' });
  expect(address()).toBe('/gateway-groups');
  const change = asked.find(({ method }) => method === 'PUT')!;
  expect(change.headers.get('X-CSRF-Token')).toBe('csrf');
});

test('a session that is over leads to the login', async () => {
  const { address } = open('/gateway-groups', { 'GET /api/gateway_groups': () => refuse(401, { error_msg: 'failed to check token' }) });
  await screen.findByRole('heading', { name: 'Log in' });
  await waitFor(() => expect(address()).toBe('/login?from=%2Fgateway-groups'));
});

test('a login never leads to another site', () => {
  for (const from of ['https://elsewhere.test/', '//elsewhere.test', '/\\elsewhere.test', 'x']) expect(destination(new URLSearchParams({ from }))).toBe('/');
  expect(destination(new URLSearchParams({ from: '/gateway-groups?x=1' }))).toBe('/gateway-groups?x=1');
});
