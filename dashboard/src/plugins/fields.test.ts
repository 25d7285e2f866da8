import { expect, test } from 'vitest';
import { formOf, type Field } from './fields';
import { fits } from './fits';
import type { Schema } from './schema';

const member = (schema: Schema, secrets: string[] = []): Field => formOf({ type: 'object', properties: { x: schema } }, secrets).members[0]!.field;

test.each<[string, Schema, Partial<Field>]>([
  ['a text without limits', { type: 'string' }, { kind: 'text', free: true, secret: false }],
  ['a text with a pattern', { type: 'string', pattern: '^a' }, { kind: 'text', free: false }],
  ['an integer in a range', { type: 'integer', minimum: 200, maximum: 599, default: 503 }, { kind: 'number', integer: true, min: 200, max: 599, fallback: 503 }],
  ['an integer above zero', { type: 'integer', exclusiveMinimum: 0 }, { kind: 'number', min: 1 }],
  ['a number above zero', { type: 'number', exclusiveMinimum: 0 }, { kind: 'number', above: 0 }],
  ['words', { type: 'string', enum: ['var', 'constant'] }, { kind: 'choice', options: ['var', 'constant'] }],
  ['yes alone', { type: 'boolean', enum: [true] }, { kind: 'switch' }],
  ['texts', { type: 'array', items: { type: 'string' } }, { kind: 'tags', item: 'text' }],
  ['numbers', { type: 'array', items: { type: 'integer' } }, { kind: 'tags', item: 'number' }],
  ['objects', { type: 'array', items: { type: 'object', properties: { a: { type: 'string' } } } }, { kind: 'list' }],
  ['a list of anything', { type: 'array' }, { kind: 'json' }],
  ['an object of anything', { type: 'object' }, { kind: 'json' }],
  ['names and texts', { type: 'object', additionalProperties: { type: 'string' } }, { kind: 'map' }],
  ['names of a pattern', { type: 'object', patternProperties: { '^[^:]+$': { oneOf: [{ type: 'string' }, { type: 'number' }] } } }, { kind: 'map' }],
  ['a text or a number', { anyOf: [{ type: 'string' }, { type: 'integer' }] }, { kind: 'text', orNumber: true }],
  ['a list or a star', { anyOf: [{ type: 'array', items: { type: 'string' } }, { enum: ['*'] }] }, { kind: 'alternatives' }],
])('%s', (_, schema, expected) => expect(member(schema)).toMatchObject(expected));

test('one of several members, or at least one, is a rule and no shape', () => {
  const properties = { a: { type: 'string' }, b: { type: 'string' } };
  expect(formOf({ type: 'object', properties, oneOf: [{ required: ['a'] }, { required: ['b'] }] })).toMatchObject({ kind: 'group', oneOf: [['a'], ['b']] });
  expect(formOf({ type: 'object', properties, anyOf: [{ required: ['a'] }, { required: ['b'] }] })).toMatchObject({ kind: 'group', anyOf: [['a'], ['b']] });
});

test('secrets are known by their paths, also below lists', () => {
  expect(member({ type: 'string' }, ['x'])).toMatchObject({ secret: true });
  expect(member({ type: 'string' }, ['y.x'])).toMatchObject({ secret: false });
  const rules = member({ type: 'array', items: { type: 'object', properties: { key: { type: 'string' } } } }, ['x.*.key']);
  expect(rules).toMatchObject({ kind: 'list', item: { members: [{ name: 'key', field: { kind: 'text', secret: true } }] } });
});

test('a part that stands in definitions is found, and one that holds itself ends', () => {
  const form = formOf({ type: 'object', properties: { x: { $ref: '#/definitions/node' } }, definitions: { node: { type: 'object', properties: { next: { $ref: '#/definitions/node' } } } } });
  expect(form.members[0]!.field).toMatchObject({ kind: 'group', members: [{ name: 'next', field: { kind: 'group' } }] });
});

test('what a field cannot show does not fit it', () => {
  const text = member({ type: 'string', maxLength: 9 });
  expect([fits(text, 'a'), fits(text, 'a\nb'), fits(text, 1), fits(text, undefined)]).toEqual([true, false, false, true]);
  const tags = member({ type: 'array', items: { type: 'string' } });
  expect([fits(tags, ['a', 'b']), fits(tags, ['a', 'a']), fits(tags, ['', 'a']), fits(tags, 'a')]).toEqual([true, false, false, false]);
  const group = member({ type: 'object', properties: { a: { type: 'integer' } } });
  expect([fits(group, { a: 1 }), fits(group, { a: '1' }), fits(group, { b: 1 })]).toEqual([true, false, false]);
});
