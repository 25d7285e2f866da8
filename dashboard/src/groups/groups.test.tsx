import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, refuse } from '../testing/render';

const group = '/api/gateway_groups/default';
const instance = {
  id: 'gw-1', gateway_group_id: 'default', hostname: 'one', version: '0.1.0', addresses: [], cores: 2, start_time: 1, status: 'healthy', connected: true, last_heartbeat_time: 1,
  revision: 7, digest: 'd', rejected_total: 0, rejected: [], nodes_not_up: 0, requests_per_second: 12.34,
};
const convergence = { revision: 7, complete: false, running: 1, total: 2, text: '1 of 2, gw-2 at revision 6 for 9 s', instances: [{ id: 'gw-1', status: 'healthy', revision: 7, runs_it: true }, { id: 'gw-2', status: 'out_of_sync', revision: 6, runs_it: false }] };

test('the list tells how instances are and whether they run what they should', async () => {
  open('/gateway-groups', { [`GET ${group}/convergence`]: () => convergence });
  const row = (await screen.findByRole('link', { name: 'default' })).closest('tr')!;
  await within(row).findByText('1 healthy');
  within(row).getByText('1 out of sync');
  within(row).getByText('revision 7 runs on 1 of 2, gw-2 at revision 6 for 9 s');
  expect(within(row).queryByRole('button', { name: 'Delete default' })).toBeNull();
});

test('a group is made only if its id is free, and a refusal stands at the field', async () => {
  const { user, asked } = open('/gateway-groups', {
    [`GET ${group}/convergence`]: () => convergence,
    'POST /api/gateway_groups': () => refuse(409, { error_msg: 'there is a gateway group blue already' }),
  });
  await user.click(await screen.findByRole('button', { name: /Create gateway group/ }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Name'), 'Blue');
  await user.type(within(dialog).getByLabelText('ID'), 'blue');
  await user.click(within(dialog).getByRole('button', { name: 'Create' }));
  const problem = await within(dialog).findByText('there is a gateway group blue already');
  expect(within(dialog).getByLabelText('ID').getAttribute('aria-describedby')).toContain(problem.parentElement!.id);
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ id: 'blue', name: 'Blue' });
});

test('a group is deleted only when its name was typed', async () => {
  const { user, asked } = open('/gateway-groups', {
    'GET /api/gateway_groups': () => ({ list: [{ id: 'blue', name: 'Blue' }], total: 1 }),
    'DELETE /api/gateway_groups/blue': () => ({ deleted: '1' }),
  });
  await user.click(await screen.findByRole('button', { name: 'Delete Blue' }));
  const dialog = await screen.findByRole('dialog');
  const confirm = within(dialog).getByRole('button', { name: 'Delete' });
  expect(confirm).toHaveProperty('disabled', true);
  await user.type(within(dialog).getByLabelText('Type Blue to confirm'), 'Blue');
  await user.click(confirm);
  await screen.findByText('Blue was deleted');
  expect(asked.find(({ method }) => method === 'DELETE')!.query.get('confirm')).toBe('Blue');
});

test('an instance says why it is not well', async () => {
  open('/gateway-groups/default/instances', {
    [`GET ${group}/convergence`]: () => convergence,
    [`GET ${group}/instances`]: () => ({ list: [instance, { ...instance, id: 'gw-2', hostname: 'two', status: 'out_of_sync', status_reason: 'cannot follow its store', behind_for: 9, revision: 6 }], total: 2 }),
  });
  const row = (await screen.findByText('two')).closest('tr')!;
  within(row).getByText('Out of sync');
  within(row).getByText('cannot follow its store');
  within(row).getByText('behind for 9 s');
  within(screen.getByText('one').closest('tr')!).getByText('12');
});

test('a group without instances says how to add one, and a viewer is not offered it', async () => {
  open('/gateway-groups/default/instances', {
    'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'viewer' }] } }),
    [`GET ${group}/convergence`]: () => ({ ...convergence, instances: [], total: 0 }),
    [`GET ${group}/instances`]: () => ({ list: [], total: 0 }),
  });
  await screen.findByText('No instance runs this gateway group');
  expect(screen.queryByRole('button', { name: /Add an instance/ })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Instance tokens' })).toBeNull();
});

test('an instance token is shown once, with its commands', async () => {
  const { user } = open('/gateway-groups/default/instances', {
    [`GET ${group}/convergence`]: () => convergence,
    [`GET ${group}/instances`]: () => ({ list: [instance], total: 1 }),
    [`POST ${group}/instance_tokens`]: () => ({ value: { id: 't', name: 'x', token: 'hgi_t_secret', commands: { config: 'deployment: {}', shell: 'headgate run' } } }),
  });
  await user.click(await screen.findByRole('button', { name: /Add an instance/ }));
  await user.type(await screen.findByLabelText('Name of the token'), 'x');
  await user.click(screen.getByRole('button', { name: 'Make a token' }));
  await screen.findByText('hgi_t_secret');
  screen.getByText('headgate run');
  await user.click(screen.getByRole('button', { name: 'I have taken them' }));
  expect(screen.queryByText('hgi_t_secret')).toBeNull();
});
