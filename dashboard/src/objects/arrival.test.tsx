import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, refuse, type Play } from '../testing/render';
import { played, preview, stored, WORKSPACE } from '../testing/upstream';

const behind = { revision: 9, complete: false, running: 1, total: 2, text: '1 of 2, gw-2 at revision 8 for 3 s', instances: [] };
const all = { ...behind, complete: true, running: 2, text: '2 of 2' };

/** Saves an edit that is answered with how far the instances have come. */
async function save(convergence: object, play: Play = {}) {
  const opened = open(`${WORKSPACE}/orders/configure`, { ...played, 'PUT /api/upstreams/orders': ({ query }) => (query.has('dry-run') ? { ...preview, would: 'update' } : { value: stored, convergence }), ...play });
  await opened.user.type(await screen.findByLabelText('Name'), ' 2');
  await opened.user.click(screen.getByRole('button', { name: 'Review and save' }));
  await opened.user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(opened.address()).toBe(`${WORKSPACE}/orders`));
  return opened;
}

test('a write that an instance does not run yet is told, and followed until it does', async () => {
  let now = behind;
  const { asked } = await save(behind, { 'GET /api/gateway_groups/default/revisions/9/convergence': () => now });
  await screen.findByText('Not every gateway instance runs this yet');
  screen.getByText('It is stored. Instances that run it: 1 of 2, gw-2 at revision 8 for 3 s.');
  expect(asked.filter(({ method, query }) => method === 'PUT' && !query.has('dry-run')).map(({ query }) => query.get('wait'))).toEqual(['2000']);
  now = all;
  await screen.findByText('Every gateway instance runs revision 9 now');
  expect(screen.queryByText('Not every gateway instance runs this yet')).toBeNull();
});

test('what cannot be followed stays as the write was answered', async () => {
  const { asked } = await save(behind, { 'GET /api/gateway_groups/default/revisions/9/convergence': () => refuse(403, { error_msg: 'no' }) });
  await waitFor(() => expect(asked.filter(({ path }) => path.endsWith('/convergence'))).toHaveLength(1));
  await screen.findByText(/gw-2 at revision 8/);
});

test('of a write that all instances run nothing more is told', async () => {
  await save(all);
  await screen.findByText('Orders 2 was saved');
  expect(screen.queryByText(/gateway instance runs/)).toBeNull();
});
