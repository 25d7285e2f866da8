import { StateText } from '../components/StateText';
import { strings } from '../strings';
import type { Rate } from './traffic';

/** From this share of the requests on, failures are bad rather than worth a look. */
const BAD_SHARE = 0.05;

/** Failures a second, and as soon as there are any, a sign and their share of the requests. `unit`: for where no title of a column says it. */
export function FailureRate({ rate, unit }: { rate?: Rate; unit?: string }) {
  const share = rate && rate.failures > 0 ? rate.failures / Math.max(rate.requests, rate.failures) : 0;
  const figures = (
    <span className="failure-rate numbers">
      <span>{[strings.rate(rate?.failures), unit].filter(Boolean).join(' ')}</span>
      <span className="share">{share > 0 && strings.share(share)}</span>
    </span>
  );
  return share === 0 ? figures : <StateText tone={share < BAD_SHARE ? 'warning' : 'bad'}>{figures}</StateText>;
}
