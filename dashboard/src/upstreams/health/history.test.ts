import { expect, test } from 'vitest';
import type { Schemas } from '../../api/client';
import { toHistories } from './history';

const MINUTE = 60_000;
const TO = Date.parse('2026-01-01T12:00:00Z');
const FROM = TO - 60 * MINUTE;
const START = TO / 1_000 - 86_400;

type Change = Schemas['upstream_timeline']['timeline'][number];

const ago = (minutes: number) => new Date(TO - minutes * MINUTE).toISOString();
const change = (minutes: number, kind: string, instance_id = 'gw-1', node = 'a:80'): Change => ({ node, at: ago(minutes), kind, source: 'probe', reason: kind, instance_id });
const told = (timeline: Change[], more: Partial<Schemas['upstream_timeline']> = {}): Schemas['upstream_timeline'] => ({
  upstream: 'upstreams/1', total: timeline.length, kept_max: 50, timeline, instances: [{ id: 'gw-1', start_time: START }], ...more,
});
/** Periods as texts: state, and minutes ago. */
const periods = (timeline: Schemas['upstream_timeline']) =>
  toHistories(timeline, FROM, TO).map((one) => `${one.node}: ${one.periods.map(({ state, from, to }) => `${state} ${(TO - from) / MINUTE}-${(TO - to) / MINUTE}`).join(', ')}`);

test('a node that went and came back has a period of it', () => {
  expect(periods(told([change(10, 'healthy'), change(20, 'unhealthy')]))).toEqual(['a:80: up 60-20, unhealthy 20-10, up 10-0']);
});

test('what it was before the window is known by the first change in it, or by the last before', () => {
  expect(periods(told([change(10, 'healthy')]))).toEqual(['a:80: unhealthy 60-10, up 10-0']);
  expect(periods(told([change(10, 'returned')]))).toEqual(['a:80: ejected 60-10, up 10-0']);
  expect(periods(told([change(90, 'unhealthy')]))).toEqual(['a:80: unhealthy 60-0']);
});

test('an operator’s word goes before what checks find, and ends', () => {
  const timeline = [change(5, 'drain_ended'), change(10, 'healthy'), change(15, 'unhealthy'), change(25, 'drained'), change(30, 'drain_begun')];
  expect(periods(told(timeline))).toEqual(['a:80: up 60-30, draining 30-5, up 5-0']);
  expect(periods(told([change(15, 'forced_up'), change(30, 'unhealthy')]))).toEqual(['a:80: up 60-30, unhealthy 30-15, forced_up 15-0']);
  expect(periods(told([change(15, 'forced_down')]))).toEqual(['a:80: up 60-15, forced_down 15-0']);
});

test('where instances differ it is partial, and says who saw what', () => {
  const two = { instances: [{ id: 'gw-1', start_time: START }, { id: 'gw-2', start_time: START }] };
  const [history] = toHistories(told([change(5, 'healthy', 'gw-2'), change(10, 'healthy'), change(20, 'unhealthy', 'gw-2'), change(30, 'unhealthy')], two), FROM, TO);
  expect(history!.periods.map(({ state }) => state)).toEqual(['up', 'partial', 'unhealthy', 'partial', 'up']);
  expect(history!.periods[1]!.differs).toEqual([{ instance: 'gw-1', state: 'unhealthy' }, { instance: 'gw-2', state: 'up' }]);
  expect(history!.periods[1]!.change!.instance_id).toBe('gw-1');
});

test('nothing is known before an instance began, or before the oldest change that was kept or told', () => {
  const late = { instances: [{ id: 'gw-1', start_time: (TO - 30 * MINUTE) / 1_000 }] };
  expect(periods(told([change(10, 'unhealthy')], late))).toEqual(['a:80: unknown 60-30, up 30-10, unhealthy 10-0']);
  expect(periods(told([change(40, 'unhealthy')], late))).toEqual(['a:80: unknown 60-40, unhealthy 40-0']); // remembered over a restart
  expect(periods(told([change(10, 'healthy'), change(20, 'unhealthy')], { kept_max: 2 }))).toEqual(['a:80: unknown 60-20, unhealthy 20-10, up 10-0']);
  expect(periods(told([change(10, 'admitted'), change(20, 'awaited')]))).toEqual(['a:80: unknown 60-20, awaited 20-10, up 10-0']); // a new node
  expect(periods(told([change(20, 'unhealthy')], { total: 9 }))).toEqual(['a:80: unknown 60-20, unhealthy 20-0']);
});

test('nodes that were up all the time are left out; those that changed last come first', () => {
  const timeline = [change(10, 'healthy', 'gw-1', 'c:80'), change(15, 'unhealthy', 'gw-1', 'c:80'), change(20, 'healthy', 'gw-1', 'a:80'), change(25, 'unhealthy', 'gw-1', 'a:80'), change(90, 'healthy', 'gw-1', 'b:80')];
  expect(toHistories(told(timeline), FROM, TO).map((one) => one.node)).toEqual(['c:80', 'a:80']);
});
