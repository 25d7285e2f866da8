import { InputNumber } from 'antd';
import type { NumberField } from '../fields';
import type { ControlProps } from './control';

/** A number. */
export function NumberControl({ id, label, field, value, onChange }: ControlProps<NumberField>) {
  return (
    <InputNumber
      id={id}
      aria-label={label}
      className="number-field"
      value={typeof value === 'number' ? value : null}
      min={field.min}
      max={field.max}
      precision={field.integer ? 0 : undefined}
      placeholder={field.fallback === undefined ? undefined : String(field.fallback)}
      onChange={(next) => onChange(next ?? undefined)}
    />
  );
}
