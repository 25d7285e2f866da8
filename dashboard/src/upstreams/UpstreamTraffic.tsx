import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { FailureRate } from './FailureRate';
import { useUpstreamRates } from './traffic';

/** What an upstream gets a second, and how long its answers take: figures of a row. */
export function UpstreamTraffic({ scope, id }: { scope: Scope; id: string }) {
  const rate = useUpstreamRates(scope, [id]).of(id);
  if (!rate) return null;
  return (
    <>
      <span className="numbers">{strings.rateOf(rate.requests)}</span>
      <FailureRate rate={rate} unit={strings.traffic.failuresUnit} />
      {rate.latency && (
        <>
          <span className="numbers wide-only" title={strings.charts.latencyHint}>
            {strings.charts.p50Of(strings.milliseconds(rate.latency.p50))}
          </span>
          <span className="numbers" title={strings.charts.latencyHint}>
            {strings.charts.p99Of(strings.milliseconds(rate.latency.p99))}
          </span>
        </>
      )}
    </>
  );
}
