import { Button, Input } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';

/** What stands in the place of a secret that is stored. Sent back, it means that the secret stays. */
export const REDACTED = '<redacted>';

interface SecretFieldProps {
  /** What it is, for the button that removes it. */
  label: string;
  'aria-label'?: string;
  // Given by the form.
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}

/** A secret: what is stored is not shown, stays while nothing is typed, and can be removed. */
export function SecretField({ label, 'aria-label': name, id, value, onChange }: SecretFieldProps) {
  const [stored, setStored] = useState(value === REDACTED);
  return (
    <div className="secret-field">
      <Input.Password
        id={id}
        aria-label={name}
        autoComplete="new-password"
        placeholder={stored ? strings.common.secretStored : undefined}
        value={value === REDACTED ? '' : (value ?? '')}
        onChange={(event) => onChange?.(event.target.value === '' ? (stored ? REDACTED : undefined) : event.target.value)}
      />
      {stored && (
        <Button
          aria-label={strings.common.removeOf(label)}
          onClick={() => {
            setStored(false);
            onChange?.(undefined);
          }}
        >
          {strings.common.remove}
        </Button>
      )}
    </div>
  );
}
