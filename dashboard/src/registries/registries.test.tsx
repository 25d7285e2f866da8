import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { followed, paris, REGISTRIES, registries } from '../testing/registry';
import { open, owner, pick, refuse } from '../testing/render';
import { played, preview, WORKSPACE } from '../testing/upstream';

const API = '/api/gateway_groups/default/service_registries';
const rowOf = async (name: string) => (await screen.findByRole('link', { name })).closest('tr')!;
const viewer = { 'GET /api/session': () => ({ value: { ...owner, roles: [{ role: 'viewer' }] } }) };

test('the list tells status with its reason, and what of it is changed in config.yaml alone', async () => {
  const { user, asked } = open(REGISTRIES, registries);
  const connection = within(await rowOf('Consul of Paris'));
  connection.getByText('Lost connection');
  connection.getByText(/Connection refused/);
  await connection.findByText('1 object');
  expect(connection.getAllByRole('button')).toHaveLength(2);
  const fixed = within(await rowOf('discovery:dns'));
  fixed.getByText('config.yaml');
  expect(fixed.queryByRole('button')).toBeNull();

  await user.type(screen.getByLabelText('Search by name'), 'a.b');
  await waitFor(() => expect(asked.some(({ path, query }) => path === API && query.get('search') === 'a.b')).toBe(true));
});

test('a connection is made: its type first, a test before it is saved, refusals at their fields', async () => {
  let tests = 0;
  const { user, asked, address } = open(`${REGISTRIES}/+new`, {
    ...registries,
    [`POST ${API}/test`]: () =>
      tests++ === 0
        ? { value: { status: 'lost_connection', status_reason: 'answers 403', took_ms: 3 } }
        : { value: { status: 'healthy', services: 25, took_ms: 3 } },
    [`POST ${API}`]: () =>
      tests < 3 && asked.filter(({ path, method }) => path === API && method === 'POST').length === 1
        ? refuse(400, { error_msg: 'x', errors: [{ path: 'consul_config.servers[0]', message: 'it is no address of a server' }, { path: 'consul_config.timeout.read', message: 'is too small' }] })
        : { value: paris },
  });
  await screen.findByLabelText('Type');
  expect(screen.queryByRole('button', { name: 'Test connection' })).toBeNull();
  await pick(user, 'Type', 'Consul');
  await user.type(await screen.findByLabelText('Servers'), 'http://10.0.0.5:8500{Enter}');
  await user.type(screen.getByLabelText('Token'), 's3cret');
  await user.click(screen.getByRole('button', { name: 'Test connection' }));
  await screen.findByText('answers 403');
  expect(asked.at(-1)!.body).toEqual({ type: 'consul', consul_config: { servers: ['http://10.0.0.5:8500'], token: 's3cret' } });

  // A result is of what was tested: an edit takes it away.
  await user.type(screen.getByLabelText('Data centre'), 'dc2');
  await waitFor(() => expect(screen.queryByText('answers 403')).toBeNull());
  await user.click(screen.getByRole('button', { name: 'Test connection' }));
  await screen.findByText(/has 25 services/);

  await user.click(screen.getByRole('button', { name: 'Create' }));
  await screen.findByText('it is no address of a server');
  await screen.findByText('is too small');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(address()).toBe(`${REGISTRIES}/paris`));
});

test('a stored secret is not shown, stays when nothing is typed, and can be changed or removed', async () => {
  const bodies: unknown[] = [];
  const { user } = open(`${REGISTRIES}/paris/configure`, {
    ...registries,
    [`PUT ${API}/paris`]: ({ body }) => {
      bodies.push((body as typeof paris).consul_config);
      return { ...preview, would: 'nothing' };
    },
  });
  const token = await screen.findByLabelText<HTMLInputElement>('Token');
  expect(token.value).toBe('');
  expect(token.placeholder).toContain('stored');
  const review = () => user.click(screen.getByRole('button', { name: 'Review and save' }));
  const sent = async (number: number) => {
    await waitFor(() => expect(bodies).toHaveLength(number));
    return bodies.at(-1);
  };
  await review();
  expect(await sent(1)).toEqual(paris.consul_config);
  await user.type(token, 'n3w');
  await review();
  expect(await sent(2)).toEqual({ ...paris.consul_config, token: 'n3w' });
  await user.clear(token);
  await review();
  expect(await sent(3)).toEqual(paris.consul_config);
  await user.click(screen.getByRole('button', { name: 'Remove token' }));
  await review();
  expect(await sent(4)).toEqual({ servers: paris.consul_config.servers, dump: paris.consul_config.dump });
});

test('what is secret of the original is no part of a copy', async () => {
  open(`${REGISTRIES}/+new?from=paris`, registries);
  expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('Consul of Paris copy');
  expect(screen.getByLabelText<HTMLInputElement>('Token').placeholder).toBe('');
});

test('a registry leads to who uses it, in whatever workspace, and tells how it was', async () => {
  open(`${REGISTRIES}/paris`, registries);
  const users = await screen.findByRole('region', { name: 'Used by' });
  expect((await within(users).findByRole('link', { name: 'upstream prices' })).getAttribute('href')).toBe('/gateway-groups/default/workspaces/team-a/upstreams/prices');
  const health = screen.getByRole('region', { name: 'Health' });
  expect((await within(health).findAllByRole('listitem')).map(({ textContent }) => /^(Lost connection|Healthy)/.exec(textContent ?? '')?.[0])).toEqual(['Lost connection', 'Healthy']);
  await screen.findByText('7 had, 1 not had; 3 changed instances');
});

test('services are searched by the server; of one, what is told, in use and held is seen', async () => {
  const { user } = open(`${REGISTRIES}/paris`, registries);
  await user.type(await screen.findByLabelText('Search by name'), 'pri');
  const services = screen.getByRole('region', { name: 'Services it has' });
  await waitFor(() => expect(within(services).queryByText('orders')).toBeNull());
  await user.click(within(services).getByRole('button', { name: 'Instances of prices' }));
  const drawer = within(await screen.findByRole('dialog'));
  within((await drawer.findByText('10.0.0.1:80')).closest('tr')!).getByText('in use');
  within((await drawer.findByText('10.0.0.2:80')).closest('tr')!).getByText(/^held/);
  within(drawer.getByText('10.0.0.3', { exact: false }).closest('tr')!).getByText('not in use yet');
  drawer.getByText('[2].Service: no port');
});

test('what is held is released after a question that says whom it touches', async () => {
  const { user, asked } = open(`${REGISTRIES}/paris`, { ...registries, 'POST /api/gateway_groups/default/discovery/services/release': () => ({ released_services: 1, released_instances: 1 }) });
  await user.click(await screen.findByRole('button', { name: 'Release what is held of prices' }));
  const dialog = within(await screen.findByRole('dialog'));
  dialog.getByText(/1 instance is gone.*all 2 upstreams/);
  expect(asked.some(({ method }) => method === 'POST')).toBe(false);
  await user.click(dialog.getByRole('button', { name: 'Release' }));
  await screen.findByText('1 instance was released');
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ registry: followed.registry, service_name: 'prices' });
});

test('a viewer sees all of it and is offered nothing that changes it', async () => {
  open(`${REGISTRIES}/paris`, { ...registries, ...viewer });
  await screen.findByText('1 of 2 held');
  for (const name of [/Release/, /Configure/, /Test connection/]) expect(screen.queryByRole('button', { name })).toBeNull();
});

test('one of config.yaml is told as such; what has no list is asked by name', async () => {
  const { user } = open(`${REGISTRIES}/discovery:dns`, {
    ...registries,
    [`GET ${API}/discovery:dns/services`]: () => refuse(502, { error_msg: 'DNS has no list of services; any name may be one' }),
    [`GET ${API}/discovery:dns/services/web.internal/instances`]: () => ({ list: [{ host: '10.0.0.9', port: 80, weight: 1 }], total: 1 }),
  });
  await screen.findByText(/configured in config.yaml, key discovery.dns/);
  expect(screen.queryByRole('button', { name: /Configure/ })).toBeNull();
  await user.type(await screen.findByLabelText('Show instances of'), 'web.internal{Enter}');
  await within(await screen.findByRole('dialog')).findByText('10.0.0.9:80');
});

test('an upstream follows a service: the registry is chosen, the service looked for, its instances shown', async () => {
  const { user, asked } = open(`${WORKSPACE}/+new`, { ...played, ...registries, 'POST /api/upstreams': () => ({ value: { id: 'orders' } }) });
  await user.click(await screen.findByLabelText('A service registry'));
  expect(screen.queryByLabelText('Host')).toBeNull();
  await pick(user, 'Registry', 'Consul of Paris');
  await user.type(screen.getByLabelText('Service'), 'pri');
  await waitFor(() => expect(asked.some(({ path, query }) => path === `${API}/paris/services` && query.get('search') === 'pri')).toBe(true));
  await user.type(screen.getByLabelText('Service'), 'ces');
  await user.type(screen.getByLabelText('Tags'), 'v2{Enter}');
  await screen.findByText('2 instances');
  await waitFor(() => expect(asked.some(({ path, query }) => path.endsWith('/services/prices/instances') && query.get('tag') === 'v2')).toBe(true));
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(asked.some(({ method }) => method === 'POST')).toBe(true));
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ type: 'roundrobin', discovery_type: 'consul', service_registry_id: 'paris', service_name: 'prices', discovery_args: { tags: ['v2'] } });
});

test('written nodes and a service go together, and what a choice takes away comes back with the other', async () => {
  const { user, asked } = open(`${WORKSPACE}/+new`, { ...played, ...registries, 'POST /api/upstreams': () => ({ value: { id: 'orders' } }) });
  await user.type(await screen.findByLabelText('Host'), '10.0.0.7');
  await user.click(screen.getByLabelText('A service registry'));
  await pick(user, 'Registry', 'discovery:dns');
  await user.type(screen.getByLabelText('Service'), 'web.internal');
  await user.click(screen.getByLabelText('Both'));
  expect(screen.getByLabelText<HTMLInputElement>('Host').value).toBe('10.0.0.7');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(asked.some(({ method }) => method === 'POST')).toBe(true));
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ type: 'roundrobin', nodes: [{ host: '10.0.0.7', port: 80, weight: 1 }], discovery_type: 'dns', service_name: 'web.internal' });
});

test('an upstream says where its nodes come from, and which of them are held', async () => {
  const upstream = { id: 'orders', name: 'Orders', discovery_type: 'consul', service_registry_id: 'paris', service_name: 'prices' };
  open(`${WORKSPACE}/orders`, { ...played, ...registries, 'GET /api/upstreams/orders': () => ({ value: upstream }) });
  expect((await screen.findAllByRole('link', { name: 'Consul of Paris' }))[0]!.getAttribute('href')).toBe(`${REGISTRIES}/paris`);
  await screen.findByText('1 instance is held');
  within((await screen.findByText('10.0.0.2:80', { selector: 'td *' })).closest('tr')!).getByText('the registry no longer tells of it');
  expect(within(screen.getByText('10.0.0.1:80', { selector: 'td *' }).closest('tr')!).queryByText(/no longer tells/)).toBeNull();
});
