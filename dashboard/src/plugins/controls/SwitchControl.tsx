import { Switch } from 'antd';
import type { SwitchField } from '../fields';
import type { ControlProps } from './control';

/** Yes or no; shows what acts, and writes only what differs from the default. */
export function SwitchControl({ id, label, field, value, onChange }: ControlProps<SwitchField>) {
  const fallback = field.fallback === true;
  return <Switch id={id} aria-label={label} checked={value === undefined ? fallback : value === true} onChange={(next) => onChange(next === fallback ? undefined : next)} />;
}
