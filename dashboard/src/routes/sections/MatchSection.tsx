import { Form, InputNumber, Select } from 'antd';
import { Section } from '../../components/Section';
import { TextListField } from '../../components/TextListField';
import { ConditionsField } from '../../conditions/ConditionsField';
import { strings } from '../../strings';

const words = strings.routes.fields;
const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'].map((value) => ({ value, label: value }));

/** Which requests a route takes. */
export function MatchSection() {
  return (
    <Section title={strings.routes.matches} about={strings.routes.matchesAbout}>
      <TextListField name="uris" lone="uri" label={words.uris} hint={words.urisHint} placeholder="/orders/*" missing={words.urisMissing} />
      <Form.Item name="methods" label={words.methods}>
        <Select mode="multiple" allowClear placeholder={words.methodsAll} options={METHODS} />
      </Form.Item>
      <TextListField name="hosts" lone="host" label={words.hosts} hint={words.hostsHint} placeholder={strings.routes.any} />
      <TextListField name="remote_addrs" lone="remote_addr" label={words.remoteAddrs} hint={words.remoteAddrsHint} placeholder={strings.routes.any} />
      <ConditionsField />
      <Form.Item name="priority" label={words.priority} extra={words.priorityHint}>
        <InputNumber className="short-field" precision={0} placeholder="0" />
      </Form.Item>
    </Section>
  );
}
