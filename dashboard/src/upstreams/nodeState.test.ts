import { expect, test } from 'vitest';
import { nodeState } from './nodeState';
import type { Override, UpstreamNode } from './queries';

const node = (changes: Partial<UpstreamNode>): UpstreamNode => ({
  node: 'a:80', host: 'a', port: 80, weight: 1, priority: 0, state: 'up', exclusions: [], forced_up: false,
  health: { status: 'healthy', success: 0, http_failure: 0, tcp_failure: 0, timeout_failure: 0 }, in_flight: 0, latency_ms: null, endpoints: [], last_change: null, ...changes,
});
const drain: Override = { upstream: 'upstreams/1', host: 'a', port: 80, kind: 'drain', who: 'jane', since: 1, served: true, in_flight: 2, note: 'new kernel', drained: false };

test.each([
  [{}, true, 'good', 'Up'],
  [{}, false, 'good', 'Up, not checked'],
  [{ health: { status: 'mostly_healthy', success: 0, http_failure: 1, tcp_failure: 0, timeout_failure: 0 } }, true, 'warning', 'Up, last checks failed'],
  [{ state: 'down', exclusions: ['unhealthy'] }, true, 'bad', 'Unhealthy'],
  [{ state: 'down', exclusions: ['unhealthy', 'ejected'] }, true, 'bad', 'Ejected as an outlier'],
  [{ state: 'down', exclusions: ['awaited'] }, true, 'unknown', 'Waits for its first check'],
  [{ state: 'out', exclusions: ['unhealthy', 'forced_down'] }, true, 'off', 'Forced down'],
  [{ state: 'partial', exclusions: ['unhealthy'], seen: 'down from gw-2 only' }, true, 'warning', 'Up for some instances'],
  [{ forced_up: true, exclusions: ['unhealthy'] }, true, 'warning', 'Forced up'],
] as [Partial<UpstreamNode>, boolean, string, string][])('%j, checked %s, is %s: %s', (changes, checked, tone, text) => {
  expect(nodeState(node(changes), checked)).toMatchObject({ tone, text });
});

test('a drain says who ordered it and why, and when it is over', () => {
  const draining = node({ state: 'out', exclusions: ['draining'] });
  expect(nodeState(draining, true, drain)).toEqual({ tone: 'off', text: 'Draining', reason: 'by jane: new kernel' });
  expect(nodeState(draining, true, { ...drain, drained: true }).text).toBe('Drained');
});

test('of several instances it is said which see it so, and what they found', () => {
  const partial = node({
    state: 'partial', exclusions: ['unhealthy'], seen: 'down from gw-2 only', instances: [{ id: 'gw-1', state: 'up' }, { id: 'gw-2', state: 'down' }],
    last_change: { at: '2026-01-01T00:00:00Z', kind: 'unhealthy', source: 'probe', reason: 'connection refused' },
  });
  expect(nodeState(partial, true).reason).toBe('down from gw-2 only; connection refused');
});
