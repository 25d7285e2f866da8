import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import type { UserEvent } from '@testing-library/user-event';
import { expect, test } from 'vitest';
import { open, owner, pick, refuse, type Asked, type Play } from '../testing/render';
import { tagged } from '../testing/upstream';

const WORKSPACE = '/gateway-groups/default/workspaces/default';
const PAGE = `${WORKSPACE}/routes/r1/canary`;
const split = { rules: [{ weighted_upstreams: [{ upstream_id: 'new', weight: 1 }, { weight: 9 }] }] };
const byRule = { rules: [{ match: [{ vars: [['http_x_canary', '==', 'yes']] }], ...split.rules[0] }] };
const route = (more: object = {}) => ({ id: 'r1', name: 'Orders', uri: '/orders', upstream_id: 'old', plugins: { 'request-id': {} }, ...more });
const upstream = (id: string) => ({ id, name: id.toUpperCase(), nodes: [] });
const nodes = (...all: string[]) => ({ query }: { query: URLSearchParams }) => {
  const states = all.filter((state) => !query.has('state') || query.get('state') === state);
  return { upstream: '', type: 'roundrobin', checked: true, total: states.length, up: states.filter((state) => state === 'up').length, nodes: states.map((state, at) => ({ node: `10.0.0.${at}:80`, state, exclusions: [] })) };
};
const affected = { totals: { routes: 1 }, every_request: false, complete: true, requests_per_second: 30, list: [{ key: '/apisix/routes/r1', kind: 'routes', id: 'r1', by: [], requests_per_second: 30 }] };
const preview = { dry_run: true, would: 'update', key: '/apisix/routes/r1', kind: 'routes', id: 'r1', difference: [{ path: 'plugins.traffic-split', after: 1 }], warnings: [], affected };
const rate = (id: string, requests: number, failures: number, p99: number) => ({ owner: `upstreams/${id}`, requests_per_second: requests, failures_per_second: failures, latency_ms: { p50: 1, p99 } });

/** An API with a route, and what of it is split. */
const played = (stored: object, more: Play = {}): Play => ({
  'GET /api/routes/r1': () => tagged(stored),
  'PATCH /api/routes/r1': ({ query }) => (query.has('dry-run') ? preview : { value: stored }),
  'GET /api/upstreams': () => ({ list: [upstream('old'), upstream('new')], total: 2 }),
  'GET /api/upstreams/old': () => tagged(upstream('old')),
  'GET /api/upstreams/new': () => tagged(upstream('new')),
  'GET /api/upstreams/old/nodes': nodes('up', 'down'),
  'GET /api/upstreams/new/nodes': nodes('up'),
  'GET /api/gateway_groups/default/traffic': () => ({ instances: { heard: 1, unknown: [] }, requests_per_second: 40, list: [rate('old', 36, 0, 8), rate('new', 4, 1, 250)], total: 2 }),
  ...more,
});

const patches = (asked: Asked[], isDry: boolean) => asked.filter(({ method, query }) => method === 'PATCH' && query.has('dry-run') === isDry);
const review = async (user: UserEvent) => {
  await user.click(screen.getByRole('button', { name: 'Review' }));
  return screen.findByRole('dialog');
};
const json = (label: string) => JSON.parse(screen.getByLabelText(label, { selector: 'pre' }).textContent!) as unknown;

test('a first share is moved after a look, by a change of the plugin’s rules alone', async () => {
  const { user, asked } = open(PAGE, played(route()));
  await screen.findByRole('button', { name: 'Review' });
  expect(screen.queryByRole('button', { name: 'Back to the old' })).toBeNull();
  await user.click(screen.getByRole('button', { name: 'Review' }));
  await screen.findByText('Choose the upstream that requests are to go to');
  await user.click(screen.getByLabelText('New upstream'));
  await user.click(await screen.findByText('NEW', { selector: '.name-and-id span' }));
  await user.click(screen.getByRole('button', { name: '10 %' }));
  screen.getByText('Weights 10 : 90: of 100 requests in a row, 10 to the new one.');
  const rules = [{ weighted_upstreams: [{ upstream_id: 'new', weight: 10 }, { weight: 90 }] }];
  expect(json('As it would be')).toEqual({ 'traffic-split': { rules } });

  const dialog = await review(user);
  within(dialog).getByText('route r1');
  within(dialog).getByText('1 object, 30 requests/s now');
  expect(patches(asked, false)).toEqual([]);
  await user.type(within(dialog).getByLabelText(/Why/), 'try it');
  await user.click(within(dialog).getByRole('button', { name: 'Move them' }));
  await screen.findByText('Requests go as you asked');
  const [saved] = patches(asked, false);
  expect(saved!.body).toEqual({ plugins: { 'traffic-split': { rules } } });
  expect(saved!.headers.get('If-Match')).toBe('"7"');
  expect(saved!.headers.get('X-Headgate-Message')).toBe('try it');
});

test('both sides are told live, of this route alone', async () => {
  const { asked } = open(PAGE, played(route({ plugins: { 'traffic-split': split } })));
  const next = (await screen.findByRole('link', { name: 'NEW' })).closest('tr')!;
  await within(next).findByText('1 of 1 up');
  await within(next).findByText('25 %');
  expect(within(next).getAllByText('10 %')).toHaveLength(2);
  within(next).getByText('250 ms');
  const old = screen.getByRole('link', { name: 'OLD' }).closest('tr')!;
  await within(old).findByText('1 of 2 up');
  expect(within(old).getAllByText('90 %')).toHaveLength(2);
  screen.getByRole('img', { name: /^Latency, p99 over .* Old: now 8 ms, .* New: now 250 ms/ });
  const { query } = asked.find(({ path }) => path.endsWith('/traffic'))!;
  expect([query.get('by'), query.get('upstream'), query.get('route')]).toEqual(['upstream', 'upstreams/old,upstreams/new', 'r1']);
});

test('the slider answers to arrows; a share may be exact', async () => {
  const { user } = open(PAGE, played(route({ plugins: { 'traffic-split': split } })));
  const slider = await screen.findByRole('slider', { name: 'Share of the new upstream' });
  screen.getByText('This is how it is stored.');
  // The slider reads key codes, which the played keyboard leaves out.
  fireEvent.keyDown(slider, { keyCode: 39, which: 39 });
  expect(slider.getAttribute('aria-valuetext')).toBe('11 %');
  const exactly = screen.getByLabelText('Exactly');
  await user.clear(exactly);
  await user.type(exactly, '12.5');
  await screen.findByText(/^Weights 125 : 875/);
  await user.click(screen.getByRole('button', { name: 'Back to what is stored' }));
  await screen.findByText(/^Weights 1 : 9/);
});

test('a rule says what is missing, and shows what the server has against it', async () => {
  const { user, asked } = open(
    PAGE,
    played(route({ plugins: { 'traffic-split': split } }), {
      'PATCH /api/routes/r1': () => refuse(400, { error_msg: 'x', errors: [{ path: 'plugins.traffic-split.rules[0].match[0].vars', message: 'not a regular expression' }] }),
    }),
  );
  await user.click(await screen.findByText('Requests by a rule'));
  await user.click(screen.getByRole('button', { name: 'Review' }));
  await screen.findByText('A name is needed');
  expect(patches(asked, true)).toEqual([]);
  await user.type(screen.getByLabelText('Condition 1: name'), 'X-Canary');
  await pick(user, 'Condition 1: comparison', 'matches the pattern');
  await user.type(screen.getByLabelText('Condition 1: value'), '(');
  await user.click(screen.getByRole('button', { name: 'Review' }));
  await screen.findByText('not a regular expression');
  await user.click(screen.getByRole('button', { name: 'Back to what is stored' }));
  await waitFor(() => expect(screen.queryByText('not a regular expression')).toBeNull());
  expect(patches(asked, true)[0]!.body).toEqual({
    plugins: { 'traffic-split': { rules: [{ match: [{ vars: [['http_x_canary', '~~', '(']] }], weighted_upstreams: [{ upstream_id: 'new', weight: 100 }, { weight: 0 }] }] } },
  });
});

test('what somebody else wrote meanwhile is shown, and one’s own can be kept against it', async () => {
  const { user, asked } = open(
    PAGE,
    played(route({ plugins: { 'traffic-split': split } }), {
      'PATCH /api/routes/r1': ({ headers }) =>
        headers.get('If-Match') === '"7"' ? refuse(412, { error_msg: 'changed', seen: 7, modifiedIndex: 9, difference: [{ path: 'desc', after: 'x' }], changes: [{ revision: 9, who: 'jane' }] }) : preview,
    }),
  );
  await user.click(await screen.findByRole('button', { name: '50 %' }));
  await user.click(screen.getByRole('button', { name: 'Review' }));
  await screen.findByText('jane changed this route while you were editing');
  await user.click(screen.getByRole('button', { name: /Keep mine/ }));
  await screen.findByRole('dialog');
  expect(patches(asked, true).map(({ headers }) => headers.get('If-Match'))).toEqual(['"7"', '"9"']);
  expect(screen.queryByText('jane changed this route while you were editing')).toBeNull();
});

test('all to the new: upstream and split in one write, and what goes with it is said', async () => {
  const service = { id: 's1', name: 'Shop', upstream_id: 'old', plugins: { 'traffic-split': split } };
  const { user, asked } = open(
    PAGE,
    played(route({ upstream_id: undefined, upstream: { nodes: [] }, service_id: 's1', plugins: { 'traffic-split': byRule } }), { 'GET /api/services/s1': () => tagged(service), 'GET /api/upstreams/new/nodes': nodes('down') }),
  );
  await screen.findByText(/service s1 has a split of its own/);
  await user.click(await screen.findByRole('button', { name: 'All to the new' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('NEW becomes the upstream of the route, in place of the one in the route, and the split goes: one write.');
  within(dialog).getByText(/not only those that the rule takes/);
  within(dialog).getByText(/The upstream that is written in the route goes/);
  within(dialog).getByText('A split of service s1 acts then.');
  await within(dialog).findByText(/No node of NEW is up/);
  await user.click(within(dialog).getByRole('button', { name: 'All to the new' }));
  await screen.findByText('All requests go to the new upstream');
  expect(patches(asked, false).map(({ body }) => body)).toEqual([{ upstream_id: 'new', upstream: null, plugins: { 'traffic-split': null } }]);
});

test('back to the old takes the split away', async () => {
  const { user, asked } = open(PAGE, played(route({ plugins: { 'traffic-split': split } })));
  await user.click(await screen.findByRole('button', { name: 'Back to the old' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('The split goes, and every request goes to OLD again.');
  await user.click(within(dialog).getByRole('button', { name: 'Back to the old' }));
  await screen.findByText('All requests go to the old upstream again');
  expect(patches(asked, false).map(({ body, headers }) => [body, headers.get('If-Match')])).toEqual([[{ plugins: { 'traffic-split': null } }, '"7"']]);
});

test('a split that the page cannot keep is shown as it acts, with the reason and the way to its JSON', async () => {
  const rules = [{ match: [{ vars: [['consumer_name', '==', 'jane']] }], weighted_upstreams: [{ upstream_id: 'new' }] }, ...split.rules];
  open(PAGE, played(route({ plugins: { 'traffic-split': { _meta: { disable: true }, rules } } })));
  await screen.findByText(/It has several rules/);
  screen.getByText(/switched off here/);
  screen.getByText('Where consumer is jane');
  expect(screen.getByRole('link', { name: 'Edit it as JSON' }).getAttribute('href')).toBe(`${WORKSPACE}/routes/r1/configure`);
  expect(json('As it is')).toEqual({ 'traffic-split': { _meta: { disable: true }, rules } });
  expect(screen.queryByRole('button', { name: 'Review' })).toBeNull();
});

test('a viewer sees the split and is offered no change', async () => {
  open(PAGE, played(route({ plugins: { 'traffic-split': split } }), { 'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'viewer' }] } }) }));
  await screen.findByText('Every request');
  for (const name of ['Review', 'Back to the old', 'All to the new']) expect(screen.queryByRole('button', { name })).toBeNull();
  expect(screen.queryByRole('slider')).toBeNull();
});

test('of a service the routes that follow it are asked, and those that would go back elsewhere are named', async () => {
  const service = { id: 's1', name: 'Shop', upstream_id: 'old', plugins: { 'traffic-split': split } };
  const routes = [route({ id: 'a', upstream_id: undefined }), route({ id: 'b' }), route({ id: 'c', plugins: { 'traffic-split': split } })];
  const { user, asked } = open(`${WORKSPACE}/services/s1/canary`, {
    ...played(route()),
    'GET /api/services/s1': () => tagged(service),
    'PATCH /api/services/s1': () => preview,
    'GET /api/routes': () => ({ list: routes, total: 3 }),
  });
  await waitFor(() => expect(asked.find(({ path }) => path.endsWith('/traffic'))?.query.get('route')).toBe('a,b'));
  expect(asked.find(({ path }) => path === '/api/routes')!.query.get('filter')).toBe('service_id=s1');
  await user.click(screen.getByRole('button', { name: 'All to the new' }));
  await screen.findByText('Routes with an upstream of their own go back to that: b.');
});

test('the list has what is split, by the server’s word, and leads to the page of another', async () => {
  const { user, asked, address } = open(`${WORKSPACE}/canary`, {
    ...played(route()),
    'GET /api/routes': ({ query }) => ({ list: [query.has('plugin') ? route({ plugins: { 'traffic-split': split } }) : route({ id: 'r2', name: 'Carts' })], total: query.has('plugin') ? 21 : 1 }),
    'GET /api/services': () => ({ list: [], total: 0 }),
  });
  const row = (await screen.findByRole('link', { name: 'Orders' })).closest('tr')!;
  await within(row).findByText('NEW');
  expect(await within(row).findAllByText('90 %')).toHaveLength(2);
  screen.getByText('No service is split');
  const list = asked.filter(({ path, query }) => path === '/api/routes' && query.has('plugin'));
  expect(list.map(({ query }) => [query.get('plugin'), query.get('page'), query.get('page_size')])).toEqual([['traffic-split', '1', '20']]);
  await user.click(screen.getByTitle('2'));
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}/canary?routes=2`));
  await pick(user, 'Begin one on', 'Carts (r2)');
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}/routes/r2/canary`));
});
