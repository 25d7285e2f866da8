import type { Field } from './fields';
import { isObject } from './schema';

/** Whether a field can show a value and everything in it; what it cannot is edited as JSON. Nothing at all fits every field. */
export function fits(field: Field, value: unknown): boolean {
  if (value === undefined) return true;
  switch (field.kind) {
    case 'text':
      // A field of one line would lose the ends of lines.
      return typeof value === 'number' ? field.orNumber : typeof value === 'string' && (field.free || !/[\r\n]/.test(value));
    case 'number':
      return typeof value === 'number';
    case 'switch':
      return typeof value === 'boolean';
    case 'choice':
      return field.options.some((option) => option === value);
    case 'tags':
      return isList(value) && value.every((item) => typeof item === (field.item === 'number' ? 'number' : 'string') && item !== '') && new Set(value).size === value.length;
    case 'list':
      return isList(value) && value.every((item) => item !== null && fits(field.item, item));
    case 'map':
      return isObject(value) && Object.values(value).every((item) => fits(field.value, item));
    case 'group':
      return isObject(value) && Object.entries(value).every(([name, member]) => fits(field.members.find((known) => known.name === name)?.field ?? NOTHING, member));
    case 'alternatives':
      return field.options.some((option) => fits(option, value));
    case 'json':
      return true;
  }
}

/** Whether a field can show the outer shape of a value: what is in it may be another field's. */
export function holds(field: Field, value: unknown): boolean {
  return field.kind === 'group' || field.kind === 'map' ? value === undefined || isObject(value) : field.kind === 'list' ? value === undefined || isList(value) : fits(field, value);
}

/** What an unknown member fits. */
const NOTHING: Field = { kind: 'choice', options: [] };

const isList = (value: unknown): value is unknown[] => Array.isArray(value);
