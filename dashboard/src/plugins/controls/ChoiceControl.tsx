import { Select } from 'antd';
import type { ChoiceField } from '../fields';
import type { ControlProps } from './control';

/** One of several words or numbers. */
export function ChoiceControl({ id, label, field, value, onChange }: ControlProps<ChoiceField>) {
  return (
    <Select
      id={id}
      aria-label={label}
      allowClear
      value={field.options.find((option) => option === value)}
      placeholder={field.fallback === undefined ? undefined : String(field.fallback)}
      options={field.options.map((option) => ({ value: option, label: String(option) }))}
      onChange={(next: string | number | undefined) => onChange(next)}
    />
  );
}
