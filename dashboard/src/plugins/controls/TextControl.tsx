import { Input } from 'antd';
import { useState } from 'react';
import { REDACTED } from '../../components/SecretField';
import type { TextField } from '../fields';
import type { ControlProps } from './control';

/** A text; a secret is not shown, and stays what it is unless another one is written. */
export function TextControl({ id, label, field, value, onChange }: ControlProps<TextField>) {
  const [stored] = useState(value === REDACTED);
  const text = value === undefined || value === REDACTED ? '' : String(value);
  const common = {
    id,
    'aria-label': label,
    value: text,
    placeholder: field.fallback === undefined ? undefined : String(field.fallback),
    autoComplete: 'off',
    spellCheck: false,
    onChange: ({ target }: { target: { value: string } }) => onChange(target.value !== '' ? target.value : stored ? REDACTED : undefined),
  };
  if (field.secret) return <Input.Password {...common} autoComplete="new-password" placeholder={stored ? '••••••••' : common.placeholder} />;
  return field.free ? <Input.TextArea {...common} className="schema-text" rows={Math.min(12, text.split('\n').length)} /> : <Input {...common} />;
}
