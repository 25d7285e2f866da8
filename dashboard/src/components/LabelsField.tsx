import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';

type Labels = Record<string, string>;

/** The form's member `labels`, as rows of a key and a value. */
export function LabelsField() {
  return (
    <Form.Item name="labels" label={strings.labels.title}>
      <LabelRows />
    </Form.Item>
  );
}

function LabelRows({ id, value, onChange }: { id?: string; value?: Labels; onChange?: (labels?: Labels) => void }) {
  const words = strings.labels;
  // Rows are what is being written: two may have the same key for a moment, or none yet.
  const [rows, setRows] = useState(() => Object.entries(value ?? {}));
  const show = (next: [string, string][]) => {
    setRows(next);
    const named = next.filter(([key]) => key !== '');
    onChange?.(named.length === 0 ? undefined : Object.fromEntries(named));
  };
  return (
    <div id={id} role="group" aria-label={words.title}>
      {rows.map(([key, text], index) => (
        <div key={index} className="label-row">
          <Input aria-label={words.key(index + 1)} placeholder={words.keyExample} autoComplete="off" value={key} onChange={({ target }) => show(rows.with(index, [target.value, text]))} />
          <Input aria-label={words.value(index + 1)} placeholder={words.valueExample} autoComplete="off" value={text} onChange={({ target }) => show(rows.with(index, [key, target.value]))} />
          <Button type="text" danger icon={<DeleteOutlined />} aria-label={words.remove(index + 1)} title={words.remove(index + 1)} onClick={() => show(rows.toSpliced(index, 1))} />
        </div>
      ))}
      <Button icon={<PlusOutlined />} onClick={() => setRows([...rows, ['', '']])}>
        {words.add}
      </Button>
    </div>
  );
}
