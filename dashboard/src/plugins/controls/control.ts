import type { Problem } from '../../api/errors';
import type { Field } from '../fields';
import { isObject } from '../schema';

/** What every part of a schema's form gets. */
export interface ControlProps<F extends Field = Field> {
  /** Of the element that has the focus, for the label. */
  id: string;
  /** What it is called, for those who do not see where it stands. */
  label: string;
  field: F;
  value: unknown;
  /** `undefined`: it is not written. */
  onChange: (value: unknown) => void;
  /** What was refused, by paths that begin here. */
  problems: Problem[];
}

/** The problems below a step. */
export const below = (problems: Problem[], step: string | number): Problem[] => problems.filter(({ path }) => path[0] === step).map(({ path, message }) => ({ path: path.slice(1), message }));

/** The problems that nobody has answered yet: those of members that an edit left as they were. */
export const unanswered = (problems: Problem[], before: unknown, after: unknown): Problem[] =>
  problems.filter(({ path: [member] }) => member !== undefined && isObject(before) && isObject(after) && before[member] === after[member]);
