import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, pick, refuse } from '../testing/render';
import { played, route, ROUTES, turningOff } from '../testing/route';
import { stored, tagged } from '../testing/upstream';

const viewer = { 'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'viewer' }] } }) };
const writes = (asked: { method: string; query: URLSearchParams; path: string; body: unknown }[]) => asked.filter(({ method, query }) => method !== 'GET' && !query.has('dry-run'));

test('the list says what routes match, where they go and what they get; a path is searched as one', async () => {
  const { user, asked } = open(ROUTES, played);
  const row = (await screen.findByRole('link', { name: 'Checkout' })).closest('tr')!;
  within(row).getByText('/checkout/*');
  await within(row).findByText('30');
  expect((await within(row).findByRole('link', { name: 'Orders' })).getAttribute('href')).toBe('/gateway-groups/default/workspaces/default/upstreams/orders');
  expect(asked.filter(({ path }) => path.endsWith('/traffic')).map(({ query }) => [query.get('by'), query.get('route')])).toEqual([['route', 'r1']]);

  await user.type(screen.getByLabelText('Search by name, or /path'), '/check.');
  await waitFor(() => expect(asked.some(({ query }) => query.get('uri') === '/check\\.' && !query.has('name'))).toBe(true));
});

test('a route that gets requests is disabled only after a word on them', async () => {
  const { user, asked } = open(ROUTES, { ...played, 'PATCH /api/routes/r1': ({ query }) => (query.has('dry-run') ? turningOff(30) : { value: { ...route, status: 0 } }) });
  await user.click(await screen.findByRole('switch', { name: 'Checkout is enabled' }));
  const dialog = await screen.findByRole('dialog');
  within(dialog).getByText(/It gets 30 requests\/s now/);
  expect(writes(asked)).toEqual([]);
  await user.click(within(dialog).getByRole('button', { name: 'Disable' }));
  await screen.findByText('Checkout is disabled');
  expect(writes(asked).map(({ path, body }) => [path, body])).toEqual([['/api/routes/r1', { status: 0 }]]);
});

test('one that gets none is disabled at once, and enabled without a question', async () => {
  let status: number | undefined;
  const { user, asked } = open(ROUTES, {
    ...played,
    'GET /api/routes': () => ({ list: [{ ...route, status }], total: 1 }),
    'PATCH /api/routes/r1': ({ query, body }) => {
      if (query.has('dry-run')) return turningOff(0);
      ({ status } = body as { status: number });
      return { value: route };
    },
  });
  const enabled = await screen.findByRole<HTMLButtonElement>('switch', { name: 'Checkout is enabled' });
  await user.click(enabled);
  await waitFor(() => expect(enabled.getAttribute('aria-checked')).toBe('false'));
  await waitFor(() => expect(enabled.className).not.toMatch(/loading/));
  await user.click(enabled);
  await waitFor(() => expect(enabled.getAttribute('aria-checked')).toBe('true'));
  expect(screen.queryByRole('dialog')).toBeNull();
  expect(writes(asked).map(({ body }) => body)).toEqual([{ status: 0 }, { status: 1 }]);
});

test('a viewer sees whether a route is enabled and is offered no change', async () => {
  const { user } = open(ROUTES, { ...played, ...viewer });
  const row = (await screen.findByRole('link', { name: 'Checkout' })).closest('tr')!;
  within(row).getByText('Enabled');
  expect(screen.queryByRole('switch')).toBeNull();
  expect(screen.queryByRole('button', { name: /Create route/ })).toBeNull();
  await user.click(screen.getByRole('link', { name: 'Checkout' }));
  await screen.findByRole('heading', { level: 1, name: 'Checkout' });
  expect(screen.getAllByText('Enabled')).toHaveLength(1);
  expect(screen.queryByRole('button', { name: /Configure/ })).toBeNull();
});

test('a route’s page says what it matches, where it goes and which plugins run in which order', async () => {
  open(`${ROUTES}/r1`, played);
  await screen.findByRole('heading', { level: 1, name: 'Checkout' });
  screen.getByText('query argument v is "2"');
  screen.getByText('header x is none of a, b');
  await screen.findByText('1 of 2 up');
  const plugins = await screen.findByRole('region', { name: 'Plugins' });
  await waitFor(() => expect(within(plugins).getAllByRole('listitem').map(({ textContent }) => textContent)).toEqual([expect.stringMatching(/^onip-restriction/), expect.stringMatching(/^offproxy-rewrite/)]));
});

test('of a route of a service the service’s nodes are shown, and drained there', async () => {
  const nodes = played['GET /api/upstreams/orders/nodes']!;
  const { user, asked } = open(`${ROUTES}/r1`, {
    ...played,
    'GET /api/routes/r1': () => tagged({ id: 'r1', uri: '/', service_id: 's1' }),
    'GET /api/services/s1/nodes': nodes,
    'PUT /api/services/s1/nodes/10.0.0.2:80/override': () => ({}),
  });
  await screen.findByText('10.0.0.2:80');
  expect(asked.find(({ path, query }) => path.endsWith('/traffic') && query.get('by') === 'node')!.query.get('upstream')).toBe('services/s1');
  await user.click(screen.getByRole('button', { name: 'Actions of 10.0.0.2:80' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Drain' }));
  await user.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Drain' }));
  await screen.findByText('10.0.0.2:80 is draining');
  expect(screen.getByRole('link', { name: 'Shop' }).getAttribute('href')).toBe('/gateway-groups/default/workspaces/default/services/s1');
});

test('a route is created with an upstream made on the way', async () => {
  const { user, asked, address } = open(`${ROUTES}/+new`, { ...played, 'POST /api/upstreams': () => ({ value: stored }), 'POST /api/routes': () => ({ value: route }) });
  await user.type(await screen.findByLabelText('Paths'), '/a{enter}/b{enter}');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await screen.findByText('Choose an upstream, or create one here');

  await user.click(screen.getByRole('button', { name: /Create one here/ }));
  const drawer = await screen.findByRole('dialog');
  await user.type(within(drawer).getByLabelText('Host'), '10.0.0.1');
  await user.click(within(drawer).getByRole('button', { name: 'Create' }));
  await screen.findByText('Orders was created and chosen');
  await user.click(screen.getByRole('button', { name: /Add condition/ }));
  await pick(user, 'Condition 1: what', 'Query argument');
  await user.type(screen.getByLabelText('Condition 1: name'), 'v');
  await user.type(screen.getByLabelText('Condition 1: value'), '2');
  await user.click(screen.getByRole('button', { name: /Add label/ }));
  await user.type(screen.getByLabelText('Key of label 1'), 'team');
  await user.type(screen.getByLabelText('Value of label 1'), 'pay');
  await user.click(screen.getAllByRole('button', { name: 'Create' }).at(0)!);
  await waitFor(() => expect(address()).toBe(`${ROUTES}/r1`));
  expect(writes(asked).map(({ path, body }) => [path, body])).toEqual([
    ['/api/upstreams', { type: 'roundrobin', nodes: [{ host: '10.0.0.1', port: 80, weight: 1 }] }],
    ['/api/routes', { uris: ['/a', '/b'], upstream_id: 'orders', vars: [['arg_v', '==', '2']], labels: { team: 'pay' } }],
  ]);
});

test('what the form does not touch goes through it as it was written', async () => {
  const { user, asked } = open(`${ROUTES}/r1/configure`, { ...played, 'PUT /api/routes/r1': () => ({ ...turningOff(30), would: 'nothing' }) });
  await user.type(await screen.findByLabelText('Description'), 'x');
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  await waitFor(() => expect(asked.some(({ method }) => method === 'PUT')).toBe(true));
  const { create_time: _created, update_time: _updated, ...rest } = route;
  expect(asked.find(({ method }) => method === 'PUT')!.body).toEqual({ ...rest, desc: 'x' });
});

test('a second path makes a list of the lone one; its refusal stands at the same field', async () => {
  const { user, asked } = open(`${ROUTES}/r1/configure`, { ...played, 'PUT /api/routes/r1': () => refuse(400, { error_msg: 'uris[1] "b" can never match: a path begins with / (or with the wildcard *)' }) });
  await user.type(await screen.findByLabelText('Paths'), 'b{enter}');
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  const problem = await screen.findByText(/^"b" can never match/);
  expect(screen.getByLabelText('Paths').getAttribute('aria-describedby')!.split(' ')).toContain(problem.parentElement!.id);
  const { uri, uris } = asked.find(({ method }) => method === 'PUT')!.body as { uri?: string; uris?: string[] };
  expect([uri, uris]).toEqual([undefined, ['/checkout/*', 'b']]);
});

test('nodes written in a route are a form in it, with the server’s refusals at its fields', async () => {
  const { user, asked } = open(`${ROUTES}/r1/configure`, {
    ...played,
    'PUT /api/routes/r1': () => refuse(400, { error_msg: 'invalid configuration: property "upstream" validation failed: property "nodes" validation failed: object matches none of the required (upstream.nodes[0].port: expected 70000 to be at most 65535)' }),
  });
  await user.click(await screen.findByLabelText('Nodes written here'));
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  await screen.findByText('A host is needed');
  await user.type(screen.getByLabelText('Host'), 'a.test');
  await user.clear(screen.getByLabelText('Port'));
  await user.type(screen.getByLabelText('Port'), '70000');
  await user.click(screen.getByLabelText('Active checks'));
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  const problem = await screen.findByText('expected 70000 to be at most 65535');
  expect(screen.getByLabelText('Port').getAttribute('aria-describedby')).toBe(problem.parentElement!.id);
  const { upstream, upstream_id } = asked.find(({ method }) => method === 'PUT')!.body as { upstream?: { checks: unknown }; upstream_id?: string };
  expect([upstream_id, upstream]).toEqual([undefined, { type: 'roundrobin', nodes: [{ host: 'a.test', port: 70000, weight: 1 }], checks: { active: { type: 'http', http_path: '/', healthy: {}, unhealthy: {} } } }]);
});

test('an object is found by its id as well as by its name', async () => {
  const { user } = open(`${ROUTES}/+new`, { ...played, 'GET /api/upstreams': ({ query }) => (query.has('name') ? { list: [], total: 0 } : { list: [stored], total: 1 }), 'GET /api/upstreams/unnamed': () => tagged({ id: 'unnamed', nodes: { '10.0.0.9:80': 1 } }) });
  await user.click(await screen.findByLabelText('Upstream'));
  await screen.findByText('orders · 10.0.0.1:80');
  await user.type(screen.getByLabelText('Upstream'), 'unnamed');
  await screen.findByText('10.0.0.9:80');
});

test('a refusal that concerns a chosen object stands at it', async () => {
  const { user } = open(`${ROUTES}/r1/configure`, { ...played, 'PUT /api/routes/r1': () => refuse(400, { error_msg: 'failed to fetch upstream info by upstream id [orders], response code: 404' }) });
  await user.click(await screen.findByRole('button', { name: 'Review and save' }));
  const problem = await screen.findByText(/failed to fetch upstream info/);
  expect(problem.closest('.ant-form-item')!.textContent).toMatch(/^Upstream/);
  expect(screen.queryByText('Not accepted as it is')).toBeNull();
});
