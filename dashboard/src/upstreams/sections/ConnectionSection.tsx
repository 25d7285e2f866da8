import { Form, Input, Select } from 'antd';
import { strings } from '../../strings';
import type { UpstreamEntry } from '../model';
import { NumberField } from '../../components/NumberField';
import { Section } from '../../components/Section';

const words = strings.upstreams;
const SCHEMES = ['http', 'https'].map((value) => ({ value, label: value }));
const PASS_HOST = Object.entries(words.passHost).map(([value, label]) => ({ value, label }));

/** How the nodes are talked to. */
export function ConnectionSection() {
  const form = Form.useFormInstance<UpstreamEntry>();
  const passHost = Form.useWatch('pass_host', form);
  return (
    <Section title={words.connection} about={words.connectionAbout}>
      <div className="field-row">
        <Form.Item name="scheme" label={words.fields.scheme}>
          <Select placeholder="http" options={SCHEMES} />
        </Form.Item>
        <Form.Item name="pass_host" label={words.fields.passHost}>
          <Select placeholder={words.passHost.pass} options={PASS_HOST} />
        </Form.Item>
        {passHost === 'rewrite' && (
          <Form.Item name="upstream_host" label={words.fields.upstreamHost}>
            <Input autoComplete="off" />
          </Form.Item>
        )}
      </div>
      <div className="field-row">
        <NumberField name={['timeout', 'connect']} label={words.fields.connect} fallback={60} unit={strings.units.seconds} />
        <NumberField name={['timeout', 'send']} label={words.fields.send} fallback={60} unit={strings.units.seconds} />
        <NumberField name={['timeout', 'read']} label={words.fields.read} fallback={60} unit={strings.units.seconds} />
      </div>
      <div className="field-row">
        <NumberField name={['keepalive_pool', 'size']} label={words.fields.poolSize} fallback={320} />
        <NumberField name={['keepalive_pool', 'idle_timeout']} label={words.fields.poolIdle} fallback={60} unit={strings.units.seconds} />
        <NumberField name={['keepalive_pool', 'requests']} label={words.fields.poolRequests} fallback={1000} />
      </div>
    </Section>
  );
}
