import { expect, test } from 'vitest';
import { conditionsOf, conditionText, typed, varsOf, withOperator, type Condition } from './vars';

test('conditions become rows and the same conditions again', () => {
  const vars = [['arg_v', '==', '2'], ['http_n', '>=', 3], ['http_x', '!', 'in', ['a', 1]], ['remote_addr', 'ipmatch', ['10.0.0.0/8']]];
  expect(varsOf(conditionsOf(vars)!)).toEqual(vars);
  expect(varsOf([])).toBeUndefined();
  expect(conditionsOf([['arg_v', '2'], ['remote_addr', 'IPMATCH', '10.0.0.1']])).toEqual([
    { variable: 'arg_v', not: false, operator: '==', value: '2' },
    { variable: 'remote_addr', not: false, operator: 'ipmatch', value: ['10.0.0.1'] },
  ]);
});

test.each([
  ['nested', ['OR', ['a', '==', '1'], ['b', '==', '2']]],
  ['an inner list', [[['a', '==', '1']]]],
  ['null, which rows cannot show', [['arg_v', '==', null]]],
  ['a list for an operator of one value', [['arg_v', '==', ['a']]]],
  ['an unknown operator', [['arg_v', 'like', 'a']]],
  ['no list', 'text'],
])('%s is no row', (_, vars) => expect(conditionsOf(vars)).toBeUndefined());

test('a value is a number where numbers are compared, or where it was one', () => {
  expect(typed('5', '', '>')).toBe(5);
  expect(typed('5', '', '==')).toBe('5');
  expect(typed('5', 4, '==')).toBe(5);
  expect(typed('1.', 1, '>')).toBe('1.');
});

test('another operator keeps the value as far as it takes it', () => {
  const is: Condition = { variable: 'a', not: false, operator: '==', value: '5' };
  expect(withOperator(is, 'in', true)).toEqual({ variable: 'a', not: true, operator: 'in', value: ['5'] });
  expect(withOperator(is, '>', false).value).toBe(5);
  expect(withOperator({ ...is, operator: 'in', value: ['x', 'y'] }, '~~', false).value).toBe('x');
});

test('a condition is told in a line', () => {
  expect(conditionText(['http_x', '!', 'in', ['a']])).toBe('http_x not in ["a"]');
  expect(conditionText(['OR', ['a', '==', '1']])).toBe('["OR",["a","==","1"]]');
});
