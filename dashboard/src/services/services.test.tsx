import { screen, waitFor, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open } from '../testing/render';
import { played, service, SERVICES } from '../testing/route';

test('the list says how many routes a service has and what they get', async () => {
  open(SERVICES, played);
  const row = (await screen.findByRole('link', { name: 'Shop' })).closest('tr')!;
  within(row).getByText('its own nodes');
  await within(row).findByText('30');
});

test('a service in use is not deleted: its routes are named, with the way to them', async () => {
  const { user } = open(SERVICES, played);
  await user.click(await screen.findByRole('button', { name: 'Delete Shop' }));
  const dialog = await screen.findByRole('dialog');
  expect((await within(dialog).findByRole('link', { name: 'route r1' })).getAttribute('href')).toBe('/gateway-groups/default/workspaces/default/routes/r1');
});

test('nodes that are written in a service are edited there, and go to no other', async () => {
  const { user, asked } = open(`${SERVICES}/s1/configure`, { ...played, 'PUT /api/services/s1': () => ({ would: 'nothing' }) });
  expect(screen.queryByLabelText('A service')).toBeNull();
  const weight = await screen.findByLabelText('Weight');
  await user.clear(weight);
  await user.type(weight, '7');
  await user.click(screen.getByRole('button', { name: 'Review and save' }));
  await waitFor(() => expect(asked.some(({ method }) => method === 'PUT')).toBe(true));
  expect(asked.find(({ method }) => method === 'PUT')!.body).toEqual({ id: 's1', name: 'Shop', hosts: service.hosts, upstream: { nodes: [{ host: '10.0.0.1', port: 80, weight: 7 }] } });
});
