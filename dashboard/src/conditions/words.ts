import { strings } from '../strings';
import { comparedOf, isNumeric, readCondition, takesNothing, type Condition } from './condition';

/** A condition as one reads it. */
export function conditionText(condition: Condition): string {
  const { source, name, operator } = condition;
  const words = strings.conditions;
  const value = takesNothing(operator) ? '' : [comparedOf(condition)].flat().map(shown).join(', ') || '[]';
  return [words.sources[source].toLowerCase(), name, words.operators[operator], value].filter((word) => word !== '').join(' ');
}

/** A text is told from a number, and from what stands beside it. */
const shown = (value: string | number): string => (typeof value === 'string' && (value.trim() !== value || value === '' || value.includes(', ') || isNumeric(value)) ? `"${value}"` : String(value));

/** Conditions that all have to hold, each in a line; what is nested as JSON. */
export function conditionLines(vars: unknown[]): string[] {
  // What begins with a text, such as OR, says how the rest belongs together.
  if (typeof vars[0] === 'string') return [JSON.stringify(vars)];
  return vars.map((item) => {
    const condition = readCondition(item);
    return condition ? conditionText(condition) : JSON.stringify(item);
  });
}
