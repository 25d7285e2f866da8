import { screen, within } from '@testing-library/react';
import { expect, test } from 'vitest';
import { open, refuse } from '../testing/render';
import { played, stored, WORKSPACE } from '../testing/upstream';

const TRAFFIC = 'GET /api/gateway_groups/default/traffic';
const rowOf = async (text: string) => (await screen.findByText(text, { selector: 'td *' })).closest('tr')!;

test('the list shows what upstreams get, and asks once for the page', async () => {
  const { asked } = open(WORKSPACE, { ...played, 'GET /api/upstreams': () => ({ list: [stored, { ...stored, id: 'quiet', name: 'Quiet' }], total: 2 }) });
  const busy = await rowOf('Orders');
  await within(busy).findByText('50');
  within(busy).getByText('5');
  within(busy).getByText('10 %');
  within(busy).getByText('40 ms');
  const quiet = await rowOf('Quiet');
  expect(within(quiet).getAllByText('0')).toHaveLength(2);
  expect(within(quiet).queryByText(/%/)).toBeNull();
  const questions = asked.filter(({ path }) => path.endsWith('/traffic'));
  expect(questions.map(({ query }) => query.get('upstream'))).toEqual(['upstreams/orders,upstreams/quiet']);
  expect(questions[0]!.query.get('workspace_id')).toBe('default');
});

test('failures have a sign beside their colour, another one when they are many', async () => {
  open(`${WORKSPACE}/orders`, {
    ...played,
    [TRAFFIC]: () => ({
      instances: { heard: 1, unknown: [] },
      requests_per_second: 50,
      list: [
        { owner: 'upstreams/orders', node: '10.0.0.1:80', requests_per_second: 50, failures_per_second: 0.5 },
        { owner: 'upstreams/orders', node: '10.0.0.2:80', requests_per_second: 4, failures_per_second: 4 },
      ],
      total: 2,
    }),
  });
  const few = (await within(await rowOf('10.0.0.1:80')).findByText('1 %')).closest('.state')!;
  const many = (await within(await rowOf('10.0.0.2:80')).findByText('100 %')).closest('.state')!;
  expect(few.querySelector('svg')!.dataset.icon).toBe('exclamation-circle');
  expect(many.querySelector('svg')!.dataset.icon).toBe('close-circle');
});

test('what nobody knows is no zero', async () => {
  open(WORKSPACE, { ...played, [TRAFFIC]: () => ({ instances: { heard: 0, unknown: ['gw-1'] }, requests_per_second: 0, list: [], total: 0 }) });
  expect(await within(await rowOf('Orders')).findAllByText('–')).toHaveLength(3);
});

test('of more nodes than an answer holds, those behind its end have no figure', async () => {
  open(`${WORKSPACE}/orders`, {
    ...played,
    [TRAFFIC]: () => ({ instances: { heard: 1, unknown: [] }, requests_per_second: 50, list: [{ owner: 'upstreams/orders', node: '10.0.0.1:80', requests_per_second: 50, failures_per_second: 0 }], total: 501 }),
  });
  await within(await rowOf('10.0.0.1:80')).findByText('50');
  expect(within(await rowOf('10.0.0.2:80')).getAllByText('–').length).toBeGreaterThanOrEqual(2);
});

test('a node’s timeline says what happened, by whom, why and where', async () => {
  const { user } = open(`${WORKSPACE}/orders`, {
    ...played,
    'GET /api/upstreams/orders/nodes/10.0.0.2:80/timeline': () => ({
      node: '10.0.0.2:80', total: 2, kept_max: 50, unknown: ['gw-4'],
      timeline: [
        { instance_id: 'gw-1', at: '2026-01-02T00:00:00Z', kind: 'drain_begun', source: 'jane', reason: 'new kernel' },
        { instance_id: 'gw-2', at: '2026-01-01T00:00:00Z', kind: 'unhealthy', source: 'probe', reason: 'the connection was refused' },
      ],
    }),
  });
  await user.click(await screen.findByRole('button', { name: 'Timeline of 10.0.0.2:80' }));
  const dialog = await screen.findByRole('dialog');
  const [newest, oldest] = await within(dialog).findAllByRole('listitem');
  within(newest!).getByText('Drain begun');
  within(newest!).getByText('new kernel');
  within(newest!).getByText(/by jane · at gw-1/);
  within(oldest!).getByText('Unhealthy');
  within(oldest!).getByText(/by probe · at gw-2/);
  within(dialog).getByText('Not heard of late: gw-4');
});

test('a node that nothing happened to says so; an answer that fails says why', async () => {
  let fails = true;
  const { user } = open(`${WORKSPACE}/orders`, {
    ...played,
    'GET /api/upstreams/orders/nodes/10.0.0.1:80/timeline': () => (fails ? refuse(503, { error_msg: 'no instance is connected' }) : { node: '10.0.0.1:80', total: 0, kept_max: 50, timeline: [] }),
  });
  await user.click(await screen.findByRole('button', { name: 'Timeline of 10.0.0.1:80' }));
  await screen.findByText('no instance is connected');
  fails = false;
  await user.click(screen.getByRole('button', { name: 'Try again' }));
  await screen.findByText('Nothing has happened to this node');
});

test('an upstream says what it gets and how long its answers take, in figures and in charts', async () => {
  open(`${WORKSPACE}/orders`, played);
  await screen.findByText('50 requests/s');
  screen.getByText('p50 2.5 ms');
  screen.getByText('p99 40 ms');
  const section = screen.getByRole('region', { name: 'Traffic' });
  await within(section).findByRole('img', { name: 'Requests/s over the last 5 minutes. Requests/s: now 50, between 50 and 50.' });
  within(section).getByRole('img', { name: 'Failures/s over the last 5 minutes. Failures/s: now 5, between 5 and 5.' });
  within(section).getByRole('img', { name: 'Latency over the last 5 minutes. p50: now 2.5 ms, between 2.5 ms and 2.5 ms; p99: now 40 ms, between 40 ms and 40 ms.' });
  within(section).getByText(/since this page was opened/);
});

test('an upstream whose instances tell no latency has none, not 0', async () => {
  open(`${WORKSPACE}/orders`, { ...played, [TRAFFIC]: () => ({ instances: { heard: 1, unknown: [] }, requests_per_second: 50, list: [{ owner: 'upstreams/orders', requests_per_second: 50, failures_per_second: 0 }], total: 1 }) });
  await screen.findByText('50 requests/s');
  expect(screen.queryByText(/^p99 \d/)).toBeNull();
  await screen.findByRole('img', { name: /^Latency .* p50: no figures yet; p99: no figures yet\.$/ });
});
