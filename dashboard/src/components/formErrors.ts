import type { FormInstance } from 'antd';
import { ApiError, readable } from '../api/errors';

/** Shows what the server refused at the fields that are concerned. What has no field is given back, to be shown above them. */
export function showProblems(form: FormInstance, error: unknown): string[] {
  if (!(error instanceof ApiError)) return [(error as Error).message];
  const fields = new Set(form.getFieldsError().map(({ name }) => JSON.stringify(name)));
  const placed = new Map<string, { name: (string | number)[]; errors: string[] }>();
  const unplaced: string[] = [];
  for (const { path, message } of error.problems) {
    const depth = path.findLastIndex((_, index) => fields.has(JSON.stringify(path.slice(0, index + 1)))) + 1;
    // What is below a field is told at it, and above as well: a list of fields has no place for its own.
    if (depth < path.length || depth === 0) unplaced.push(path.length > 0 ? `${path.join('.')}: ${message}` : message);
    if (depth === 0) continue;
    const [name, key] = [path.slice(0, depth), JSON.stringify(path.slice(0, depth))];
    placed.set(key, { name, errors: [...(placed.get(key)?.errors ?? []), [...(path.length > depth ? [path.slice(depth).join('.')] : []), message].join(': ')] });
  }
  form.setFields([...placed.values()]);
  const first = placed.values().next().value;
  if (first) form.scrollToField(first.name, { block: 'center', focus: true });
  return placed.size === 0 && unplaced.length === 0 ? [readable(error.message)] : unplaced;
}
