import { Form, Input } from 'antd';
import { strings } from '../../strings';
import { Section } from './Section';

/** What an upstream is called. */
export function GeneralSection({ isNew }: { isNew: boolean }) {
  return (
    <Section id="general" title={strings.upstreams.general} about={strings.upstreams.generalAbout}>
      <Form.Item name="name" label={strings.common.name}>
        <Input autoComplete="off" maxLength={256} />
      </Form.Item>
      {isNew && (
        <Form.Item name="id" label={strings.common.id} extra={strings.common.idHint}>
          <Input autoComplete="off" maxLength={64} />
        </Form.Item>
      )}
      <Form.Item name="desc" label={strings.common.description}>
        <Input.TextArea rows={2} maxLength={256} />
      </Form.Item>
    </Section>
  );
}
