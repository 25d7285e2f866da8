import { Input } from 'antd';
import { useState } from 'react';

interface PemFieldProps {
  // Given by the form.
  id?: string;
  value?: string[];
  onChange?: (value: string[] | undefined) => void;
}

/** Certificates, one after the other in one text. */
export function PemField({ id, value, onChange }: PemFieldProps) {
  const [text, setText] = useState(() => (value ?? []).join('\n'));
  return (
    <Input.TextArea
      id={id}
      className="code"
      rows={3}
      spellCheck={false}
      placeholder="-----BEGIN CERTIFICATE-----"
      value={text}
      onChange={(event) => {
        setText(event.target.value);
        onChange?.(certificatesOf(event.target.value));
      }}
    />
  );
}

/** The certificates of a text; what is none goes to the server as it is, which says what is wrong with it. */
export function certificatesOf(text: string): string[] | undefined {
  if (text.trim() === '') return undefined;
  return text.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [text.trim()];
}
