import { Form, Input, Select } from 'antd';
import { useScope } from '../objects/scope';
import { PluginsSection } from '../plugins/PluginsSection';
import { strings } from '../strings';
import { Section } from '../components/Section';
import { useConsumerGroups } from './queries';

const words = strings.consumers;

/** The sections of a consumer's form. */
export function ConsumerSections({ isNew = false }: { isNew?: boolean }) {
  const groups = useConsumerGroups(useScope());
  return (
    <>
      <Section title={words.general} about={words.generalAbout}>
        {isNew && (
          <Form.Item name="username" label={words.username} extra={words.usernameHint} rules={[{ required: true, whitespace: true, message: words.usernameMissing }]}>
            <Input autoComplete="off" spellCheck={false} maxLength={256} />
          </Form.Item>
        )}
        <Form.Item name="desc" label={strings.common.description}>
          <Input.TextArea rows={2} maxLength={256} />
        </Form.Item>
        <Form.Item name="group_id" label={words.group} extra={words.groupHint}>
          <Select
            allowClear
            placeholder={strings.common.none}
            notFoundContent={words.noGroups}
            options={groups.data?.map(({ id, name }) => ({ value: id, label: name === undefined ? String(id) : `${name} (${id})` }))}
          />
        </Form.Item>
      </Section>
      <PluginsSection scope="consumer" about={words.pluginsAbout} />
    </>
  );
}
