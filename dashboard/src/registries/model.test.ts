import { expect, test } from 'vitest';
import { addressOf, argumentsText, followedState } from './followedState';
import { addressesOf, followedName, toBody, toCopy, toEntry, type RegistryEntry } from './model';
import { certificatesOf } from './PemField';
import type { FollowedService } from './queries';
import { mergeInstances } from './ServiceDrawer';

test('what is sent has the settings of the type that was chosen, and nothing that was left empty', () => {
  const entry: RegistryEntry = { type: 'http', name: '', http_config: { url: 'http://a', auth: { username: '', password: '' }, headers: {} }, consul_config: { servers: ['http://b'] }, health_check: {} };
  expect(toBody(entry)).toEqual({ type: 'http', http_config: { url: 'http://a' } });
  expect(toBody({ type: 'kubernetes' })).toEqual({ type: 'kubernetes' });
  expect(toBody({ type: 'kubernetes', kubernetes_config: { service: { host: '' } } })).toEqual({ type: 'kubernetes', kubernetes_config: {} });
});

test('what the server sets is no part of what is edited; a secret that is stored stays', () => {
  const stored = { id: 'a', type: 'consul', source: 'store', status: 'healthy', status_since: 1, create_time: 1, update_time: 2, consul_config: { servers: ['http://a'], token: '<redacted>' } } as const;
  expect(toEntry({ ...stored, consul_config: { servers: ['http://a'], token: '<redacted>' } })).toEqual({ id: 'a', type: 'consul', consul_config: { servers: ['http://a'], token: '<redacted>' } });
  expect(toCopy({ type: 'http', http_config: { url: 'http://a', auth: { username: 'u', password: '<redacted>' }, headers: { X: '<redacted>' } } })).toEqual({ type: 'http', http_config: { url: 'http://a', auth: { username: 'u' } } });
});

test('a registry is told by where it is', () => {
  expect(addressesOf({ type: 'nacos', nacos_config: { hosts: ['http://a'] } })).toEqual(['http://a']);
  expect(addressesOf({ type: 'kubernetes', kubernetes_config: [{ id: 'x', service: { host: 'h', port: '6443' } }, {}] })).toEqual(['x: h:6443', 'the cluster that the gateway runs in']);
  expect(followedName({ id: 'discovery:dns', type: 'dns', source: 'config.yaml' })).toBe('dns');
  expect(followedName({ id: '7', type: 'dns', source: 'store' })).toBe('service_registries/7');
});

test('a pasted chain is a list of certificates', () => {
  const one = '-----BEGIN CERTIFICATE-----\nAA\n-----END CERTIFICATE-----';
  expect(certificatesOf(`${one}\n${one}\n`)).toEqual([one, one]);
  expect(certificatesOf('nonsense')).toEqual(['nonsense']);
  expect(certificatesOf(' ')).toBeUndefined();
});

test('an instance is told once: in use, held, or not in use yet', () => {
  const told = [{ host: 'a', port: 1, weight: 1 }, { host: 'c', weight: 1 }];
  expect(mergeInstances(told, undefined).map(({ state }) => state)).toEqual(['told', 'told']);
  const shown = mergeInstances(told, [{ host: 'a', port: 1, weight: 1 }, { host: 'b', port: 1, weight: 1, held: true }]);
  expect(shown.map((instance) => [addressOf(instance), instance.state])).toEqual([['a:1', 'inUse'], ['b:1', 'held'], ['c', 'pending']]);
});

const service: FollowedService = { registry: 'consul', discovery_type: 'consul', service_name: 'a', followers: 1, known: true, remembered: false, instance_count: 3 };
test.each([
  [{}, 'good', 'up to date'],
  [{ held: { missing: 2, since: 1, until: 2 } }, 'warning', '2 of 3 held'],
  [{ failure: 'refused', held: { missing: 2, since: 1, until: 2 } }, 'bad', 'no answer'],
  [{ known: false }, 'unknown', 'no answer yet'],
  [{ remembered: true }, 'warning', 'from before a restart'],
  [{ problems: ['[1]: bad'] }, 'warning', '1 instance left out'],
] as [Partial<FollowedService>, string, string][])('a followed service with %j is %s: %s', (changes, tone, text) => {
  expect(followedState({ ...service, ...changes })).toMatchObject({ tone, text });
});

test('arguments stand in one line', () => {
  expect(argumentsText({ discovery_args: { namespace_id: 'n', tags: ['a', 'b'], metadata: { v: 1 } } })).toBe('namespace_id: n · tags: a, b · metadata: v=1');
});
