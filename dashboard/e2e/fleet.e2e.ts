import { beforeAll, expect, test } from 'vitest';
import type { Page } from 'playwright-core';
import { inspect, newPage } from './browser';
import { Etcd, Gateway, Node } from './gateway';
import { steps } from './steps';

const PASSWORD = 'the second horse is brown';
const UPSTREAMS = '/gateway-groups/default/workspaces/default/upstreams';

let etcd: Etcd;
let control: Gateway;
let instances: Gateway[];
let node: Node;
let page: Page;

const { button, dialog, go, row, shown, logIn, changePassword } = steps(() => ({ page, address: control.address }));

const ofEtcd = (role: 'control_plane' | 'data_plane') => ({ deployment: { role, [`role_${role}`]: { config_provider: 'etcd' }, etcd: { host: [etcd.address] } } });

beforeAll(async () => {
  [etcd, node] = await Promise.all([Etcd.start(), Node.start()]);
  control = await Gateway.start(ofEtcd('control_plane'));
  const token = (await control.api('POST', '/api/gateway_groups/default/instance_tokens', { name: 'fleet' })) as { value: { token: string } };
  instances = [];
  for (const id of ['gw-1', 'gw-2'])
    instances.push(await Gateway.start({ ...ofEtcd('data_plane'), apisix: { id }, headgate: { control_plane: { addresses: [control.address], token: token.value.token } } }, 'metrics'));
  await control.api('PUT', '/api/upstreams/orders', { name: 'orders', nodes: [{ host: '127.0.0.1', port: node.port, weight: 1 }] });
  page = await newPage(control.address);
});

async function saveRetries(retries: number) {
  await go(`${UPSTREAMS}/orders/configure`);
  await page.getByRole('spinbutton', { name: 'Retries', exact: true }).fill(String(retries));
  await button('Review and save').click();
  await dialog().getByRole('button', { name: 'Save' }).click();
  await shown('orders was saved');
}

test('of two gateways one is stale: the group, its instances and an edit say so, until it goes on', async () => {
  await go('/gateway-groups/default/instances');
  await logIn('admin', control.password);
  await changePassword(control.password, PASSWORD);
  await row('gw-1').getByText('Healthy').waitFor();
  await row('gw-2').getByText('Healthy').waitFor();

  instances[1]!.pause();
  try {
    await saveRetries(1);
    await shown('Not every gateway instance runs this yet');
    await shown(/Instances that run it: 1 of 2, gw-2 at revision \d+/);
    expect(await inspect(page, 'upstream-saved-stale')).toEqual([]);

    await go('/gateway-groups');
    await row('default').getByText(/1 of 2/).waitFor();
    expect(await inspect(page, 'gateway-groups-stale')).toEqual([]);
    await go('/gateway-groups/default/instances');
    await row('gw-1').getByText('Healthy').waitFor();
    await row('gw-2').getByText('Healthy').waitFor({ state: 'detached' });
    expect(await inspect(page, 'instances-stale')).toEqual([]);
    await saveRetries(2);
    await shown('Not every gateway instance runs this yet');
  } finally {
    instances[1]!.resume();
  }
  await shown(/Every gateway instance runs revision \d+ now/);
  await go('/gateway-groups/default/instances');
  await row('gw-2').getByText('Healthy').waitFor();
});
