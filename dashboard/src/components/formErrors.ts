import type { FormInstance } from 'antd';
import { ApiError, readable, type Problem } from '../api/errors';

/**
 * Shows what the server refused at the fields that are concerned. What has no field is given back, to be shown above them. `nested`: forms that edit a member, by its name.
 */
export function showProblems(form: FormInstance, error: unknown, nested: ReadonlyMap<string, FormInstance> = new Map()): string[] {
  if (!(error instanceof ApiError)) return [(error as Error).message];
  const isOf = (member: string, { path }: Problem) => path[0] === member && path.length > 1;
  const own = error.problems.filter((problem) => ![...nested.keys()].some((member) => isOf(member, problem)));
  const results = [
    place(form, own),
    ...[...nested].map(([member, inner]) => {
      const below = error.problems.filter((problem) => isOf(member, problem)).map(({ path, message }) => ({ path: path.slice(1), message }));
      const { placed, unplaced } = place(inner, below);
      return { placed, unplaced: unplaced.map((text) => `${member}.${text}`) };
    }),
  ];
  const unplaced = results.flatMap((result) => result.unplaced);
  return unplaced.length === 0 && results.every((result) => result.placed === 0) ? [readable(error.message)] : unplaced;
}

function place(form: FormInstance, problems: Problem[]): { placed: number; unplaced: string[] } {
  const fields = new Set(form.getFieldsError().map(({ name }) => JSON.stringify(name)));
  const isField = (path: Problem['path']) => fields.has(JSON.stringify(path));
  const placed = new Map<string, { name: Problem['path']; errors: string[] }>();
  const unplaced: string[] = [];
  for (const { path: told, message } of problems) {
    // A member that holds a lone text has the field of that which holds several: `uri` is shown at `uris`.
    const path = told.length > 0 && !isField(told.slice(0, 1)) && isField([`${told[0]}s`]) ? [`${told[0]}s`, ...told.slice(1)] : told;
    const depth = path.findLastIndex((_, index) => isField(path.slice(0, index + 1))) + 1;
    // What is below a field is told at it, and above as well: a list of fields has no place for its own.
    if (depth < path.length || depth === 0) unplaced.push(path.length > 0 ? `${path.join('.')}: ${message}` : message);
    if (depth === 0) continue;
    const [name, key] = [path.slice(0, depth), JSON.stringify(path.slice(0, depth))];
    const rest = path.slice(depth);
    // Of several texts in one field the message names the one that is meant; its number would tell less.
    const place = rest.length === 0 || (rest.length === 1 && typeof rest[0] === 'number') ? [] : [rest.join('.')];
    placed.set(key, { name, errors: [...(placed.get(key)?.errors ?? []), [...place, message].join(': ')] });
  }
  form.setFields([...placed.values()]);
  const first = placed.values().next().value;
  if (first) form.scrollToField(first.name, { block: 'center', focus: true });
  return { placed: placed.size, unplaced };
}
