import { strings } from '../../strings';
import { NumberField } from '../../components/NumberField';
import { Section } from '../../components/Section';

const words = strings.upstreams;

/** What happens when a try fails. */
export function RetriesSection() {
  return (
    <Section title={words.retries} about={words.retriesAbout}>
      <div className="field-row">
        <NumberField name={['retries']} label={words.fields.retries} fallback={words.retriesDefault} hint={words.retriesHint} />
        <NumberField name={['retry_timeout']} label={words.fields.retryTimeout} fallback={words.noLimit} unit={strings.units.seconds} hint={words.retryTimeoutHint} />
      </div>
    </Section>
  );
}
