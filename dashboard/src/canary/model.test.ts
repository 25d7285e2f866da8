import { describe, expect, test } from 'vitest';
import { NEW, OPERATORS, readCondition, SOURCES, withOperator, writeCondition, type Condition } from '../conditions/condition';
import { choices } from '../testing/random';
import { ownOwner, patchOfRelease, patchOfReturn, patchOfRules, percentOf, readCanary, rulesOf, sidesOf, weightsOf, writeCanary, type SplitConfig } from './model';

const share = { rules: [{ weighted_upstreams: [{ upstream_id: 'new', weight: 1 }, { weight: 9 }] }] };
const byHeader = { rules: [{ match: [{ vars: [['http_x_canary', '==', 'yes']] }], weighted_upstreams: [{ upstream_id: 'new' }] }] };

describe('a split as it acts', () => {
  const targets = (config: SplitConfig) => rulesOf(config, 'routes/7').flatMap(({ targets }) => targets.map(({ owner, share }) => [owner, share]));

  test('shares are those of the weights', () => expect(targets(share)).toEqual([['upstreams/new', 0.1], [undefined, 0.9]]));
  test('a weight that is not written is 1', () => expect(targets({ rules: [{ weighted_upstreams: [{ upstream_id: 1 }, { weight: 3 }] }] })).toEqual([['upstreams/1', 0.25], [undefined, 0.75]]));
  test('weights that are all 0 are equal', () => expect(targets({ rules: [{ weighted_upstreams: [{ upstream_id: 'a', weight: 0 }, { weight: 0 }] }] })).toEqual([['upstreams/a', 0.5], [undefined, 0.5]]));
  test('of several with one upstream the last counts', () =>
    expect(targets({ rules: [{ weighted_upstreams: [{ upstream_id: 'a', weight: 9 }, { weight: 1 }, { upstream_id: 'a', weight: 1 }] }] })).toEqual([['upstreams/a', 0.5], [undefined, 0.5]]));
  test('an inline upstream has the place it is written at for an owner', () =>
    expect(targets({ rules: [{}, { weighted_upstreams: [{ weight: 1 }, { upstream: { nodes: [] }, weight: 1 }] }] })).toEqual([[undefined, 1], [undefined, 0.5], ['routes/7/traffic-split/1/1', 0.5]]));
  test('conditions that say more than AND are told as they are written', () => {
    const match = [{ vars: [['arg_a', '==', '1']] }, { vars: [['arg_b', '==', '1']] }];
    expect(rulesOf({ rules: [{ match }] }, 'routes/7')[0]!.conditions).toBe(JSON.stringify(match));
  });
  test('an empty list of a Lua client is one', () => expect(rulesOf({ rules: [{ match: {}, weighted_upstreams: [{ upstream_id: 'a' }] }] }, 'routes/7')[0]!.conditions).toEqual([]));
});

describe('sides', () => {
  const sides = (config: SplitConfig | undefined, own?: string) => sidesOf(rulesOf(config, 'routes/7'), own);

  test('without a split all goes to the own upstream', () => expect(sides(undefined, 'upstreams/old')).toEqual([{ owner: 'upstreams/old', isOwn: true, asked: 1, of: 'all' }]));
  test('of a share each has its own', () =>
    expect(sides(share, 'upstreams/old')).toEqual([{ owner: 'upstreams/old', isOwn: true, asked: 0.9, of: 'all' }, { owner: 'upstreams/new', isOwn: false, asked: 0.1, of: 'all' }]));
  test('of a rule the own side has the rest', () =>
    expect(sides(byHeader, 'upstreams/old')).toEqual([{ owner: 'upstreams/old', isOwn: true, of: 'rest' }, { owner: 'upstreams/new', isOwn: false, asked: 1, of: 'taken' }]));
  test('the own upstream by its name is the own side', () => expect(sides(share, 'upstreams/new')).toEqual([{ owner: 'upstreams/new', isOwn: true, asked: 1, of: 'all' }]));
  test('several rules ask for no share of all', () => expect(sides({ rules: [...byHeader.rules, ...share.rules] }, 'upstreams/old').map(({ asked }) => asked)).toEqual([undefined, undefined]));
  test('behind a rule that takes every request nothing acts', () => expect(sides({ rules: [...share.rules, ...byHeader.rules] }, 'upstreams/old')).toEqual(sides(share, 'upstreams/old')));
});

test('the own upstream is the object’s before the service’s', () => {
  expect(ownOwner('routes', { id: 'r', upstream_id: 1 })).toBe('upstreams/1');
  expect(ownOwner('routes', { id: 'r', upstream: {} }, { id: 's', upstream_id: 'x' })).toBe('routes/r');
  expect(ownOwner('routes', { id: 'r', service_id: 's' }, { id: 's', upstream_id: 'x' })).toBe('upstreams/x');
  expect(ownOwner('routes', { id: 'r', service_id: 's' }, { id: 's', upstream: {} })).toBe('services/s');
  expect(ownOwner('routes', { id: 'r' })).toBeUndefined();
});

describe('what is edited', () => {
  test.each<[string, SplitConfig, string]>([
    ['several rules', { rules: [...share.rules, ...byHeader.rules] }, 'rules'],
    ['several upstreams', { rules: [{ weighted_upstreams: [{ upstream_id: 'a' }, { upstream_id: 'b' }] }] }, 'upstreams'],
    ['an inline upstream', { rules: [{ weighted_upstreams: [{ upstream: {} }, {}] }] }, 'inline'],
    ['conditions of alternatives', { rules: [{ match: [{ vars: [] }, { vars: [] }], weighted_upstreams: [{ upstream_id: 'a' }] }] }, 'conditions'],
    ['a condition that this page has no words for', { rules: [{ match: [{ vars: [['arg_a', '==', true]] }], weighted_upstreams: [{ upstream_id: 'a' }] }] }, 'conditions'],
    ['no other upstream', { rules: [{}] }, 'own'],
    ['one upstream twice', { rules: [{ weighted_upstreams: [{ upstream_id: 'a' }, { upstream_id: 'a' }] }] }, 'twice'],
    ['the own upstream twice', { rules: [{ weighted_upstreams: [{ upstream_id: 'a' }, {}, { weight: 2 }] }] }, 'twice'],
  ])('%s: no, and why', (_, config, reason) => expect(readCanary(config)).toEqual({ reason }));

  test('what splits nothing is neither', () => {
    for (const config of [undefined, {}, { rules: [] }, { rules: {} }]) expect(readCanary(config)).toEqual({});
  });

  test('a first canary', () => {
    expect(writeCanary(undefined, { upstreamId: 'new', conditions: [], weights: weightsOf(10) })).toEqual({ rules: [{ weighted_upstreams: [{ upstream_id: 'new', weight: 10 }, { weight: 90 }] }] });
    expect(writeCanary({ _meta: { priority: 1 }, rules: [] }, { upstreamId: 'new', conditions: [{ source: 'header', name: 'X-Canary', operator: '==', value: 'yes' }], weights: weightsOf(100) })).toEqual({
      _meta: { priority: 1 },
      rules: [{ match: [{ vars: [['http_x_canary', '==', 'yes']] }], weighted_upstreams: [{ upstream_id: 'new', weight: 100 }, { weight: 0 }] }],
    });
  });

  test('an edit changes what it is of', () => {
    const { canary } = readCanary(byHeader);
    expect(writeCanary(byHeader, { ...canary!, weights: weightsOf(50) })).toEqual({ rules: [{ ...byHeader.rules[0], weighted_upstreams: [{ upstream_id: 'new', weight: 50 }, { weight: 50 }] }] });
    expect(writeCanary(byHeader, { ...canary!, conditions: [] })).toEqual({ rules: [{ weighted_upstreams: [{ upstream_id: 'new' }] }] });
    expect(writeCanary(share, { ...readCanary(share).canary!, upstreamId: 'newer' })).toEqual({ rules: [{ weighted_upstreams: [{ upstream_id: 'newer', weight: 1 }, { weight: 9 }] }] });
  });
});

test('shares have two decimals, and the smallest weights for them', () => {
  expect(weightsOf(10)).toEqual({ next: 10, own: 90 });
  expect(weightsOf(0.1)).toEqual({ next: 1, own: 999 });
  expect(weightsOf(33.33)).toEqual({ next: 3333, own: 6667 });
  for (let share = 0; share <= 10_000; share++) expect(percentOf(weightsOf(share / 100))).toBeCloseTo(share / 100, 8);
});

test('a change names the plugin alone, a release the upstream with it', () => {
  expect(patchOfReturn()).toEqual({ plugins: { 'traffic-split': null } });
  expect(patchOfRules({ _meta: { disable: true }, ...share })).toEqual({ plugins: { 'traffic-split': share } });
  expect(patchOfRelease({ upstream_id: 'old' }, 'new')).toEqual({ upstream_id: 'new', plugins: { 'traffic-split': null } });
  expect(patchOfRelease({ upstream: { nodes: [] } }, 'new')).toEqual({ upstream_id: 'new', upstream: null, plugins: { 'traffic-split': null } });
});

describe('of any split', () => {
  const { next, oneOf, some } = choices(8);

  const condition = (): Condition => {
    const begun = { ...NEW, source: oneOf(SOURCES), name: 'x-canary', value: oneOf(['a', '^b', '2.5']) };
    // As it is read: what is written says nothing of a number that was there before.
    return readCondition(writeCondition(withOperator(begun, oneOf(OPERATORS)))) ?? condition();
  };
  const target = () => ({ ...oneOf([{ upstream_id: 'a' }, { upstream_id: 7 }, { upstream: { nodes: [] } }, {}, {}, { upstream_id: 'a' }]), ...oneOf([{}, { weight: 0 }, { weight: 1 }, { weight: 97 }]) });
  const odd = () => oneOf([['arg_v', '2'], ['arg_v', '==', 2], ['OR', ['a', '1'], ['b', '2']]]);
  const vars = () => some(3, () => (next() < 0.1 ? odd() : writeCondition(condition())));
  const rule = () => ({ ...oneOf([{}, { match: some(2, () => ({ vars: vars() })) }]), ...oneOf([{}, { weighted_upstreams: [target(), ...some(1, target)] }]) });
  const split = (): SplitConfig => ({ ...oneOf([{}, { _meta: { disable: true } }]), rules: next() < 0.8 ? [rule()] : some(2, rule) });

  test('shares of a rule are 1 together; what is edited comes back unchanged; an edit is what is read then, and keeps all else', () => {
    let edited = 0;
    for (let run = 0; run < 3_000; run++) {
      const config = split();
      for (const { targets } of rulesOf(config, 'routes/7')) expect(targets.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 9);
      const { canary, reason } = readCanary(config);
      if (canary === undefined) {
        if (reason === undefined) expect(config.rules).toEqual([]);
        continue;
      }
      edited++;
      expect(writeCanary(config, canary)).toEqual(config);
      const acting = rulesOf(config, 'routes/7')[0]!.targets.find(({ upstreamId }) => upstreamId === canary.upstreamId)!;
      expect(acting.share * 100).toBeCloseTo(percentOf(canary.weights), 9);
      const changed = { upstreamId: oneOf(['a', 'b']), conditions: some(2, condition), weights: weightsOf(oneOf([0, 0.1, 10, 100])) };
      const written = writeCanary(config, changed);
      expect(readCanary(written)).toEqual({ canary: changed });
      expect({ ...written, rules: 0 }).toEqual({ ...config, rules: 0 });
    }
    expect(edited).toBeGreaterThan(300);
  });
});
