import { isObject, isRule, resolve, type Schema } from './schema';

/** What every field has. */
interface Described {
  hint?: string;
  /** What acts while nothing is written. */
  fallback?: unknown;
}

export interface TextField extends Described {
  kind: 'text';
  secret: boolean;
  /** Without limits of any kind: it may have several lines. */
  free: boolean;
  /** A number is taken as well, and stays one until it is edited. */
  orNumber: boolean;
}

export interface NumberField extends Described {
  kind: 'number';
  integer: boolean;
  min?: number;
  max?: number;
  /** It must be greater than this. */
  above?: number;
}

export interface SwitchField extends Described {
  kind: 'switch';
}

export interface ChoiceField extends Described {
  kind: 'choice';
  options: (string | number)[];
}

/** A list of texts or numbers, each once. */
export interface TagsField extends Described {
  kind: 'tags';
  item: 'text' | 'number';
  options?: (string | number)[];
}

export interface ListField extends Described {
  kind: 'list';
  item: Field;
}

/** Any names, each with a value. */
export interface MapField extends Described {
  kind: 'map';
  value: Field;
}

/** An object of known members. */
export interface GroupField extends Described {
  kind: 'group';
  members: { name: string; required: boolean; field: Field }[];
  /** Of these sets of members exactly one is written. */
  oneOf?: string[][];
  /** Of these sets of members one at least is written. */
  anyOf?: string[][];
}

/** One of several shapes. */
export interface AlternativesField extends Described {
  kind: 'alternatives';
  options: Field[];
}

/** What has no field of its own. */
export interface JsonField extends Described {
  kind: 'json';
}

/** A part of a form, made of a part of a JSON schema. */
export type Field = TextField | NumberField | SwitchField | ChoiceField | TagsField | ListField | MapField | GroupField | AlternativesField | JsonField;

/** What a new item of a list or row of names and values begins as; `undefined`: it has to be written. */
export function emptyOf(field: Field): unknown {
  switch (field.kind) {
    case 'list':
    case 'tags':
      return [];
    case 'text':
      return '';
    case 'alternatives':
      return emptyOf(field.options[0]!);
    case 'group':
    case 'map':
      return {};
    default:
      return undefined;
  }
}

/** How deep a form goes: below that all is JSON. */
const DEPTH_MAX = 8;

/** The form of a configuration. `secrets`: paths of what is secret, as the API tells them (`auth.token`, `rules.*.key`). */
export function formOf(schema: Schema, secrets: readonly string[] = []): GroupField {
  const field = fieldOf(schema, { root: schema, secrets, path: [] });
  return field.kind === 'group' ? field : { kind: 'group', members: [] };
}

interface Place {
  root: Schema;
  secrets: readonly string[];
  path: string[];
}

function fieldOf(referring: Schema, place: Place): Field {
  const schema = resolve(referring, place.root);
  const shape = shapeOf(schema, place);
  // Of a list it may be told what it is for, and what each item is.
  const hint = [schema.description, shape.hint].filter(Boolean).join(' · ');
  return { ...shape, ...(hint !== '' && { hint }), ...(schema.default !== undefined && { fallback: schema.default }) };
}

function shapeOf(schema: Schema, place: Place): Field {
  const choices = schema.oneOf ?? schema.anyOf;
  if (place.path.length > DEPTH_MAX) return { kind: 'json' };
  if (schema.enum !== undefined) return enumOf(schema.enum);
  if (choices !== undefined && !choices.every(isRule)) return alternativesOf(choices, place);
  if (Array.isArray(schema.type)) return alternativesOf(schema.type.map((type) => ({ type })), place);
  switch (schema.type ?? (schema.properties ? 'object' : undefined)) {
    case 'string':
      return textOf(schema, isSecret(place));
    case 'number':
    case 'integer':
      return numberOf(schema);
    case 'boolean':
      return { kind: 'switch' };
    case 'array':
      return listOf(schema, place);
    case 'object':
      return objectOf(schema, place);
    default:
      return { kind: 'json' };
  }
}

function enumOf(values: unknown[]): Field {
  if (values.every((value) => typeof value === 'boolean')) return { kind: 'switch' };
  const options = values.filter((value) => typeof value === 'string' || typeof value === 'number');
  return options.length === values.length ? { kind: 'choice', options } : { kind: 'json' };
}

function textOf(schema: Schema, secret: boolean): TextField {
  const free = !secret && schema.pattern === undefined && schema.maxLength === undefined && schema.default === undefined;
  return { kind: 'text', secret, free, orNumber: false };
}

function numberOf({ type, minimum, maximum, exclusiveMinimum: above }: Schema): NumberField {
  const integer = type === 'integer';
  const min = integer && above !== undefined ? above + 1 : minimum;
  return { kind: 'number', integer, ...(min !== undefined && { min }), ...(maximum !== undefined && { max: maximum }), ...(!integer && above !== undefined && { above }) };
}

function listOf(schema: Schema, place: Place): Field {
  if (schema.items === undefined) return { kind: 'json' };
  const item = fieldOf(schema.items, { ...place, path: [...place.path, '*'] });
  const hint = item.hint === undefined ? {} : { hint: item.hint };
  if (item.kind === 'text' && !item.secret && !item.orNumber) return { kind: 'tags', item: 'text', ...hint };
  if (item.kind === 'number') return { kind: 'tags', item: 'number', ...hint };
  if (item.kind === 'choice') return { kind: 'tags', item: typeof item.options[0] === 'number' ? 'number' : 'text', options: item.options, ...hint };
  // What is nothing but JSON in each item is better read as a whole.
  return item.kind === 'json' ? { kind: 'json' } : { kind: 'list', item };
}

function objectOf(schema: Schema, place: Place): Field {
  const below = (name: string): Place => ({ ...place, path: [...place.path, name] });
  if (schema.properties !== undefined) {
    const members = Object.entries(schema.properties).map(([name, member]) => ({ name, required: schema.required?.includes(name) ?? false, field: fieldOf(member, below(name)) }));
    const [oneOf, anyOf] = [rulesOf(schema.oneOf), rulesOf(schema.anyOf)];
    return { kind: 'group', members, ...(oneOf && { oneOf }), ...(anyOf && { anyOf }) };
  }
  const values = [...Object.values(schema.patternProperties ?? {}), ...(isObject(schema.additionalProperties) ? [schema.additionalProperties as Schema] : [])];
  return values.length === 1 ? { kind: 'map', value: fieldOf(values[0]!, below('*')) } : { kind: 'json' };
}

const rulesOf = (schemas?: Schema[]) => schemas?.map(({ required }) => required ?? []);

function alternativesOf(schemas: Schema[], place: Place): Field {
  const options = schemas.map((schema) => fieldOf(schema, place));
  // A text that may be a number is one field: which of the two it is shows in how it is written.
  const [text, others] = [options.find((option) => option.kind === 'text'), options.filter(({ kind }) => kind !== 'text')];
  if (text !== undefined && others.every(({ kind }) => kind === 'number' || kind === 'text')) return { ...text, orNumber: others.length > 0 };
  return options.some(({ kind }) => kind === 'json') ? { kind: 'json' } : { kind: 'alternatives', options };
}

function isSecret({ secrets, path }: Place): boolean {
  return secrets.some((secret) => {
    const steps = secret.split('.');
    return steps.length <= path.length && steps.every((step, index) => step === '*' || step === path[index]);
  });
}
