import { Section } from '../components/Section';
import { TextListField } from '../components/TextListField';
import { GeneralSection } from '../objects/GeneralSection';
import { PluginsSection } from '../plugins/PluginsSection';
import { strings } from '../strings';
import { TargetSection } from '../targets/TargetSection';

const words = strings.services;

/** The sections of a service's form. */
export function ServiceSections({ isNew = false }: { isNew?: boolean }) {
  return (
    <>
      <GeneralSection isNew={isNew} />
      <Section title={words.shared} about={words.sharedAbout}>
        <TextListField name="hosts" label={words.hosts} hint={words.hostsHint} placeholder={strings.routes.any} />
      </Section>
      <TargetSection of="service" />
      <PluginsSection scope="service" />
    </>
  );
}
