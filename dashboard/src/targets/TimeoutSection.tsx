import { NumberField } from '../components/NumberField';
import { Section } from '../components/Section';
import { strings } from '../strings';

const words = strings.targets;

/** How long a route waits for its upstream, if not as long as the upstream says. */
export function TimeoutSection() {
  const fields = strings.upstreams.fields;
  return (
    <Section title={words.timeouts} about={words.timeoutsAbout}>
      <div className="field-row">
        <NumberField name={['timeout', 'connect']} label={fields.connect} fallback={words.timeoutFallback} unit={strings.units.seconds} />
        <NumberField name={['timeout', 'send']} label={fields.send} fallback={words.timeoutFallback} unit={strings.units.seconds} />
        <NumberField name={['timeout', 'read']} label={fields.read} fallback={words.timeoutFallback} unit={strings.units.seconds} />
      </div>
    </Section>
  );
}
