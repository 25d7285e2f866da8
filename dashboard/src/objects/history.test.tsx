import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, refuse, type Play } from '../testing/render';
import { played, preview, stored, tagged, WORKSPACE } from '../testing/upstream';

const API = '/api/gateway_groups/default/upstreams/orders';
const change = (revision: number, more: object) => ({
  revision, time: 1_760_000_000, who: 'jane', where: '10.0.0.9', why: 'because', change: 'updated', key: '/apisix/upstreams/orders', kind: 'upstreams', id: 'orders', difference: [{ path: 'retries', before: revision - 1, after: revision }], ...more,
});
const history: Play = {
  ...played,
  [`GET ${API}/history`]: ({ query }) =>
    query.has('compare')
      ? { key: '', kind: 'upstreams', id: 'orders', from: 3, to: 7, difference: [{ path: 'type', before: 'random', after: 'roundrobin' }] }
      : query.get('before') === '3'
        ? { list: [change(2, { change: 'created', who: 'joe' })], before: null }
        : { list: [change(7, {}), change(3, {})], before: 3 },
};

test('history is reached from an upstream, and read page after page', async () => {
  const { user, address } = open(`${WORKSPACE}/orders`, history);
  await user.click(await screen.findByRole('button', { name: /More/ }));
  await user.click(await screen.findByRole('menuitem', { name: /History/ }));
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}/orders/history`));
  const newest = await screen.findByRole('listitem', { name: 'Revision 7' });
  within(newest).getByText(/changed by jane/);
  within(newest).getByText(/from 10.0.0.9 · because/);
  within(newest).getByText('As it is now');
  expect(within(newest).queryByRole('button')).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Show older changes' }));
  within(await screen.findByRole('listitem', { name: 'Revision 2' })).getByText(/created by joe/);
  expect(screen.queryByRole('button', { name: 'Show older changes' })).toBeNull();
});

test('a revision is compared with now', async () => {
  const { user, asked } = open(`${WORKSPACE}/orders/history`, history);
  await user.click(within(await screen.findByRole('listitem', { name: 'Revision 3' })).getByRole('button', { name: 'Compare with now' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('random');
  expect(asked.find(({ query }) => query.has('compare'))!.query.get('compare')).toBe('3..7');
});

test('a restore is reviewed first, and holds only against what was seen', async () => {
  let tries = 0;
  const { user, asked } = open(`${WORKSPACE}/orders/history`, {
    ...history,
    'GET /api/upstreams/orders': () => tagged(stored, tries === 0 ? '"7"' : '"8"'),
    [`POST ${API}/restore`]: ({ query }) => (query.has('dry-run') ? { ...preview, would: 'update' } :
      tries++ === 0 ? refuse(412, { error_msg: 'changed', changes: [{ revision: 8, who: 'joe' }] }) : { changed: true }),
  });
  await user.click(await within(await screen.findByRole('listitem', { name: 'Revision 3' })).findByRole('button', { name: 'Restore' }));
  const dialog = await screen.findByRole('dialog');
  within(dialog).getByText('Before you restore revision 3');
  within(dialog).getByText('Orders 2');
  within(dialog).getByText('route r1');
  expect(asked.filter(({ method, query }) => method === 'POST' && !query.has('dry-run'))).toEqual([]);
  await user.type(within(dialog).getByLabelText(/Why/), 'it was better');
  await user.click(within(dialog).getByRole('button', { name: 'Restore' }));
  await screen.findByText(/joe changed this upstream meanwhile/);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  await waitFor(() => expect(asked.filter(({ path }) => path === '/api/upstreams/orders')).toHaveLength(2));

  await user.click(within(screen.getByRole('listitem', { name: 'Revision 3' })).getByRole('button', { name: 'Restore' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Restore' }));
  await screen.findByText('It is as it was after revision 3');
  const written = asked.filter(({ method, query }) => method === 'POST' && !query.has('dry-run'));
  expect(written.map(({ body, headers }) => [body, headers.get('If-Match')])).toEqual([[{ revision: 3 }, '"7"'], [{ revision: 3 }, '"8"']]);
  expect(written[0]!.headers.get('X-Headgate-Message')).toBe('it was better');
});

test('a viewer compares and is not offered to restore', async () => {
  open(`${WORKSPACE}/orders/history`, { ...history, 'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'viewer' }] } }) });
  const old = await screen.findByRole('listitem', { name: 'Revision 3' });
  expect(within(old).getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['Compare with now']);
});
