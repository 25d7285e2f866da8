import { screen, waitFor } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open } from '../testing/render';
import { played, stored, tagged, WORKSPACE } from '../testing/upstream';

test('the YAML view is the same thing: it is edited there and comes back to the form', async () => {
  const { user } = open(`${WORKSPACE}/orders/configure`, played);
  await screen.findByLabelText('Name');
  await user.click(screen.getByText('YAML'));
  const yaml = await screen.findByLabelText<HTMLTextAreaElement>('The upstream as YAML');
  expect(yaml.value).toContain('sticky:\n  cookie: {}\n');
  await user.clear(yaml);
  await user.click(yaml);
  await user.paste('name: [');
  await user.click(screen.getByText('Form'));
  await screen.findByText(/This is not YAML/);
  await user.clear(yaml);
  await user.click(yaml);
  await user.paste('name: Changed\nnodes: []\n');
  await user.click(screen.getByText('Form'));
  expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('Changed');
});

test('a duplicate begins as the original, without its id', async () => {
  const { user, asked, address } = open(`${WORKSPACE}/orders`, {
    ...played,
    'POST /api/upstreams': () => ({ value: { ...stored, id: '2', name: 'Orders copy' } }),
    'GET /api/upstreams/2': () => tagged({ ...stored, id: '2', name: 'Orders copy' }),
  });
  await user.click(await screen.findByRole('button', { name: /More/ }));
  await user.click(await screen.findByRole('menuitem', { name: 'Duplicate' }));
  await screen.findByRole('heading', { name: 'Duplicate Orders' });
  expect((await screen.findByLabelText<HTMLInputElement>('Name')).value).toBe('Orders copy');
  await user.click(screen.getByRole('button', { name: 'Create' }));
  await waitFor(() => expect(address()).toBe(`${WORKSPACE}/2`));
  expect(asked.find(({ method }) => method === 'POST')!.body).toEqual({ name: 'Orders copy', type: 'roundrobin', nodes: stored.nodes, sticky: { cookie: {} } });
});
