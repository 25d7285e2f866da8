import { describe, expect, test } from 'vitest';
import { choices } from '../testing/random';
import { missingOf, NEW, OPERATORS, readCondition, readConditions, SOURCES, withOperator, writeCondition, type Condition } from './condition';
import { conditionLines, conditionText } from './words';

test.each<[unknown[], Condition]>([
  [['http_x_canary', '==', 'yes'], { source: 'header', name: 'x-canary', operator: '==', value: 'yes' }],
  [['arg_Version', '>', 2], { source: 'query', name: 'Version', operator: '>', value: '2' }],
  [['arg_n', '==', 1], { source: 'query', name: 'n', operator: '==', value: '1', isNumber: true }],
  [['cookie_tier', '!', 'in', ['a', 1]], { source: 'cookie', name: 'tier', operator: '!in', value: ['a', 1] }],
  [['consumer_name', '~=', 'jane'], { source: 'consumer', name: '', operator: '~=', value: 'jane' }],
  [['remote_addr', 'ipmatch', ['10.0.0.0/8']], { source: 'variable', name: 'remote_addr', operator: 'ipmatch', value: ['10.0.0.0/8'] }],
  [['http_x_beta', '~=', null], { source: 'header', name: 'x-beta', operator: 'present', value: '' }],
  [['arg_beta', '==', null], { source: 'query', name: 'beta', operator: 'absent', value: '' }],
  [['http_X_Canary', '==', '1'], { source: 'variable', name: 'http_X_Canary', operator: '==', value: '1' }],
])('%j is read and written', (written, read) => {
  expect(readCondition(written)).toEqual(read);
  expect(writeCondition(read)).toEqual(written);
});

test.each<[unknown[], Partial<Condition>, unknown[]]>([
  [['arg_v', '2'], { operator: '==', value: '2' }, ['arg_w', '==', '2']],
  [['arg_v', null], { operator: 'absent' }, ['arg_w', '==', null]],
  [['arg_v', 'IPMATCH', '10.0.0.1'], { operator: 'ipmatch', value: ['10.0.0.1'] }, ['arg_w', 'ipmatch', ['10.0.0.1']]],
  [['arg_v', '!', '==', 'a'], { operator: '~=', value: 'a' }, ['arg_w', '~=', 'a']],
  [['arg_v', '>', '0x1F'], { operator: '>', value: '0x1F' }, ['arg_w', '>', 31]],
])('%j stays as it was written until it is edited', (written, part, edited) => {
  const read = readCondition(written)!;
  expect(read).toMatchObject(part);
  expect(writeCondition(read)).toEqual(written);
  expect(writeCondition({ ...read, name: 'w' })).toEqual(edited);
  expect(writeCondition({ ...{ ...read, name: 'w' }, name: 'v' })).toEqual(written);
});

test.each<[string, ...unknown[]]>([
  ['nested', ['OR', ['arg_v', '==', '1'], ['arg_v', '==', '2']], [['arg_v', '==', '1']], ['or', '==', '1']],
  ['no condition', 'arg_v', ['arg_v'], ['arg_v', 'like', 'a'], ['arg_v', '!in', ['a']], ['arg_v', '?', '==', 'a'], ['arg_v', ['in'], ['a']]],
  ['a value of another kind', ['arg_v', '==', true], ['arg_v', '==', ['a']], ['arg_v', 'in', 'a'], ['arg_v', 'in', ['a', true]], ['arg_v', '~~', null], ['arg_v', '~~', 1]],
  ['a text and a number that look alike', ['arg_v', 'in', ['1', 1]]],
  ['an operator alone, which compares with nothing', ['arg_v', '==']],
  ['a name that a field would lack or trim', ['http_', '==', 'a'], [' uri', '==', '/']],
])('%s is not read as something else', (_, ...items) => {
  for (const item of items) expect(readConditions([['arg_v', '==', '1'], item]), JSON.stringify(item)).toBeUndefined();
});

test('conditions are a list, or none', () => {
  expect(readConditions(undefined)).toEqual([]);
  for (const vars of ['text', {}, ['OR', ['a', '1'], ['b', '2']]]) expect(readConditions(vars)).toBeUndefined();
});

test('what is missing is told', () => {
  const condition: Condition = { source: 'header', name: 'x', operator: '==', value: 'a' };
  expect(missingOf(condition)).toBeUndefined();
  expect(missingOf(NEW)).toBe('name');
  expect(missingOf({ ...condition, source: 'consumer', name: '' })).toBeUndefined();
  expect(missingOf({ ...condition, value: '' })).toBe('value');
  expect(missingOf({ ...condition, operator: 'in', value: [] })).toBe('value');
  expect(missingOf({ ...condition, operator: '>', value: 'many' })).toBe('number');
  expect(missingOf({ ...condition, operator: 'present', value: '' })).toBeUndefined();
  // An empty text that is stored is meant.
  const empty = readCondition(['http_x', '~=', ''])!;
  expect([missingOf(empty), missingOf({ ...empty, name: 'y' })]).toEqual([undefined, 'value']);
});

test('a value is a number where numbers are compared, or where it was one', () => {
  const wasNumber = readCondition(['arg_n', '==', 4])!;
  const written = (condition: Condition) => writeCondition(condition).at(-1);
  expect(['5', '', '1.', '1.5', 'x'].map((value) => written({ ...wasNumber, value }))).toEqual([5, '', 1, 1.5, 'x']);
  expect(written({ ...NEW, value: '5' })).toBe('5');
  expect(written({ ...NEW, operator: '>', value: '5' })).toBe(5);
  expect(written({ ...wasNumber, operator: '~~', value: '5' })).toBe('5');
});

test('another operator keeps the value as far as it takes it', () => {
  const is: Condition = { source: 'query', name: 'a', operator: '==', value: '5' };
  expect(withOperator(is, '!in')).toEqual({ ...is, operator: '!in', value: ['5'] });
  expect(writeCondition(withOperator(is, '>'))).toEqual(['arg_a', '>', 5]);
  expect(writeCondition(withOperator(withOperator(is, '>'), '=='))).toEqual(['arg_a', '==', 5]);
  expect(withOperator({ ...is, operator: 'in', value: ['x', 'y'] }, '~~').value).toBe('x');
  expect(withOperator({ ...is, value: '' }, 'in').value).toEqual([]);
  expect(writeCondition(withOperator(is, 'absent'))).toEqual(['arg_a', '==', null]);
});

test('a condition is told in words, and a text from a number', () => {
  expect(conditionText({ source: 'header', name: 'x-canary', operator: '==', value: 'yes' })).toBe('header x-canary is yes');
  expect(conditionLines([['consumer_name', '==', 'jane'], ['http_x', '!', 'in', ['a', 'b, c']], ['arg_v', '2'], ['arg_v', '==', 2], ['arg_v', '~=', ''], ['arg_v', '~=', null], ['arg_v', 'in', []], ['arg_v', '==', true]])).toEqual([
    'consumer is jane',
    'header x is none of a, "b, c"',
    'query argument v is "2"',
    'query argument v is 2',
    'query argument v is not ""',
    'query argument v is there',
    'query argument v is one of []',
    '["arg_v","==",true]',
  ]);
  expect(conditionLines(['OR', ['a', '1'], ['b', '2']])).toEqual(['["OR",["a","1"],["b","2"]]']);
});

describe('of any condition', () => {
  const { next, oneOf, some } = choices(8);
  const number = () => oneOf([0, 1, -3, 2.5, 1e21, 0.1]);
  const text = () => oneOf(['a', 'b c', '10.0.0.0/8', '^x$', '5', '05', ' 1', '1e3', 'true', '==']);
  const shapes: Record<string, () => unknown> = {
    text,
    empty: () => '',
    number,
    numeral: () => String(number()),
    null: () => null,
    boolean: () => oneOf([true, false]),
    texts: () => [...new Set([text(), ...some(3, text)])],
    numbers: () => [...new Set([number(), ...some(3, number)])],
    mixed: () => ['x', number()],
    none: () => [],
    twice: () => oneOf([['a', 'a'], [1, '1']]),
    deep: () => [oneOf([null, true, ['a']])],
    object: () => ({}),
  };
  const variables = { header: 'http_x_canary', query: 'arg_v', cookie: 'cookie_Tier', consumer: 'consumer_name', variable: 'remote_addr', 'no header': 'http_X-y', 'no name': 'arg_' };
  const kinds = { '==': 'either', '~=': 'either', has: 'either', in: 'list', ipmatch: 'list', '~~': 'text', '~*': 'text', '>': 'number', '>=': 'number', '<': 'number', '<=': 'number' };
  const inRows: Record<string, string[]> = { either: ['text', 'empty', 'number', 'numeral'], list: ['texts', 'numbers', 'mixed', 'none'], text: ['text', 'empty', 'numeral'], number: ['text', 'empty', 'number', 'numeral'] };
  const anyCase = (name: string) => [...name].map((letter) => (next() < 0.2 ? letter.toUpperCase() : letter)).join('');

  /** What a condition says, whichever way it is written. */
  const meaningOf = (item: unknown[]) => {
    const [variable, ...rest] = item.length === 2 ? [item[0], '==', item[1]] : item;
    const [name, operand] = [String(rest.at(-2)).toLowerCase(), rest.at(-1)];
    const isInverted = (rest.length === 3) !== (name === '~=');
    return [variable, isInverted, name === '~=' ? '==' : name, /[<>]/.test(name) && operand !== '' && Number.isFinite(Number(operand)) ? Number(operand) : name === 'ipmatch' ? [operand].flat() : operand];
  };

  test('it comes back as it was written, and as the same when it is written anew; what would not is in no row', () => {
    for (let run = 0; run < 40; run++)
      for (const [source, variable] of Object.entries(variables))
        for (const [name, kind] of Object.entries(kinds))
          for (const [shape, make] of Object.entries(shapes))
            for (const isInverted of [false, true]) {
              const item = [variable, ...(isInverted ? ['!'] : []), anyCase(name), make()];
              const read = readCondition(item);
              const isEquality = name === '==' || name === '~=';
              const shown = source !== 'no name' && (inRows[kind]!.includes(shape) || (isEquality && shape === 'null') || (name === 'ipmatch' && ['text', 'empty', 'numeral'].includes(shape)));
              expect(read !== undefined, JSON.stringify(item)).toBe(shown);
              if (read === undefined) continue;
              expect(writeCondition(read)).toEqual(item);
              expect(read.source).toBe(source === 'no header' ? 'variable' : source);
              const anew = writeCondition({ ...read, written: undefined });
              expect(meaningOf(anew)).toEqual(meaningOf(item));
              if (isEquality && !isInverted) expect(readCondition([variable, item.at(-1)]) !== undefined, JSON.stringify(item)).toBe(!Object.keys(kinds).includes(String(item.at(-1))));
            }
  });

  test('what is finished in rows is read from what they write; an operator’s value is of its kind', () => {
    for (let run = 0; run < 5_000; run++) {
      let condition: Condition = { source: oneOf(SOURCES), name: oneOf(['x-canary', 'tier', 'v2']), operator: '==', value: text(), ...(next() < 0.3 && { isNumber: true }) };
      if (condition.source === 'consumer') condition.name = '';
      for (let change = 0; change < 3; change++) condition = withOperator(condition, oneOf(OPERATORS));
      expect(Array.isArray(condition.value)).toBe(/^!?(in|ipmatch)$/.test(condition.operator));
      if (missingOf(condition) !== undefined) continue;
      const written = writeCondition(condition);
      expect(writeCondition(readCondition(written)!)).toEqual(written);
      expect(conditionText(readCondition(written)!)).toBe(conditionText(condition));
    }
  });
});
