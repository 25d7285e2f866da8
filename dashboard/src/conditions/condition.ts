/** What a condition looks at, as it is offered. */
export const SOURCES = ['header', 'query', 'cookie', 'consumer', 'variable'] as const;
export type Source = (typeof SOURCES)[number];

/** How it compares, as it is offered: the operators of `vars`; `!` inverts, `present` and `absent` are comparisons with null. */
export const OPERATORS = ['==', '~=', 'in', '!in', '~~', '!~~', '~*', '!~*', 'present', 'absent', '>', '>=', '<', '<=', '!>', '!>=', '!<', '!<=', 'ipmatch', '!ipmatch', 'has', '!has'] as const;
export type Operator = (typeof OPERATORS)[number];

/** A comparison of one thing of a request with something written. */
export interface Condition {
  source: Source;
  /** Of a header, an argument, a cookie, a variable; a consumer needs none. */
  name: string;
  operator: Operator;
  /** As it is typed; several where the operator takes a list. Nothing where it takes none. */
  value: string | (string | number)[];
  /** Whether the value is a number as long as it reads as one: such was there. */
  isNumber?: boolean;
  /** What it was read from, where it would be written or judged otherwise: that stays until something is changed. */
  written?: unknown[];
}

/** An operator that is not inverted. */
const bare = (operator: Operator): string => operator.replace('!', '');

const takesList = (operator: Operator): boolean => ['in', 'ipmatch'].includes(bare(operator));

/** Whether an operator compares with nothing that is written. */
export const takesNothing = (operator: Operator): boolean => operator === 'present' || operator === 'absent';

/** Whether an operator compares numbers. */
export const takesNumber = (operator: Operator): boolean => /[<>]/.test(operator);

/** Whether an operator compares with a text or with a number, which are not the same. */
const takesEither = (operator: Operator): boolean => ['==', '~=', 'has'].includes(bare(operator));

/** What operators are called where they are stored. */
const NAMES: readonly string[] = OPERATORS.filter((one) => !one.startsWith('!') && !takesNothing(one));

/** Whether a text reads as a number. */
export const isNumeric = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** What a condition begins as. */
export const NEW: Condition = { source: 'header', name: '', operator: '==', value: '' };

/** What is missing of a condition that is being written. */
export function missingOf(condition: Condition): 'name' | 'value' | 'number' | undefined {
  const { source, name, operator, value } = condition;
  if (source !== 'consumer' && name.trim() === '') return 'name';
  // An empty text may be meant: it is where it was stored.
  if (takesNothing(operator) || asRead(condition) !== undefined) return undefined;
  if (value.length === 0) return 'value';
  return takesNumber(operator) && !isNumeric(String(value)) ? 'number' : undefined;
}

/** The condition with another operator: its value becomes what that takes. */
export function withOperator(condition: Condition, operator: Operator): Condition {
  const list = [comparedOf(condition)].flat().filter((one) => one !== '');
  const isNumber = condition.isNumber === true || typeof list[0] === 'number';
  return { ...condition, operator, value: takesNothing(operator) ? '' : takesList(operator) ? list : String(list[0] ?? ''), ...(isNumber && { isNumber }) };
}

/** What a condition compares with, as it is stored. */
export function comparedOf({ operator, value, isNumber }: Condition): string | number | (string | number)[] {
  const isMeant = takesNumber(operator) || (isNumber === true && takesEither(operator));
  return isMeant && typeof value === 'string' && isNumeric(value) ? Number(value) : value;
}

type Place = Pick<Condition, 'source' | 'name'>;

/** What the names of variables begin with. */
const PREFIXES: Record<Source, string> = { header: 'http_', query: 'arg_', cookie: 'cookie_', consumer: 'consumer_name', variable: '' };

/** The variable that a condition compares. */
function variableOf({ source, name }: Place): string {
  const given = source === 'consumer' ? '' : name.trim();
  return PREFIXES[source] + (source === 'header' ? given.toLowerCase().replaceAll('-', '_') : given);
}

function placeOf(variable: string): Place {
  const source = SOURCES.find((one) => variable.startsWith(PREFIXES[one]))!;
  const name = variable.slice(PREFIXES[source].length);
  const place = { source, name: source === 'header' ? name.replaceAll('_', '-') : name };
  return variableOf(place) === variable ? place : { source: 'variable', name: variable };
}

/** A condition as `vars` has it: what nobody changed as it was read. */
export const writeCondition = (condition: Condition): unknown[] => asRead(condition) ?? compose(condition);

function asRead(condition: Condition): unknown[] | undefined {
  const before = condition.written && partsOf(condition.written);
  return before && same(compose(before), compose(condition)) ? condition.written : undefined;
}

function compose(condition: Condition): unknown[] {
  const { operator } = condition;
  const variable = variableOf(condition);
  if (takesNothing(operator)) return [variable, operator === 'absent' ? '==' : '~=', null];
  return [variable, ...(operator.startsWith('!') ? ['!'] : []), bare(operator), comparedOf(condition)];
}

/** Conditions that all have to hold, as `vars` has them; undefined = they are nested, or one of them says what a {@link Condition} cannot. */
export function readConditions(vars: unknown): Condition[] | undefined {
  if (!Array.isArray(vars)) return vars === undefined ? [] : undefined;
  const read = vars.map(readCondition);
  return read.every((condition) => condition !== undefined) ? read : undefined;
}

/** A condition of `vars`; undefined where it says something that a {@link Condition} cannot. */
export function readCondition(item: unknown): Condition | undefined {
  if (!Array.isArray(item)) return undefined;
  const condition = partsOf(item);
  if (condition === undefined || missingOf(condition) === 'name' || variableOf(condition) !== item[0]) return undefined;
  return same(compose(condition), item) && missingOf(condition) === undefined ? condition : { ...condition, written: item };
}

function partsOf([variable, ...rest]: unknown[]): Condition | undefined {
  const isInverted = rest.length === 3 && rest[0] === '!';
  if (typeof variable !== 'string' || /^!?(and|or)$/i.test(variable) || rest.length === 0 || rest.length > (isInverted ? 3 : 2)) return undefined;
  const compared = rest.at(-1);
  // Two members are short for an equality, but not if the second names an operator: that compares with nothing.
  const named = rest.length > 1 ? rest.at(-2) : nameOf(compared) === undefined ? '==' : undefined;
  const operator = operatorOf(nameOf(named), isInverted, compared === null);
  const value = operator && valueOf(operator, compared);
  return operator && value !== undefined ? { ...placeOf(variable), operator, value, ...(typeof compared === 'number' && takesEither(operator) && { isNumber: true }) } : undefined;
}

/** The name of an operator, which is written in any case. */
const nameOf = (written: unknown) => NAMES.find((name) => typeof written === 'string' && name === written.toLowerCase());

function operatorOf(name: string | undefined, isInverted: boolean, isNull: boolean): Operator | undefined {
  if (name !== '==' && name !== '~=') return OPERATORS.find((one) => one === (isInverted ? '!' : '') + name);
  // An inverted equality is an inequality.
  const isEqual = (name === '==') !== isInverted;
  return isNull ? (isEqual ? 'absent' : 'present') : isEqual ? '==' : '~=';
}

function valueOf(operator: Operator, compared: unknown): Condition['value'] | undefined {
  if (takesNothing(operator)) return '';
  const isText = typeof compared === 'string';
  if (!takesList(operator)) return isText || (typeof compared === 'number' && (takesNumber(operator) || takesEither(operator))) ? String(compared) : undefined;
  if (isText && bare(operator) === 'ipmatch') return [compared];
  const isScalar = (one: unknown): one is string | number => typeof one === 'string' || typeof one === 'number';
  // A field of several texts has each of them once.
  return Array.isArray(compared) && compared.every(isScalar) && new Set(compared.map(String)).size === compared.length ? compared : undefined;
}
