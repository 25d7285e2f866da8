/** What a condition looks at. */
export type Source = 'header' | 'query' | 'cookie' | 'consumer' | 'variable';

/** How it compares: the plugin's operators; `!` inverts, `present` and `absent` are comparisons with null. */
export type Operator = '==' | '~=' | 'in' | '!in' | '~~' | '!~~' | '~*' | '!~*' | '>' | '>=' | '<' | '<=' | 'ipmatch' | '!ipmatch' | 'present' | 'absent';

/** All operators, as they are offered. */
export const OPERATORS: Operator[] = ['==', '~=', 'in', '!in', '~~', '!~~', '~*', '!~*', 'present', 'absent', '>', '>=', '<', '<=', 'ipmatch', '!ipmatch'];

/** All sources, as they are offered. */
export const SOURCES: Source[] = ['header', 'query', 'cookie', 'consumer', 'variable'];

/** A comparison of one thing of a request with something written. */
export interface Condition {
  source: Source;
  /** Of a header, an argument, a cookie, a variable; a consumer needs none. */
  name: string;
  operator: Operator;
  /** A text, or several where the operator takes a list. Nothing where it takes none. */
  value: string | string[];
}

const ORDERINGS: readonly string[] = ['>', '>=', '<', '<='];
const LISTS: readonly string[] = ['in', '!in', 'ipmatch', '!ipmatch'];

/** Whether an operator compares with a list. */
export const takesList = (operator: Operator): boolean => LISTS.includes(operator);

/** Whether an operator compares with nothing that is written. */
export const takesNothing = (operator: Operator): boolean => operator === 'present' || operator === 'absent';

/** Whether an operator compares numbers. */
export const takesNumber = (operator: Operator): boolean => ORDERINGS.includes(operator);

/** What is missing of a condition that is being written. */
export function missingOf({ source, name, operator, value }: Condition): 'name' | 'value' | 'number' | undefined {
  if (source !== 'consumer' && name.trim() === '') return 'name';
  if (takesNothing(operator)) return undefined;
  if (value.length === 0) return 'value';
  return takesNumber(operator) && !Number.isFinite(Number(value)) ? 'number' : undefined;
}

/** The variable that a condition compares. */
export function variableOf({ source, name }: Pick<Condition, 'source' | 'name'>): string {
  const given = name.trim();
  switch (source) {
    case 'header':
      return 'http_' + given.toLowerCase().replaceAll('-', '_');
    case 'query':
      return 'arg_' + given;
    case 'cookie':
      return 'cookie_' + given;
    case 'consumer':
      return 'consumer_name';
    case 'variable':
      return given;
  }
}

/** A condition as `vars` has it. */
export function writeCondition(condition: Condition): unknown[] {
  const { operator, value } = condition;
  const variable = variableOf(condition);
  if (operator === 'present') return [variable, '~=', null];
  if (operator === 'absent') return [variable, '==', null];
  const compared = takesNumber(operator) ? Number(value) : value;
  return operator.startsWith('!') ? [variable, '!', operator.slice(1), compared] : [variable, operator, compared];
}

/** A condition of `vars`; undefined where it says something that a {@link Condition} cannot. */
export function readCondition(written: unknown): Condition | undefined {
  if (!Array.isArray(written) || typeof written[0] !== 'string') return undefined;
  // Two members are short for an equality.
  const whole: unknown[] = written.length === 2 ? [written[0], '==', written[1]] : written;
  const compared = whole.at(-1);
  const operator = whole.length === 4 && whole[1] === '!' ? `!${String(whole[2])}` : compared === null ? (whole[1] === '==' ? 'absent' : 'present') : whole[1];
  const known = OPERATORS.find((one) => one === operator);
  if (known === undefined || Array.isArray(compared) !== takesList(known)) return undefined;
  const value = Array.isArray(compared) ? compared.map(String) : compared === null ? '' : String(compared);
  const condition = { ...placeOf(written[0]), operator: known, value };
  // What was written in another way (a number where a text would be written, say) means something else, and would not come back.
  return JSON.stringify(writeCondition(condition)) === JSON.stringify(whole) ? condition : undefined;
}

function placeOf(variable: string): Pick<Condition, 'source' | 'name'> {
  if (variable === 'consumer_name') return { source: 'consumer', name: '' };
  const [, prefix, name = ''] = /^(http|arg|cookie)_(.+)$/s.exec(variable) ?? [];
  const source = prefix === 'http' ? 'header' : prefix === 'arg' ? 'query' : 'cookie';
  const place = { source, name: source === 'header' ? name.replaceAll('_', '-') : name } as const;
  return prefix !== undefined && variableOf(place) === variable ? place : { source: 'variable', name: variable };
}
