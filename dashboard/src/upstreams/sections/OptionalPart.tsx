import { Form, Switch } from 'antd';
import type { ReactNode } from 'react';

interface OptionalPartProps {
  /** Of the switch. */
  id: string;
  label: string;
  hint?: ReactNode;
  /** Where in the upstream the part is. */
  at: string[];
  /** What it begins as. */
  start: object;
  /** The fields of the part. */
  children: ReactNode;
}

/** A part of an upstream that is there or not: the switch makes it, or takes it away. */
export function OptionalPart({ id, label, hint, at, start, children }: OptionalPartProps) {
  const form = Form.useFormInstance();
  const isThere = Form.useWatch<unknown>(at, { form, preserve: true }) !== undefined;
  return (
    <>
      <Form.Item label={label} htmlFor={id} extra={hint}>
        <Switch id={id} checked={isThere} onChange={(on) => form.setFieldValue(at, on ? start : undefined)} />
      </Form.Item>
      {isThere && children}
    </>
  );
}
