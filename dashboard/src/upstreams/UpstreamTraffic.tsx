import { strings } from '../strings';
import { FailureRate } from './FailureRate';
import type { Scope } from '../objects/scope';
import { useNodeRates } from './traffic';

/** What an upstream gets a second over all of its nodes. */
export function UpstreamTraffic({ scope, id }: { scope: Scope; id: string }) {
  const { sum } = useNodeRates(scope, id);
  if (!sum) return null;
  return (
    <span className="figures">
      <span className="numbers">{strings.rateOf(sum.requests)}</span>
      <FailureRate rate={sum} unit={strings.traffic.failuresUnit} />
    </span>
  );
}
