import { Form, Input, InputNumber, Select } from 'antd';
import type { ReactNode } from 'react';
import { strings } from '../strings';
import type { Field } from './fields';
import { MapField } from '../components/MapField';
import type { RegistryEntry } from './model';
import { PemField } from './PemField';
import { SecretField } from '../components/SecretField';

const words = strings.registries;
const YES_NO = [
  { value: true, label: words.yes },
  { value: false, label: words.no },
];
const HEADERS = { name: words.headerName, value: words.headerValue, add: words.addHeader, remove: words.removeHeader };

/** A field of a registry's settings. `config`: the member that has them. */
export function FieldControl({ config, field }: { config: string; field: Field }) {
  const form = Form.useFormInstance<RegistryEntry>();
  const other = field.alias === undefined ? undefined : [config, ...field.alias.split('.')];
  const name = other && form.getFieldValue(other) !== undefined ? other : [config, ...field.at.split('.')];
  const isLong = field.kind === 'texts' || field.kind === 'headers' || field.kind === 'pem' || field.kind === 'choices';
  return (
    <Form.Item
      name={name}
      label={words.fields[field.label]}
      extra={field.hint === undefined ? field.kind === 'texts' ? strings.common.confirmEach : field.kind === 'pem' ? words.pemHint : undefined : words.hints[field.hint]}
      className={isLong ? 'field-long' : field.kind === 'secret' ? 'field-wide' : undefined}
    >
      {control(field)}
    </Form.Item>
  );
}

function control(field: Field): ReactNode {
  const placeholder = field.fallback === undefined ? undefined : typeof field.fallback === 'boolean' ? (field.fallback ? words.yes : words.no) : String(field.fallback);
  switch (field.kind) {
    case 'text':
      return <Input autoComplete="off" placeholder={placeholder} />;
    case 'number':
      return <InputNumber className="number-field" min={field.min ?? 0} suffix={field.unit} placeholder={placeholder} />;
    case 'flag':
      return <Select allowClear options={YES_NO} placeholder={placeholder} />;
    case 'choice':
      return <Select allowClear options={(field.options ?? []).map((value) => ({ value, label: value }))} placeholder={placeholder} />;
    case 'choices':
      return <Select mode="multiple" allowClear options={(field.options ?? []).map((value) => ({ value, label: value }))} placeholder={placeholder} />;
    case 'texts':
      return <Select mode="tags" open={false} suffixIcon={null} tokenSeparators={[',', ' ']} />;
    case 'secret':
      return <SecretField label={words.fields[field.label]} />;
    case 'headers':
      return <MapField label={words.fields[field.label]} words={HEADERS} isSecret />;
    case 'pem':
      return <PemField />;
  }
}
