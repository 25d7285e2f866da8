import { Form, Input, Select } from 'antd';
import { strings } from '../../strings';
import type { UpstreamEntry } from '../model';
import { Section } from '../../components/Section';
import { TwoLines } from '../../components/TwoLines';

const words = strings.upstreams;
const TYPES = Object.entries(words.types).map(([value, { name, does }]) => ({ value, label: name, does }));
const HASH_ON = Object.entries(words.hashOn).map(([value, label]) => ({ value, label }));

/** How a node is picked for a request. */
export function BalancingSection() {
  const form = Form.useFormInstance<UpstreamEntry>();
  const type = Form.useWatch('type', form) ?? 'roundrobin';
  const hashOn = Form.useWatch('hash_on', { form, preserve: true }) ?? 'vars';
  const hashes = type === 'chash' || type === 'maglev';
  return (
    <Section title={words.balancing} about={words.balancingAbout}>
      <Form.Item name="type" label={words.fields.type} extra={words.types[type]?.does}>
        <Select
          placeholder={words.types.roundrobin.name}
          options={TYPES}
          optionRender={({ data }) => <TwoLines first={data.label} second={data.does} />}
        />
      </Form.Item>
      {hashes && (
        <Form.Item name="hash_on" label={words.fields.hashOn}>
          <Select placeholder={words.hashOn.vars} options={HASH_ON} />
        </Form.Item>
      )}
      {hashes && hashOn !== 'consumer' && (
        <Form.Item name="key" label={words.fields.key} extra={words.keyHint[hashOn]}>
          <Input autoComplete="off" />
        </Form.Item>
      )}
    </Section>
  );
}
