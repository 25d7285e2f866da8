import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, refuse } from '../../testing/render';
import { played, WORKSPACE } from '../../testing/upstream';

const TIMELINE = 'GET /api/upstreams/orders/timeline';
const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
const timeline = (changes: { node: string; minutes: number; kind: string; reason: string }[], more = {}) => () => ({
  upstream: 'upstreams/orders', total: changes.length, kept_max: 50, instances: [{ id: 'gw-1', start_time: 0 }], unknown: [],
  timeline: changes.map(({ minutes, ...change }) => ({ ...change, at: minutesAgo(minutes), source: 'probe', instance_id: 'gw-1' })), ...more,
});
const gone = { node: '10.0.0.2:80', minutes: 6, kind: 'unhealthy', reason: 'the connection was refused' };
const section = () => screen.findByRole('region', { name: 'Health over time' });

test('a node that is out has a bar that tells a screen reader for how long', async () => {
  open(`${WORKSPACE}/orders`, { ...played, [TIMELINE]: timeline([gone]) });
  const health = await section();
  await within(health).findByRole('img', { name: '10.0.0.2:80: up for 54 min, unhealthy for 6 min' });
  expect(within(health).getAllByRole('img')).toHaveLength(1);
  within(health).getByText('U Unhealthy');
  within(health).getByText(/the connection was refused \(by probe\)/); // the title of its period
});

test('the same is there as a table', async () => {
  const { user } = open(`${WORKSPACE}/orders`, { ...played, [TIMELINE]: timeline([gone]) });
  const health = await section();
  await user.click(within(health).getByText('Table'));
  const row = within((await within(health).findByText('10.0.0.2:80')).closest('tr')!);
  row.getByText('Unhealthy');
  row.getByText('6 min, still');
  row.getByText('the connection was refused (by probe)');
});

test('another time shows what happened in it', async () => {
  const change = { ...gone, node: '10.0.0.1:80' };
  const { user } = open(`${WORKSPACE}/orders`, {
    ...played,
    [TIMELINE]: timeline([{ ...change, minutes: 90, kind: 'healthy' }, { ...change, minutes: 100 }]),
  });
  const health = await section();
  await within(health).findByText('Nothing happened to its nodes in this time');
  await user.click(within(health).getByText('24 hours'));
  within(health).getByRole('img', { name: '10.0.0.1:80: up for 23 h 50 min, unhealthy for 10 min' });
});

test('of many nodes the first are shown, and what is missing is said', async () => {
  const names = Array.from({ length: 25 }, (_, index) => `10.0.1.${index}:80`);
  open(`${WORKSPACE}/orders`, {
    ...played,
    [TIMELINE]: timeline(names.map((node) => ({ ...gone, node })), { total: 70, unknown: ['gw-2'] }),
  });
  const health = await section();
  expect(await within(health).findAllByRole('img')).toHaveLength(20);
  within(health).getByText('5 more nodes changed; those that changed last are shown. Of 70 changes the latest 25 are known here. Not heard of late: gw-2');
});

test('an answer that fails says why', async () => {
  open(`${WORKSPACE}/orders`, { ...played, [TIMELINE]: () => refuse(503, { error_msg: 'no instance is connected' }) });
  await screen.findByText('no instance is connected');
});
