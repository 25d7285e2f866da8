import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, owner, refuse } from '../testing/render';
import { played, preview, stored, WORKSPACE } from '../testing/upstream';

test('the list is searched by the server, literally, and asks for one page', async () => {
  const { user, asked, address } = open(WORKSPACE, played);
  const row = (await screen.findByRole('link', { name: 'Orders' })).closest('tr')!;
  await within(row).findByText('1 of 2 up');
  await user.type(screen.getByLabelText('Search by name'), 'a.b');
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}?search=a.b`));
  await waitFor(() => expect(asked.some(({ query }) => query.get('name') === 'a\\.b')).toBe(true));
  const list = asked.filter(({ path }) => path === '/api/upstreams');
  expect(list.every(({ query }) => query.get('page') === '1' && query.get('page_size') === '20' && query.get('workspace_id') === 'default' && query.get('gateway_group_id') === 'default')).toBe(true);
});

test('an upstream leads to who uses it, for viewers too; the list asks once for all', async () => {
  const { user, asked } = open(WORKSPACE, { ...played, 'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'viewer' }] } }) });
  await screen.findByRole('link', { name: 'Orders' });
  expect(asked.filter(({ path }) => path.endsWith('/affected')).map(({ query }) => query.get('of'))).toEqual(['upstreams/orders']);
  await user.click(screen.getByRole('link', { name: 'Orders' }));
  expect((await screen.findByRole('link', { name: 'route r1' })).getAttribute('href')).toBe('/gateway-groups/default/workspaces/default/routes/r1');
});

test('what somebody else wrote a moment ago is there when a page is opened again', async () => {
  let names = ['Orders'];
  const { user } = open(WORKSPACE, { ...played, 'GET /api/upstreams': () => ({ list: names.map((name) => ({ ...stored, name })), total: names.length }) });
  await user.click(await screen.findByRole('link', { name: 'Orders' }));
  await screen.findByRole('heading', { name: 'Orders' });
  names = ['Payments'];
  await user.click(screen.getAllByRole('link', { name: 'Upstreams' })[0]!);
  await screen.findByRole('link', { name: 'Payments' });
});

test('an upstream’s page asks once for its nodes, for the table and for how many are up', async () => {
  const { asked } = open(`${WORKSPACE}/orders`, played);
  await screen.findByText('1 of 2 up');
  await screen.findByText('10.0.0.2:80');
  expect(asked.filter(({ path }) => path === '/api/upstreams/orders/nodes')).toHaveLength(1);
});

test('where no instance can tell, the state is unknown, not down', async () => {
  open(WORKSPACE, { ...played, 'GET /api/upstreams/orders/nodes': () => refuse(503, { error_msg: 'no instance of gateway group default is connected' }) });
  await screen.findByText('unknown');
});

test('a new upstream is created from the form; a refusal stands at its field', async () => {
  let tries = 0;
  const { user, asked, address } = open(`${WORKSPACE}/+new`, {
    ...played,
    'POST /api/upstreams': () =>
      tries++ === 0
        ? refuse(400, { error_msg: 'x', errors: [{ path: 'nodes[0].port', message: 'invalid configuration: property "nodes" validation failed: object matches none of the required (nodes[0].port: expected 70000 to be at most 65535)' }, { path: 'sticky', message: 'is wrong' }] })
        : { value: stored },
  });
  await user.type(await screen.findByLabelText('Name'), 'Orders');
  await user.type(screen.getByLabelText('Host'), '10.0.0.1');
  await user.clear(screen.getByLabelText('Port'));
  await user.type(screen.getByLabelText('Port'), '70000');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  const problem = await screen.findByText('expected 70000 to be at most 65535');
  expect(screen.getByLabelText('Port').getAttribute('aria-describedby')).toBe(problem.parentElement!.id);
  await screen.findByText('sticky: is wrong');

  await user.clear(screen.getByLabelText('Port'));
  await user.type(screen.getByLabelText('Port'), '80');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}/orders`));
  expect(asked.filter(({ method }) => method === 'POST').at(-1)!.body).toEqual({ name: 'Orders', type: 'roundrobin', nodes: [{ host: '10.0.0.1', port: 80, weight: 1 }] });
});

test('the JSON view is the same thing: it is edited there and comes back to the form', async () => {
  const { user } = open(`${WORKSPACE}/orders/configure`, played);
  await screen.findByLabelText('Name');
  await user.click(screen.getByText('JSON'));
  const json = screen.getByLabelText<HTMLTextAreaElement>('The upstream as JSON');
  expect(JSON.parse(json.value)).toEqual({ id: 'orders', name: 'Orders', type: 'roundrobin', nodes: stored.nodes, sticky: { cookie: {} } });
  await user.clear(json);
  await user.type(json, 'no');
  await user.click(screen.getByText('Form'));
  await screen.findByText(/This is not JSON/);
  await user.clear(json);
  await user.click(json);
  await user.paste('{"name":"Changed","nodes":[]}');
  await user.click(screen.getByText('Form'));
  expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('Changed');
  expect(screen.queryByLabelText('Host')).toBeNull();
});

test('before an edit is saved, what changes and whom it touches is shown', async () => {
  const { user, asked, address } = open(`${WORKSPACE}/orders/configure`, { ...played, 'PUT /api/upstreams/orders': ({ query }) => (query.has('dry-run') ? { ...preview, would: 'update' } : { value: stored }) });
  await user.type(await screen.findByLabelText('Name'), ' 2');
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  const dialog = await screen.findByRole('dialog');
  within(dialog).getByText('Orders 2');
  within(dialog).getByText('route r1');
  within(dialog).getByText('1 object, 30 requests/s now');
  expect(asked.filter(({ method, query }) => method === 'PUT' && !query.has('dry-run'))).toEqual([]);
  await user.type(within(dialog).getByLabelText(/Why/), 'renamed');
  await user.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}/orders`));
  const save = asked.find(({ method, query }) => method === 'PUT' && !query.has('dry-run'))!;
  expect(save.headers.get('If-Match')).toBe('"7"');
  expect(save.headers.get('X-Headgate-Message')).toBe('renamed');
  expect(save.body).toEqual({ id: 'orders', name: 'Orders 2', type: 'roundrobin', nodes: stored.nodes, sticky: { cookie: {} } });
});

test('an edit that somebody else overtook shows theirs, and can be kept against it', async () => {
  const { user, asked } = open(`${WORKSPACE}/orders/configure`, {
    ...played,
    'PUT /api/upstreams/orders': ({ headers }) =>
      headers.get('If-Match') === '"7"'
        ? refuse(412, { error_msg: 'upstream [orders] was changed', seen: 7, modifiedIndex: 9, difference: [{ path: 'retries', after: 3 }], changes: [{ revision: 9, who: 'jane' }] })
        : { ...preview, would: 'update' },
  });
  await user.type(await screen.findByLabelText('Name'), ' 2');
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  await screen.findByText('jane changed this upstream while you were editing');
  screen.getByText('retries');
  await user.click(screen.getByRole('button', { name: /Keep mine/ }));
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  await screen.findByRole('dialog');
  expect(asked.filter(({ method }) => method === 'PUT').at(-1)!.headers.get('If-Match')).toBe('"9"');
});

test('passive checks alone are not offered, and it is said why', async () => {
  const { user } = open(`${WORKSPACE}/orders/configure`, played);
  await screen.findByText(/Passive checks need active ones/);
  expect(screen.queryByLabelText('Passive checks')).toBeNull();
  await user.click(screen.getByLabelText('Active checks'));
  await screen.findByLabelText('Passive checks');
  screen.getByLabelText('Path');
});

test('an upstream in use is not deleted: its users are named', async () => {
  const { user } = open(WORKSPACE, played);
  await user.click(await screen.findByRole('button', { name: 'Delete Orders' }));
  const dialog = await screen.findByRole('dialog');
  await within(dialog).findByText('route r1');
  expect(within(dialog).getAllByRole('button').map(({ textContent }) => textContent)).toEqual(['', 'Close']);
});

test('a node says its state and why; a drain that leaves none asks for force', async () => {
  let forced = false;
  const { user, asked } = open(`${WORKSPACE}/orders`, {
    ...played,
    'PUT /api/upstreams/orders/nodes/10.0.0.1:80/override': ({ body }) => {
      forced = (body as { force?: boolean }).force === true;
      return forced ? {} : refuse(409, { error_msg: '0 usable nodes would remain' });
    },
  });
  const down = (await screen.findByText('10.0.0.2:80')).closest('tr')!;
  within(down).getByText('Unhealthy');
  within(down).getByText(/connection refused/);
  const up = screen.getByText('10.0.0.1:80').closest('tr')!;
  within(up).getByText('4.3 ms');

  await user.click(screen.getByRole('button', { name: 'Actions of 10.0.0.1:80' }));
  await user.click(await screen.findByRole('menuitem', { name: 'Drain' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Deadline'), '30');
  expect(within(dialog).queryByRole('checkbox')).toBeNull();
  await user.click(within(dialog).getByRole('button', { name: 'Drain' }));
  await within(dialog).findByText('0 usable nodes would remain');
  await user.click(await within(dialog).findByRole('checkbox'));
  await user.click(within(dialog).getByRole('button', { name: 'Drain' }));
  await screen.findByText('10.0.0.1:80 is draining');
  expect(asked.filter(({ method }) => method === 'PUT').at(-1)!.body).toEqual({ kind: 'drain', deadline: 30, force: true });
});

test('TLS, outlier detection and what is against overload are parts that a switch makes and takes away', async () => {
  const { user, asked } = open(`${WORKSPACE}/orders/configure`, { ...played, 'PUT /api/upstreams/orders': () => ({ ...preview, would: 'nothing' }) });
  const review = screen.findByRole('button', { name: 'Review and save' });
  const sent = () => asked.filter(({ method }) => method === 'PUT').at(-1)!.body;
  await user.click(await screen.findByLabelText('TLS settings'));
  await user.type(await screen.findByLabelText('Client certificate of an SSL object'), 'c1');
  expect(screen.queryByLabelText('Its private key')).toBeNull();
  await user.click(screen.getByLabelText('Eject outliers'));
  await user.click(screen.getByLabelText('Circuit breaker'));
  await user.click(await review);
  await screen.findByText('Nothing differs from what is stored');
  expect(sent()).toMatchObject({ tls: { verify: true, client_cert_id: 'c1' }, outlier_detection: { consecutive_5xx: 5 }, circuit_breaker: {} });

  await user.click(screen.getByLabelText('TLS settings'));
  await user.click(screen.getByLabelText('Eject outliers'));
  await user.click(screen.getByLabelText('Circuit breaker'));
  await user.click(await review);
  await waitFor(() => expect(asked.filter(({ method }) => method === 'PUT')).toHaveLength(2));
  expect(sent()).toEqual({ id: 'orders', name: 'Orders', type: 'roundrobin', nodes: stored.nodes, sticky: { cookie: {} } });
});

test('a node is added on the upstream’s page after a look; a refusal is told, and an edit that was overtaken is not written', async () => {
  let tries = 0;
  const { user, asked } = open(`${WORKSPACE}/orders`, {
    ...played,
    'PUT /api/upstreams/orders': ({ query }) =>
      query.has('dry-run')
        ? tries++ === 0
          ? refuse(400, { error_msg: 'x', errors: [{ path: 'nodes[1].port', message: 'expected 70000 to be at most 65535' }] })
          : { ...preview, would: 'update' }
        : refuse(412, { error_msg: 'upstream [orders] was changed', modifiedIndex: 9, changes: [{ who: 'jane' }] }),
  });
  await user.click(await screen.findByRole('button', { name: 'Add node' }));
  const dialog = await screen.findByRole('dialog');
  await user.type(within(dialog).getByLabelText('Host'), '10.0.0.3');
  await user.click(within(dialog).getByRole('button', { name: 'Review and save' }));
  await within(dialog).findByText('port: expected 70000 to be at most 65535');
  await user.click(within(dialog).getByRole('button', { name: 'Review and save' }));
  await user.click(await screen.findByRole('button', { name: 'Save' }));
  await screen.findByText(/jane changed this upstream meanwhile/);
  const put = asked.filter(({ method }) => method === 'PUT').at(-1)!;
  expect(put.headers.get('If-Match')).toBe('"7"');
  expect((put.body as { nodes: unknown[] }).nodes).toEqual([...stored.nodes, { host: '10.0.0.3', port: 80, weight: 1 }]);
  await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
});
