import { Form, Input, Select } from 'antd';
import { strings } from '../../strings';
import type { UpstreamEntry } from '../model';
import { NumberField } from '../../components/NumberField';
import { OptionalPart } from './OptionalPart';
import { Section } from '../../components/Section';

const words = strings.upstreams;
const TYPES = ['http', 'https', 'tcp', 'grpc'].map((value) => ({ value, label: words.checkTypes[value as keyof typeof words.checkTypes] }));

/** Health checks: probes, and beside them, when asked for, the judgement of real requests. */
export function ChecksSection() {
  const form = Form.useFormInstance<UpstreamEntry>();
  const active = Form.useWatch('checks', { form, preserve: true })?.active;
  const type = active?.type ?? 'http';
  const byHttp = type === 'http' || type === 'https';

  return (
    <Section title={words.checks} about={words.checksAbout}>
      {/* Without active checks there are none: the switch is that of all. */}
      <OptionalPart id="checks-active" label={words.active} hint={words.activeHint} at={['checks']} start={{ active: { type: 'http', http_path: '/', healthy: {}, unhealthy: {} } }}>
        <div className="field-row">
          <Form.Item name={['checks', 'active', 'type']} label={words.fields.checkType}>
            <Select options={TYPES} placeholder={words.checkTypes.http} />
          </Form.Item>
          {byHttp && (
            <Form.Item name={['checks', 'active', 'http_path']} label={words.fields.checkPath}>
              <Input autoComplete="off" placeholder="/" />
            </Form.Item>
          )}
          <NumberField name={['checks', 'active', 'timeout']} label={words.fields.checkTimeout} fallback={1} unit={strings.units.seconds} />
        </div>
        <div className="field-row">
          <NumberField name={['checks', 'active', 'healthy', 'interval']} label={words.fields.intervalHealthy} fallback={1} unit={strings.units.seconds} />
          <NumberField name={['checks', 'active', 'unhealthy', 'interval']} label={words.fields.intervalUnhealthy} fallback={1} unit={strings.units.seconds} />
          <NumberField name={['checks', 'active', 'healthy', 'successes']} label={words.fields.successes} fallback={2} />
        </div>
        <div className="field-row">
          {type !== 'tcp' && <NumberField name={['checks', 'active', 'unhealthy', 'http_failures']} label={words.fields.httpFailures} fallback={5} />}
          <NumberField name={['checks', 'active', 'unhealthy', 'tcp_failures']} label={words.fields.tcpFailures} fallback={2} />
          <NumberField name={['checks', 'active', 'unhealthy', 'timeouts']} label={words.fields.timeouts} fallback={3} />
        </div>
        <OptionalPart id="checks-passive" label={words.passive} hint={words.passiveHint} at={['checks', 'passive']} start={{ type: 'http', healthy: {}, unhealthy: {} }}>
          <div className="field-row">
            <NumberField name={['checks', 'passive', 'unhealthy', 'http_failures']} label={words.fields.httpFailures} fallback={5} />
            <NumberField name={['checks', 'passive', 'unhealthy', 'tcp_failures']} label={words.fields.tcpFailures} fallback={2} />
            <NumberField name={['checks', 'passive', 'unhealthy', 'timeouts']} label={words.fields.timeouts} fallback={7} />
          </div>
        </OptionalPart>
      </OptionalPart>
      {active === undefined && <p className="secondary">{words.passiveAlone}</p>}
    </Section>
  );
}
