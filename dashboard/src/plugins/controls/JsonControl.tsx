import { Input } from 'antd';
import { useEffect, useState } from 'react';
import { strings } from '../../strings';
import { useFaults } from '../faults';
import type { ControlProps } from './control';

/** What has no field of its own, as JSON. What is written there counts as soon as it is JSON. */
export function JsonControl({ id, label, value, onChange }: ControlProps) {
  const [text, setText] = useState(() => written(value));
  const [fault, setFault] = useState<string>();
  const report = useFaults();
  useEffect(() => {
    report(id, fault !== undefined);
    return () => report(id, false);
  }, [report, id, fault]);

  const write = (next: string) => {
    setText(next);
    try {
      onChange(next.trim() === '' ? undefined : (JSON.parse(next) as unknown));
      setFault(undefined);
    } catch (error) {
      setFault(strings.schemaForm.notJson((error as Error).message));
    }
  };

  return (
    <>
      <Input.TextArea
        id={id}
        aria-label={label}
        aria-invalid={fault !== undefined}
        aria-describedby={fault === undefined ? undefined : `${id}-fault`}
        status={fault === undefined ? '' : 'error'}
        className="code"
        rows={Math.min(16, Math.max(2, text.split('\n').length))}
        spellCheck={false}
        value={text}
        onChange={({ target }) => write(target.value)}
      />
      {fault !== undefined && (
        <div id={`${id}-fault`} role="alert" className="field-problem">
          {fault}
        </div>
      )}
    </>
  );
}

/** What is short stands in a line. */
function written(value: unknown): string {
  if (value === undefined) return '';
  const line = JSON.stringify(value);
  return line.length <= 60 ? line : JSON.stringify(value, null, 2);
}
