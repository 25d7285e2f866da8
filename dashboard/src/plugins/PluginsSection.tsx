import { Form } from 'antd';
import { Section } from '../components/Section';
import { strings } from '../strings';
import { PluginsField } from './PluginsField';
import type { PluginScope } from './queries';

/** The section of a form that edits its member `plugins`. */
export function PluginsSection({ scope, about = strings.plugins.about }: { scope: PluginScope; about?: string }) {
  return (
    <Section title={strings.plugins.title} about={about}>
      {/* The rule holds always: it is there so that an edit takes back what the server said of the one before. */}
      <Form.Item name="plugins" noStyle rules={[{ validator: () => Promise.resolve() }]}>
        <PluginsField scope={scope} />
      </Form.Item>
    </Section>
  );
}
