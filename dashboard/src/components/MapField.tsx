import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useState } from 'react';
import { SecretField } from './SecretField';

interface MapFieldProps {
  /** What it is, to who cannot see its label. */
  label: string;
  /** How its parts are called, by their number, and what they may look like. */
  words: { name: (number: number) => string; value: (number: number) => string; add: string; remove: (number: number) => string; nameExample?: string; valueExample?: string };
  /** Whether values are kept secret. */
  isSecret?: boolean;
  // Given by the form.
  id?: string;
  value?: Record<string, unknown>;
  onChange?: (value: Record<string, string> | undefined) => void;
}

/** Names, each with a value. */
export function MapField({ label, words, isSecret = false, id, value, onChange }: MapFieldProps) {
  // A row without a name is none of the map yet.
  const [rows, setRows] = useState(() => Object.entries(value ?? {}).map(([name, text], key) => ({ key, name, text: String(text) })));
  const change = (next: typeof rows) => {
    setRows(next);
    const named = next.filter(({ name }) => name !== '');
    onChange?.(named.length === 0 ? undefined : Object.fromEntries(named.map(({ name, text }) => [name, text])));
  };
  const edit = (key: number, part: Partial<(typeof rows)[number]>) => change(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <div id={id} role="group" aria-label={label} className="map-field">
      {rows.map(({ key, name, text }, index) => (
        <div key={key} className="map-row">
          <Input aria-label={words.name(index + 1)} placeholder={words.nameExample} autoComplete="off" value={name} onChange={(event) => edit(key, { name: event.target.value })} />
          {isSecret ? (
            <SecretField aria-label={words.value(index + 1)} label={words.value(index + 1)} value={text} onChange={(next) => edit(key, { text: next ?? '' })} />
          ) : (
            <Input aria-label={words.value(index + 1)} placeholder={words.valueExample} autoComplete="off" value={text} onChange={(event) => edit(key, { text: event.target.value })} />
          )}
          <Button type="text" danger icon={<DeleteOutlined />} aria-label={words.remove(index + 1)} title={words.remove(index + 1)} onClick={() => change(rows.filter((row) => row.key !== key))} />
        </div>
      ))}
      <Button icon={<PlusOutlined />} onClick={() => setRows([...rows, { key: Math.max(-1, ...rows.map((row) => row.key)) + 1, name: '', text: '' }])}>
        {words.add}
      </Button>
    </div>
  );
}
