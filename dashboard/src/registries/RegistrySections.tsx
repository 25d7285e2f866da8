import { Alert, Form, Select } from 'antd';
import { IdentityFields } from '../components/IdentityFields';
import { Section } from '../components/Section';
import { TwoLines } from '../components/TwoLines';
import { strings } from '../strings';
import { FieldControl } from './FieldControl';
import { FIELDS, TESTS, type TypeFields } from './fields';
import { TYPES, type RegistryEntry } from './model';
import { TestConnection } from './TestConnection';

const words = strings.registries;
const TYPE_OPTIONS = TYPES.map((value) => ({ value, label: words.types[value].name, does: words.types[value].does }));
const PARTS = [
  ['connection', words.connection, words.connectionAbout],
  ['asking', words.asking, words.askingAbout],
  ['instances', words.instances, words.instancesAbout],
  ['tls', words.tls, words.tlsAbout],
] as const satisfies [keyof TypeFields, string, string][];

/** The sections of a registry's form: its type first, then what that type takes. */
export function RegistrySections({ isNew = false }: { isNew?: boolean }) {
  const form = Form.useFormInstance<RegistryEntry>();
  const type = Form.useWatch('type', { form, preserve: true });
  const isList = Array.isArray(form.getFieldValue('kubernetes_config')) && type === 'kubernetes';
  return (
    <>
      <Section title={words.typeTitle} about={words.typeAbout}>
        <Form.Item name="type" label={words.type} extra={type && words.types[type]?.does} rules={[{ required: true, message: words.typeMissing }]}>
          <Select
            options={TYPE_OPTIONS}
            optionRender={({ data }) => <TwoLines first={data.label} second={data.does} />}
          />
        </Form.Item>
      </Section>
      <Section title={words.general} about={words.generalAbout}>
        <IdentityFields isNew={isNew} nameMax={1024} />
      </Section>
      {isList && <Alert type="info" showIcon title={words.several} className="form-alert" />}
      {type !== undefined &&
        PARTS.map(([part, title, about]) => {
          const fields = isList ? [] : FIELDS[type][part];
          return (
            (fields.length > 0 || part === 'asking') && (
              <Section key={type + part} title={title} about={about}>
                <div className="field-row">
                  {fields.map((field) => (
                    <FieldControl key={field.at} config={`${type}_config`} field={field} />
                  ))}
                  {part === 'asking' && TESTS.map((field) => <FieldControl key={field.at} config="health_check" field={field} />)}
                </div>
              </Section>
            )
          );
        })}
      {type !== undefined && <TestConnection />}
    </>
  );
}
