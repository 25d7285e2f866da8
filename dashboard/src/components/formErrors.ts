import type { FormInstance } from 'antd';
import { ApiError, readable } from '../api/errors';

/** Shows what the server refused at the fields that are concerned. What has no field is given back, to be shown above them. */
export function showProblems(form: FormInstance, error: unknown): string[] {
  if (!(error instanceof ApiError)) return [(error as Error).message];
  const fields = new Set(form.getFieldsError().map(({ name }) => JSON.stringify(name)));
  const placed = new Map<string, { name: (string | number)[]; errors: string[] }>();
  const unplaced: string[] = [];
  for (const { path, message } of error.problems) {
    const key = JSON.stringify(path);
    if (fields.has(key)) placed.set(key, { name: path, errors: [...(placed.get(key)?.errors ?? []), message] });
    else unplaced.push(path.length > 0 ? `${path.join('.')}: ${message}` : message);
  }
  form.setFields([...placed.values()]);
  const first = placed.values().next().value;
  if (first) form.scrollToField(first.name, { block: 'center', focus: true });
  return placed.size === 0 && unplaced.length === 0 ? [readable(error.message)] : unplaced;
}
