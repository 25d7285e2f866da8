import { Form, type FormInstance } from 'antd';
import { useEffect } from 'react';
import { useNestedForm } from '../objects/nestedForms';
import type { UpstreamEntry } from '../upstreams/model';
import { UpstreamSections } from '../upstreams/UpstreamSections';

interface InlineUpstreamProps {
  form: FormInstance<UpstreamEntry>;
  value?: UpstreamEntry;
  onChange?: (upstream: UpstreamEntry) => void;
}

/** The sections of an upstream that stands in another object, as one field of that object's form. */
export function InlineUpstream({ form, value, onChange }: InlineUpstreamProps) {
  useNestedForm('upstream', form);
  // Sections set members that have no field, too, which a form's change events do not tell.
  const written = Form.useWatch((values) => values, { form, preserve: true });
  useEffect(() => {
    if (written !== undefined) onChange?.(written);
  }, [written]);
  return (
    <Form form={form} component={false} layout="vertical" name="upstream" initialValues={value}>
      <UpstreamSections inline />
    </Form>
  );
}
