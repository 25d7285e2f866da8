import type { ReactNode } from 'react';
import { IdentityFields } from '../components/IdentityFields';
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
      <IdentityFields isNew={isNew} />
      <LabelsField />
      {children}
    </Section>
  );
}
