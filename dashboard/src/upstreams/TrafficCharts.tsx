import { useMemo } from 'react';
import { LiveChart, type LiveSeries } from '../components/LiveChart';
import { SAMPLES_KEPT, useSamples } from '../components/useSamples';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { useUpstreamRates, type Rate } from './traffic';

/** What an upstream gets, drawn over the minutes that the page has been open. */
export function TrafficCharts({ scope, id }: { scope: Scope; id: string }) {
  const rates = useUpstreamRates(scope, [id]);
  const samples = useSamples(rates.of(id), rates.at);
  const { times, requests, failures, latency } = useMemo(() => {
    const of = (figure: (rate: Rate) => number | undefined) => samples.map(({ value }) => (value && figure(value)) ?? null);
    const words = strings.charts;
    return {
      times: samples.map(({ at }) => at / 1_000),
      requests: [{ label: strings.traffic.requests, values: of((rate) => rate.requests) }] satisfies LiveSeries[],
      failures: [{ label: strings.traffic.failures, values: of((rate) => rate.failures), bad: true }] satisfies LiveSeries[],
      latency: [
        { label: words.p50, values: of((rate) => rate.latency?.p50) },
        { label: words.p99, values: of((rate) => rate.latency?.p99) },
      ] satisfies LiveSeries[],
    };
  }, [samples]);
  return (
    <figure className="live-charts">
      <div className="live-charts-grid">
        <LiveChart title={strings.traffic.requests} times={times} series={requests} format={strings.rate} />
        <LiveChart title={strings.traffic.failures} times={times} series={failures} format={strings.rate} />
        <LiveChart title={strings.charts.latency} times={times} series={latency} format={strings.milliseconds} />
      </div>
      <figcaption className="secondary">
        {strings.charts.caption(SAMPLES_KEPT / 60_000)} {strings.charts.latencyHint}
      </figcaption>
    </figure>
  );
}
