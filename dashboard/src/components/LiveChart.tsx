import { lazy, Suspense, useMemo, useState } from 'react';
import { strings } from '../strings';
import type { Line } from './LiveCanvas';
import { SAMPLES_KEPT } from './useSamples';

const LiveCanvas = lazy(() => import('./LiveCanvas'));

/** What a line of a chart is of. */
export interface LiveSeries {
  label: string;
  /** One for each time; null = not known. */
  values: (number | null)[];
  /** What one does not want, in the colour of that. */
  bad?: boolean;
}

interface LiveChartProps {
  title: string;
  /** Seconds of Unix time, rising. */
  times: number[];
  series: LiveSeries[];
  /** A value as it is written; the same function at every call. */
  format: (value: number) => string;
}

const COLOURS = ['--chart-1', '--chart-2', '--chart-3'];
/** Lines differ by more than their colour. */
const DASHES = [[], [6, 4], [2, 3]];

/** Lines of the last minutes, of what the page was told: their names with the newest values, or those that are pointed at. A screen reader is told the newest, least and greatest. */
export function LiveChart({ title, times, series, format }: LiveChartProps) {
  const [pointed, setPointed] = useState<number | null>(null);
  const lines = useMemo(
    () => series.map<Line>(({ values, bad }, index) => ({ values, colour: bad ? '--bad' : COLOURS[index % COLOURS.length]!, dash: DASHES[index % DASHES.length]! })),
    [series],
  );
  const at = pointed !== null && pointed < times.length ? pointed : times.length - 1;
  const minutes = SAMPLES_KEPT / 60_000;
  return (
    <div className="live-chart">
      <div className="live-chart-head">
        <h3>{title}</h3>
        <ul className="legend" aria-hidden>
          {series.map(({ label, values }, index) => (
            <li key={label}>
              <svg width="22" height="8">
                <line x1="0" x2="22" y1="4" y2="4" strokeWidth="2" strokeDasharray={lines[index]!.dash.join(' ')} stroke={`var(${lines[index]!.colour})`} />
              </svg>
              {series.length > 1 && label} <strong className="numbers">{toText(values[at], format)}</strong>
            </li>
          ))}
        </ul>
      </div>
      <div role="img" aria-label={strings.charts.summary(title, minutes, series.map((one) => summaryOf(one, format)))}>
        <Suspense fallback={<div className="live-canvas" />}>
          <LiveCanvas times={times} lines={lines} span={SAMPLES_KEPT / 1_000} format={format} onPoint={setPointed} />
        </Suspense>
      </div>
    </div>
  );
}

const toText = (value: number | null | undefined, format: (value: number) => string) => (value === null || value === undefined ? strings.common.none : format(value));

function summaryOf({ label, values }: LiveSeries, format: (value: number) => string): string {
  const known = values.filter((value) => value !== null);
  if (known.length === 0) return strings.charts.seriesEmpty(label);
  return strings.charts.seriesSummary(label, toText(values.at(-1), format), format(Math.min(...known)), format(Math.max(...known)));
}
