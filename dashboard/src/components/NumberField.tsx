import { Form, InputNumber } from 'antd';

interface NumberFieldProps {
  name: (string | number)[];
  label: string;
  /** The server's default, shown while nothing is written. */
  fallback?: number | string;
  unit?: string;
  min?: number;
  hint?: string;
}

/** A number that may be left to the server's default. */
export function NumberField({ name, label, fallback, unit, min = 0, hint }: NumberFieldProps) {
  return (
    <Form.Item name={name} label={label} extra={hint}>
      <InputNumber className="number-field" min={min} suffix={unit} placeholder={fallback === undefined ? undefined : String(fallback)} />
    </Form.Item>
  );
}
