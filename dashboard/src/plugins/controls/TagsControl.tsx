import { Select } from 'antd';
import type { TagsField } from '../fields';
import type { ControlProps } from './control';

/** A list of texts or numbers. */
export function TagsControl({ id, label, field, value, onChange }: ControlProps<TagsField>) {
  const items = Array.isArray(value) ? value.map(String) : [];
  const options = field.options?.map((option) => ({ value: String(option), label: String(option) }));
  /** What is no number is sent as it was typed, so that the server can say so. */
  const read = (text: string) => (field.item === 'number' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text);
  return (
    <Select<string[]>
      id={id}
      aria-label={label}
      mode={options ? 'multiple' : 'tags'}
      {...(options ? { options } : { open: false, suffixIcon: null })}
      value={items}
      placeholder={Array.isArray(field.fallback) ? field.fallback.join(', ') : undefined}
      onChange={(next) => onChange(next.length === 0 ? undefined : next.map(read))}
    />
  );
}
