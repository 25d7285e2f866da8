import { Form, Select } from 'antd';
import { strings } from '../strings';

interface TextListFieldProps {
  /** The form's member that holds the texts. */
  name: string;
  /** The member that may hold a lone text in place of the list: `uri` beside `uris`. */
  lone?: string;
  label: string;
  hint?: string;
  placeholder?: string;
  /** What is said when there is none. */
  missing?: string;
}

/** Texts, each confirmed with Enter. A lone text stays in the member that it was written in. */
export function TextListField({ name, lone, label, hint, placeholder, missing }: TextListFieldProps) {
  const form = Form.useFormInstance();
  const single: unknown = Form.useWatch((values: Record<string, unknown>) => (lone === undefined ? undefined : values[lone]), { form, preserve: true });
  const hasSingle = lone !== undefined && typeof single === 'string';
  const change = (texts: string[]) => {
    if (!hasSingle) return texts;
    form.setFieldValue(lone, texts.length === 1 ? texts[0] : undefined);
    return texts.length === 1 ? undefined : texts;
  };
  return (
    <Form.Item
      name={name}
      label={label}
      extra={hint}
      required={missing !== undefined}
      getValueProps={(texts?: string[]) => ({ value: texts ?? (hasSingle ? [single] : undefined) })}
      getValueFromEvent={change}
      rules={
        missing === undefined
          ? []
          : [{ validator: (_, texts?: string[]) => (texts?.length || (lone !== undefined && form.getFieldValue(lone) !== undefined) ? Promise.resolve() : Promise.reject(new Error(missing))) }]
      }
    >
      <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[' ', '\n', '\t']} placeholder={placeholder ?? strings.common.confirmEach} />
    </Form.Item>
  );
}
