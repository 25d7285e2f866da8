import { Form, Input } from 'antd';
import type { ReactNode } from 'react';
import { LabelsField } from '../components/LabelsField';
import { Section } from '../components/Section';
import { strings } from '../strings';

interface GeneralSectionProps {
  /** Whether it may still be given an id. */
  isNew: boolean;
  /** What else is said of it as a whole. */
  children?: ReactNode;
}

/** What an object is called and said to be: the same of every kind. */
export function GeneralSection({ isNew, children }: GeneralSectionProps) {
  const words = strings.general;
  return (
    <Section title={words.title} about={words.about}>
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
      <LabelsField />
      {children}
    </Section>
  );
}
