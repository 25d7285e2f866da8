import { strings } from '../../strings';
import { NumberField } from '../../components/NumberField';
import { OptionalPart } from './OptionalPart';
import { Section } from '../../components/Section';

const words = strings.upstreams.outliers;
const AT = 'outlier_detection';
const { percent, seconds } = strings.units;

/** Nodes that are out for a while because of how their requests ended. */
export function OutlierSection() {
  return (
    <Section title={words.title} about={words.about}>
      <OptionalPart id="outlier-detection" label={words.label} hint={words.hint} at={[AT]} start={{ consecutive_5xx: 5 }}>
        <div className="field-row">
          <NumberField name={[AT, 'consecutive_5xx']} label={words.consecutive} fallback={words.never} min={1} />
          <NumberField name={[AT, 'failure_percentage_threshold']} label={words.share} fallback={words.never} unit={percent} min={1} />
          <NumberField name={[AT, 'latency_factor']} label={words.latency} fallback={words.never} min={1.5} />
        </div>
        <div className="field-row">
          <NumberField name={[AT, 'interval']} label={words.interval} fallback={10} unit={seconds} />
          <NumberField name={[AT, 'base_ejection_time']} label={words.ejection} fallback={30} unit={seconds} />
          <NumberField name={[AT, 'max_ejection_percent']} label={words.most} fallback={50} unit={percent} min={1} />
        </div>
      </OptionalPart>
    </Section>
  );
}
