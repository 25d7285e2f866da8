import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, pick } from '../testing/render';
import { localTime } from './FilterForm';

const revisions = '/api/gateway_groups/default/revisions';
const address = '/gateway-groups/default/workspaces/default/revisions';
const change = {
  revision: 21, time: 1_764_000_000.125, who: 'ops', where: '10.0.0.9', why: 'the new one is slow', change: 'updated', key: '/apisix/upstreams/1', kind: 'upstreams', id: '1',
  difference: [{ path: 'nodes[10.0.0.1:80].weight', before: 2, after: 1 }],
};

test('a change tells who did what and why, and opens what differs', async () => {
  const { user } = open(address, { [`GET ${revisions}`]: () => ({ list: [change], before: null }) });
  const row = within((await screen.findByText('upstreams 1 updated')).closest('tr')!);
  row.getByText('ops');
  row.getByText('10.0.0.9');
  row.getByText('the new one is slow');
  await user.click(row.getByRole('button', { name: 'Show what differs' }));
  await screen.findByText('nodes[10.0.0.1:80].weight');
  await screen.findByText('1 change, nothing older');
});

test('what is looked for goes to the server, into the address and into the files', async () => {
  const { user, asked, address: at } = open(address, { [`GET ${revisions}`]: () => ({ list: [change], before: null }) });
  await screen.findByText('upstreams 1 updated');
  expect(screen.getByLabelText('ID')).toHaveProperty('disabled', true);
  await user.type(screen.getByLabelText('Who'), 'ops');
  await pick(user, 'Kind', 'upstreams');
  await user.type(screen.getByLabelText('ID'), '1');
  await user.click(screen.getByRole('button', { name: 'Search' }));
  await waitFor(() => expect(at()).toBe(address + '?who=ops&kind=upstreams&id=1'));
  await waitFor(() => expect(String(asked.filter(({ path }) => path === revisions).at(-1)!.query)).toBe('kind=upstreams&id=1&who=ops&workspace_id=default'));
  expect(screen.getByRole('link', { name: /CSV/ }).getAttribute('href')).toBe(revisions + '?kind=upstreams&id=1&who=ops&workspace_id=default&format=csv');
});

test('older ones come from the server, also after a page that found nothing', async () => {
  const { user, asked } = open(address, { [`GET ${revisions}`]: ({ query }) => (query.get('before') === null ? { list: [], before: 12 } : { list: [change], before: null, forgotten: 3 }) });
  await screen.findByText('Nothing found so far.');
  await user.click(screen.getByRole('button', { name: 'Show older ones' }));
  await screen.findByText('upstreams 1 updated');
  expect(asked.filter(({ path }) => path === revisions).at(-1)!.query.get('before')).toBe('12');
  screen.getByText('What was up to revision 3 is not known any more.');
});

test('a search that finds nothing can be cleared', async () => {
  const { user, address: at } = open('/audit?who=nobody', { 'GET /api/audit': ({ query }) => ({ list: query.get('who') ? [] : [{ ...change, kind: 'workspaces', gateway_group_id: 'blue' }], before: null }) });
  await screen.findByText('No change was found');
  await user.click(screen.getAllByRole('button', { name: 'Clear' })[0]!);
  await screen.findByText('in gateway group blue');
  expect(at()).toBe('/audit');
});

test('an owner of a group reads the group’s part', async () => {
  open('/gateway-groups/default/audit', {
    'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'owner', gateway_group_id: 'default' }] } }),
    'GET /api/gateway_groups/default/audit': () => ({ list: [], before: null }),
  });
  await screen.findByText('Nothing has been changed yet');
  screen.getByRole('link', { name: 'Audit log' });
});

test('a moment of the address is shown as the local time of a field', () => {
  const local = localTime('1764000000');
  expect(new Date(local).getTime()).toBe(1_764_000_000_000);
  expect(localTime('2025-11-24T16:00:00Z')).toBe(local);
  expect(localTime('gibberish')).toBe('');
  expect(localTime()).toBe('');
});
