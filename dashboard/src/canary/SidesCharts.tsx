import { useMemo } from 'react';
import { LiveChart, type LiveSeries } from '../components/LiveChart';
import { useSamples } from '../components/useSamples';
import { strings } from '../strings';
import type { Rate } from '../upstreams/traffic';
import type { LiveSide } from './useSides';

/** What each side gets, drawn over the minutes that the page has been open: the new one beside the old one over the same time. */
export function SidesCharts({ sides, at }: { sides?: LiveSide[]; at: number }) {
  const words = strings.canary;
  const isOne = sides?.filter(({ isOwn }) => !isOwn).length === 1;
  const told = sides?.map(({ isOwn, owner, figures }) => ({ label: isOwn ? words.old : isOne ? words.new : words.newOf(owner ?? words.nowhere), figures }));
  const samples = useSamples(told, at);
  const labels = told?.map(({ label }) => label).join('\n') ?? '';
  const { times, requests, failures, latency } = useMemo(() => {
    const of = (figure: (rate: Rate) => number | undefined) =>
      labels.split('\n').map<LiveSeries>((label) => ({
        label,
        values: samples.map(({ value }) => {
          const figures = value?.find((side) => side.label === label)?.figures;
          return (figures && figure(figures)) ?? null;
        }),
      }));
    return {
      times: samples.map((sample) => sample.at / 1_000),
      requests: of((rate) => rate.requests),
      failures: of((rate) => rate.failures),
      latency: of((rate) => rate.latency?.p99),
    };
  }, [samples, labels]);
  return (
    <div className="live-charts sides-charts">
      <div className="live-charts-grid">
        <LiveChart title={strings.traffic.requests} times={times} series={requests} format={strings.rate} />
        <LiveChart title={strings.traffic.failures} times={times} series={failures} format={strings.rate} />
        <LiveChart title={words.slowest} times={times} series={latency} format={strings.milliseconds} />
      </div>
    </div>
  );
}
