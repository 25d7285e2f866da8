import { screen, within } from '@testing-library/react';
import { describe, expect, test } from 'vitest';
import { open, owner, refuse, type Play } from '../testing/render';
import { played as upstreams } from '../testing/upstream';

const PAGE = '/gateway-groups/default/workspaces/default/explain';
const candidate = { node: '10.0.0.1:80', standing: 'in_use', weight: 1, priority: 0, in_flight: 3, score: 4, forced_up: false, exclusions: [] };
const forwarded = {
  revision: 12, outcome: 'forwarded', status: null, reason: null,
  route: { id: 'orders', name: 'Orders', hosts: ['a.test'], uris: ['/orders*'], priority: 5, workspace_id: 'team-a' },
  upstream: {
    key: 'upstreams/1', type: 'least_conn', random: false, uses_unusable: false, tries_max: 2, picks: ['10.0.0.2:80', '10.0.0.1:80'], hash: null, limits: { rate_limit: { left: 0, retry_after: 3 } },
    candidates: [
      { ...candidate, node: '10.0.0.3:80', standing: 'left_out', exclusions: [{ why: 'unhealthy', since: { at: '2026-01-01T00:00:00Z', kind: 'unhealthy', source: 'probe', reason: 'connection refused' } }] },
      candidate,
      { ...candidate, node: '10.0.0.2:80', in_flight: 0, score: 1 },
    ],
  },
};
const recent = {
  at: '2026-01-01T00:00:00Z', duration_ms: 12, method: 'GET', host: 'a.test', path: '/orders', route: 'orders', workspace_id: 'team-a', upstream: 'upstreams/1', type: 'p2c', candidates_count: 2, uses_unusable: false, status: 200, tries_count: 2,
  tries: [
    { node: '10.0.0.2:80', score: 0.5, drawn: ['10.0.0.1:80', '10.0.0.2:80'], outcome: 'refused', status: 0 },
    { node: '10.0.0.1:80', score: 1, outcome: 'answered', status: 200 },
  ],
  excluded: [{ node: '10.0.0.3:80', why: ['draining'] }],
};
const kept = (...requests: unknown[]) => ({ kept_max: 1000, sample: 100, total: requests.length, requests });
const answering = (explanation: unknown): Play => ({ 'POST /api/explain': () => explanation });
const step = async (title: string) => (await screen.findByText(title, { selector: 'h3' })).closest('li')!;
const link = (name: string, within_: HTMLElement = document.body) => within(within_).getByRole<HTMLAnchorElement>('link', { name }).getAttribute('href');

describe('asking', () => {
  test('what is filled in is asked, and stands in the address', async () => {
    const { user, asked, address } = open(PAGE, answering(forwarded));
    await user.type(await screen.findByLabelText('Host'), 'a.test');
    await user.clear(screen.getByLabelText('Path and query'));
    await user.type(screen.getByLabelText('Path and query'), '/orders?x=1');
    await user.click(screen.getByText('Add header field'));
    await user.type(screen.getByLabelText('Name 1'), 'X-User');
    await user.type(screen.getByLabelText('Value 1'), '7');
    await user.click(screen.getByText('Explain', { selector: 'button span' }));
    await screen.findByText('It goes to 10.0.0.2:80');
    expect(asked.find(({ method }) => method === 'POST')?.body).toEqual({ method: 'GET', scheme: 'http', host: 'a.test', path: '/orders?x=1', headers: { 'X-User': ['7'] }, client_ip: '127.0.0.1' });
    expect(address()).toBe(`${PAGE}?host=a.test&path=%2Forders%3Fx%3D1&header=X-User%3A+7`);
  });

  test('an address asks by itself, and the form has what it asks', async () => {
    const { asked } = open(`${PAGE}?method=PUT&scheme=https&host=a.test&path=/x&header=X-A:%201&header=x-a:2&client_ip=10.0.0.7&instance_id=gw-2`, answering(forwarded));
    await screen.findByText('It goes to 10.0.0.2:80');
    const question = asked.find(({ method }) => method === 'POST')!;
    expect(question.body).toEqual({ method: 'PUT', scheme: 'https', host: 'a.test', path: '/x', headers: { 'X-A': ['1', '2'] }, client_ip: '10.0.0.7' });
    expect(Object.fromEntries(question.query)).toEqual({ gateway_group_id: 'default', instance_id: 'gw-2' });
    expect(screen.getByLabelText('Client IP')).toHaveProperty('value', '10.0.0.7');
    expect(screen.getByLabelText('Value 2')).toHaveProperty('value', '2');
  });

  test('asking the same again asks again', async () => {
    let count = 0;
    const { user } = open(`${PAGE}?host=a.test&path=/`, { 'POST /api/explain': () => ({ ...forwarded, revision: ++count }) });
    await screen.findByText('as of revision 1');
    await user.click(screen.getByText('Explain', { selector: 'button span' }));
    await screen.findByText('as of revision 2');
  });

  test('a pasted command fills the form, and what stayed behind is told', async () => {
    const { user, asked } = open(PAGE, answering(forwarded));
    await user.click(await screen.findByText('Paste a request'));
    await user.click(screen.getByLabelText(/A curl command/));
    await user.paste('what is this');
    await user.click(screen.getByText('Fill in'));
    await screen.findByText(/This is neither a URL/);
    await user.clear(screen.getByLabelText(/A curl command/));
    await user.click(screen.getByLabelText(/A curl command/));
    await user.paste("curl -u jane:secret 'https://a.test/orders?x=1' -H 'X-User: 7'");
    await user.click(screen.getByText('Fill in'));
    await screen.findByText(/--user is left out: it is a credential/);
    expect(screen.getByLabelText('Host')).toHaveProperty('value', 'a.test');
    expect(screen.getByLabelText('Path and query')).toHaveProperty('value', '/orders?x=1');
    expect(screen.getByLabelText('Value 1')).toHaveProperty('value', '7');
    expect(asked.some(({ method }) => method === 'POST')).toBe(false);
    await user.click(screen.getByText('Explain', { selector: 'button span' }));
    await screen.findByText('It goes to 10.0.0.2:80');
    expect(JSON.stringify(asked)).not.toContain('secret');
  });

  test('what the server refuses stands at its field', async () => {
    open(`${PAGE}?host=a.test&path=/&client_ip=x`, { 'POST /api/explain': () => refuse(400, { error_msg: 'client_ip "x" is no IP address' }) });
    const message = await screen.findByText('client_ip "x" is no IP address');
    expect(message.closest('.ant-form-item')!.querySelector('label')!.textContent).toBe('Client IP');
  });
});

describe('the answer', () => {
  test('goes from the route to the pick, with links into the route’s workspace', async () => {
    open(`${PAGE}?host=a.test&path=/`, answering(forwarded));
    expect(link('route orders', await step('Route'))).toBe('/gateway-groups/default/workspaces/team-a/routes/orders');
    expect(link('upstream 1', await step('Upstream'))).toBe('/gateway-groups/default/workspaces/team-a/upstreams/1');
    expect((await step('Upstream')).textContent).toContain('reached; one may pass in 3 s');
    const rows = within(await step('Nodes')).getAllByRole('row').slice(1);
    expect(rows.map((row) => row.textContent)).toEqual([
      expect.stringMatching(/^10\.0\.0\.1:80In use/),
      expect.stringMatching(/^10\.0\.0\.2:80In use/),
      expect.stringMatching(/^10\.0\.0\.3:80Left outUnhealthy: connection refused \d+ d ago/),
    ]);
    const picks = within(await step('Pick')).getAllByRole('listitem');
    expect(picks.map((pick) => pick.textContent)).toEqual(['10.0.0.2:80 gets the request', '10.0.0.1:80 when the tries before it fail and may be repeated']);
  });

  test('of a hash tells key and position, of a draw that it is one, of panic that it is on', async () => {
    const hash = { key: '10.0.0.7', value: 99, position: 118, positions: 320, node: '10.0.0.3:80' };
    open(`${PAGE}?host=a.test&path=/`, answering({ ...forwarded, upstream: { ...forwarded.upstream, type: 'chash', hash, random: true, uses_unusable: true } }));
    const pick = await step('Pick');
    expect(pick.textContent).toContain('118 of 320, of 10.0.0.3:80');
    expect(pick.textContent).toContain('drawn at random');
    expect((await step('Upstream')).textContent).toContain('Panic');
  });

  test.each([
    [{ status: 404, reason: 'no route matches', route: null }, 'The gateway answers by itself: 404', 'No route matches.'],
    [{ status: 400, reason: 'bad host', route: null }, 'The gateway answers by itself: 400', 'The request is refused before a route is looked for.'],
  ])('of a request that the gateway refuses says why', async (refused, outcome, route) => {
    open(`${PAGE}?host=a.test&path=/`, answering({ ...forwarded, outcome: 'refused', upstream: null, ...refused }));
    await screen.findByText(outcome);
    await screen.findByText(refused.reason);
    expect((await step('Route')).textContent).toContain(route);
  });

  test('of a split tells rule and shares, and explains the one that is chosen', async () => {
    const choices = [{ key: 'upstreams/1', own: true, weight: 9 }, { key: 'upstreams/2', own: false, weight: 1 }];
    const split = { ...forwarded, upstream: null, upstream_chosen_by: 'traffic-split', upstream_rule: 0, upstream_choices: choices };
    const { user, asked, address } = open(`${PAGE}?host=a.test&path=/`, {
      'POST /api/explain': ({ body }) => ((body as { upstream?: string }).upstream === undefined ? split : { ...split, upstream: { ...forwarded.upstream, key: 'upstreams/2' } }),
    });
    await screen.findByText('It goes to one of the upstreams that traffic-split chooses from');
    const choice = await step('Choice of the upstream');
    expect(within(choice).getAllByRole('row').map((row) => row.textContent)).toEqual([expect.anything(), 'upstream 1 the route’s own990 %Explain', 'upstream 2110 %Explain']);
    await user.click(within(choice).getByLabelText('Explain upstreams/2'));
    await screen.findByText('It goes to 10.0.0.2:80');
    expect(asked.findLast(({ method }) => method === 'POST')?.body).toMatchObject({ upstream: 'upstreams/2' });
    expect(address()).toContain('upstream=upstreams%2F2');
    await screen.findByText('Explained below');
  });
});

describe('recent requests', () => {
  test('tell each try and why its node was picked', async () => {
    const { asked } = open(`${PAGE}?tab=recent`, { 'GET /api/explain/recent': () => kept(recent) });
    const row = (await screen.findByText('GET /orders')).closest('tr')!;
    expect(row.textContent).toContain('10.0.0.2:80connection refused10.0.0.1:80answered 200');
    expect(row.textContent).toContain('Power of two choices, 2 candidates1: score 0.5; drawn: 10.0.0.1:80, 10.0.0.2:802: score 1Left out: 10.0.0.3:80, draining');
    expect(link('route orders', row)).toBe('/gateway-groups/default/workspaces/team-a/routes/orders');
    expect(link('Explain GET /orders as of now', row)).toBe(`${PAGE}?host=a.test&path=%2Forders`);
    expect(Object.fromEntries(asked.find(({ path }) => path === '/api/explain/recent')!.query)).toEqual({ gateway_group_id: 'default', limit: '100' });
  });

  test('that are not kept say how they would be', async () => {
    open(`${PAGE}?tab=recent`, { 'GET /api/explain/recent': () => ({ kept_max: 0, sample: 0, total: 0, requests: [] }) });
    await screen.findByText('Recent requests are not kept');
    expect(screen.getByLabelText('config.yaml of each instance').textContent).toContain('recent: 1000');
  });

  test('that have not come say which would', async () => {
    open(`${PAGE}?tab=recent`, { 'GET /api/explain/recent': () => kept() });
    await screen.findByText('One request in 100 is kept, and every one with a failed try or without a node.');
  });

  test('of an upstream are on its page, for who may see the group', async () => {
    const { asked } = open('/gateway-groups/default/workspaces/default/upstreams/orders', { ...upstreams, 'GET /api/explain/recent': () => kept(recent) });
    await screen.findByText('GET /orders');
    expect(asked.find(({ path }) => path === '/api/explain/recent')!.query.get('upstream')).toBe('upstreams/orders');
  });

  test('are not asked for by who sees a workspace alone', async () => {
    const roles = [{ role: 'viewer', gateway_group_id: 'default', workspace_id: 'default' }];
    const { asked } = open('/gateway-groups/default/workspaces/default/upstreams/orders', { ...upstreams, 'GET /api/session': () => ({ value: { ...owner, roles } }) });
    await screen.findByText('Configuration');
    expect(screen.queryByText('Explain')).toBeNull();
    expect(asked.some(({ path }) => path === '/api/explain/recent')).toBe(false);
  });
});
