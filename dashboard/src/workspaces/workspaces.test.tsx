import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, refuse } from '../testing/render';
import { tagged } from '../testing/upstream';

const all = '/api/gateway_groups/default/workspaces';
const teamA = { id: 'team-a', name: 'Team A', hosts: ['a.test', '*.a.test'], labels: { cost: '42' } };

test('an edit keeps what the form does not show, and holds only against what was opened', async () => {
  const { user, asked } = open('/gateway-groups/default/workspaces', {
    [`GET ${all}`]: () => ({ list: [{ ...teamA, hosts: [] }], total: 1 }),
    [`GET ${all}/team-a`]: () => tagged(teamA),
    [`PUT ${all}/team-a`]: () => ({ value: teamA }),
  });
  await user.click(await screen.findByRole('button', { name: 'Edit Team A' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Description'), 'Orders');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await screen.findByText('Team A was saved');
  const put = asked.find(({ method }) => method === 'PUT')!;
  expect(put.headers.get('If-Match')).toBe('"7"');
  expect(put.body).toEqual({ name: 'Team A', desc: 'Orders', hosts: ['a.test', '*.a.test'], labels: { cost: '42' } });
});

test('a workspace that is not empty says what is left', async () => {
  const { user } = open('/gateway-groups/default/workspaces', {
    [`GET ${all}`]: () => ({ list: [teamA], total: 1 }),
    [`DELETE ${all}/team-a`]: () => refuse(409, { error_msg: 'workspace team-a is not empty: 2 routes' }),
  });
  await user.click(await screen.findByRole('button', { name: 'Delete Team A' }));
  await user.type(await screen.findByLabelText('Type Team A to confirm'), 'Team A');
  await user.click(screen.getByRole('button', { name: 'Delete' }));
  await screen.findByText('workspace team-a is not empty: 2 routes');
});

test('the default workspace stays as it is', async () => {
  open('/gateway-groups/default/workspaces', {});
  await screen.findByRole('button', { name: /Create workspace/ });
  await screen.findByText('any that no other workspace has');
  expect(screen.queryByRole('button', { name: 'Delete default' })).toBeNull();
  expect(screen.queryByRole('button', { name: 'Edit default' })).toBeNull();
});
