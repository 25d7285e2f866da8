/** Operators of a condition, in the order in which they are offered; each can be inverted. */
export const OPERATORS = ['==', '~=', '>', '>=', '<', '<=', '~~', '~*', 'in', 'has', 'ipmatch'] as const;

export type Operator = (typeof OPERATORS)[number];

/** A condition on a variable, as a row shows it. Those of `in` and `ipmatch` have a list. */
export interface Condition {
  variable: string;
  not: boolean;
  operator: Operator;
  value: string | number | (string | number)[];
}

const takesList = (operator: string) => operator === 'in' || operator === 'ipmatch';

/** A route's conditions as rows; undefined = they are nested, or compare with what a row cannot show. */
export function conditionsOf(vars: unknown): Condition[] | undefined {
  if (!Array.isArray(vars)) return vars === undefined ? [] : undefined;
  const conditions = vars.map(conditionOf);
  return conditions.every((condition) => condition !== undefined) ? conditions : undefined;
}

function conditionOf(item: unknown): Condition | undefined {
  if (!Array.isArray(item) || item.length < 2 || item.length > 4) return undefined;
  const [variable, ...rest] = item as unknown[];
  const not = rest.length === 3 && rest[0] === '!';
  if (rest.length === 3 && !not) return undefined;
  const [operator, value] = rest.length === 1 ? ['==', rest[0]] : rest.slice(-2);
  const known = OPERATORS.find((one) => one === String(operator).toLowerCase());
  if (typeof variable !== 'string' || known === undefined) return undefined;
  const scalar = (one: unknown): one is string | number => typeof one === 'string' || typeof one === 'number';
  if (takesList(known) && Array.isArray(value) && value.every(scalar)) return { variable, not, operator: known, value };
  if (takesList(known) && known === 'ipmatch' && typeof value === 'string') return { variable, not, operator: known, value: [value] };
  return !takesList(known) && scalar(value) ? { variable, not, operator: known, value } : undefined;
}

/** Rows as the route's member `vars`; no rows = no member. */
export const varsOf = (conditions: Condition[]): unknown[] | undefined =>
  conditions.length === 0 ? undefined : conditions.map(({ variable, not, operator, value }) => [variable, ...(not ? ['!'] : []), operator, value]);

/** The condition with another operator: its value becomes what the operator takes. */
export function withOperator(condition: Condition, operator: Operator, not: boolean): Condition {
  const { value } = condition;
  const first = Array.isArray(value) ? (value[0] ?? '') : value;
  return { ...condition, operator, not, value: takesList(operator) ? (Array.isArray(value) ? value : value === '' ? [] : [value]) : typed(String(first), first, operator) };
}

/** What was typed as a value: a number where the operator compares numbers, or where one was. */
export function typed(text: string, before: Condition['value'], operator: Operator): string | number {
  // Half a number, such as "1.", stays the text that it is.
  const isNumber = String(Number(text)) === text && Number.isFinite(Number(text));
  return isNumber && (/[<>]/.test(operator) || typeof before === 'number') ? Number(text) : text;
}

/** A condition in a line; a nested one as JSON. */
export function conditionText(item: unknown): string {
  const condition = conditionOf(item);
  if (condition === undefined) return JSON.stringify(item);
  const { variable, not, operator, value } = condition;
  return [variable, ...(not ? ['not'] : []), operator, JSON.stringify(value)].join(' ');
}
