import { strings } from '../../strings';
import { NumberField } from '../../components/NumberField';
import { OptionalPart } from './OptionalPart';
import { Section } from '../../components/Section';

const words = strings.upstreams.overload;
const { percent, seconds } = strings.units;

/** What keeps nodes from getting more than they can bear. */
export function OverloadSection() {
  return (
    <Section title={words.title} about={words.about}>
      <div className="field-row">
        <NumberField name={['max_requests']} label={words.maxRequests} fallback={words.noLimit} hint={words.maxRequestsHint} min={1} />
      </div>
      <OptionalPart id="queue" label={words.queue} hint={words.queueHint} at={['queue']} start={{ size: 100 }}>
        <div className="field-row">
          <NumberField name={['queue', 'size']} label={words.queueSize} min={1} />
          <NumberField name={['queue', 'timeout']} label={words.queueTimeout} fallback={60} unit={seconds} />
        </div>
      </OptionalPart>
      <OptionalPart id="slow-start" label={words.slowStart} hint={words.slowStartHint} at={['warm_up_conf']} start={{ slow_start_time_seconds: 30, min_weight_percent: 10 }}>
        <div className="field-row">
          <NumberField name={['warm_up_conf', 'slow_start_time_seconds']} label={words.slowStartTime} unit={seconds} min={1} />
          <NumberField name={['warm_up_conf', 'min_weight_percent']} label={words.slowStartLeast} unit={percent} min={1} />
        </div>
      </OptionalPart>
      <OptionalPart id="circuit-breaker" label={words.breaker} hint={words.breakerHint} at={['circuit_breaker']} start={{}}>
        <div className="field-row">
          <NumberField name={['circuit_breaker', 'failure_percentage']} label={words.breakerShare} fallback={50} unit={percent} min={1} />
          <NumberField name={['circuit_breaker', 'request_volume']} label={words.breakerVolume} fallback={20} min={1} />
          <NumberField name={['circuit_breaker', 'open_time']} label={words.breakerOpen} fallback={5} unit={seconds} />
        </div>
      </OptionalPart>
    </Section>
  );
}
