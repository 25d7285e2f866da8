import { useEffect, useRef } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';
import { useTheme } from '../theme/ThemeContext';

/** A line as it is drawn. */
export interface Line {
  /** One for each time; null = not known, the line is broken there. */
  values: (number | null)[];
  /** Name of the variable of the style sheet that has its colour. */
  colour: string;
  /** Lengths of dashes and gaps; none = a whole line. */
  dash: number[];
}

interface LiveCanvasProps {
  /** Seconds of Unix time, rising. */
  times: number[];
  lines: Line[];
  /** Seconds that are shown at most, up to the last of the times. */
  span: number;
  format: (value: number) => string;
  /** The point that is pointed at; null = none. */
  onPoint: (index: number | null) => void;
}

const HEIGHT = 140;
/** What the axis goes up to at least: what is next to nothing looks so. */
const LEAST = 1;
/** Seconds that are shown at least: the first samples would else be a point at the edge. */
const SPAN_MIN = 60;
const FONT = '12px system-ui, sans-serif';

/** What uPlot draws of a chart. Loaded when a chart is shown first: it is most of the code of charts. */
export default function LiveCanvas({ times, lines, span, format, onPoint }: LiveCanvasProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const point = useRef(onPoint);
  const { dark } = useTheme();
  const strokes = lines.map(({ colour, dash }) => `${colour}/${dash.join()}`).join(' ');

  useEffect(() => {
    point.current = onPoint;
  }, [onPoint]);

  useEffect(() => {
    const target = place.current!;
    // A canvas knows nothing of style sheets.
    const colour = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
    const axis: uPlot.Axis = { stroke: colour('--secondary'), font: FONT, grid: { stroke: colour('--line'), width: 1 }, ticks: { show: false } };
    const made = new uPlot(
      {
        width: target.clientWidth,
        height: HEIGHT,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, drag: { x: false, y: false }, sync: { key: 'live', setSeries: false } },
        scales: {
          x: { time: true, range: (self) => toSpan(self.data[0], span) },
          y: { range: (_, __, most) => [0, Math.max(most * 1.1, LEAST)] },
        },
        axes: [
          { ...axis, size: 28, space: 80, incrs: [15, 30, 60, 120, 300], values: (_, splits) => splits.map((split) => new Date(split * 1_000).toLocaleTimeString([], { hour12: false })) },
          { ...axis, size: 56, space: 36, values: (_, splits) => splits.map(format) },
        ],
        series: [{}, ...strokes.split(' ').map((stroke) => toSeries(stroke, colour))],
        hooks: { setCursor: [({ cursor }) => point.current(cursor.idx ?? null)] },
      },
      undefined,
      target,
    );
    plot.current = made;
    const resizing = new ResizeObserver(() => made.setSize({ width: target.clientWidth, height: HEIGHT }));
    resizing.observe(target);
    return () => {
      resizing.disconnect();
      made.destroy();
    };
  }, [strokes, span, format, dark]);

  useEffect(() => plot.current?.setData([times, ...lines.map(({ values }) => values)]), [times, lines, strokes, span, format, dark]);

  return <div ref={place} className="live-canvas" />;
}

function toSpan(times: ArrayLike<number>, span: number): uPlot.Range.MinMax {
  const end = times[times.length - 1] ?? Date.now() / 1_000;
  return [Math.max(end - span, Math.min(times[0] ?? end, end - SPAN_MIN)), end];
}

/** Indexes of values without a neighbour: no line leads to them. */
const alone = (values: ArrayLike<number | null | undefined>) => Array.from(values, (_, index) => index).filter((index) => values[index] != null && values[index - 1] == null && values[index + 1] == null);

function toSeries(stroke: string, colour: (name: string) => string): uPlot.Series {
  const [name, dash] = stroke.split('/');
  return { stroke: colour(name!), width: 2, ...(dash && { dash: dash.split(',').map(Number) }), points: { show: true, size: 5, filter: (self, index) => alone(self.data[index]!) } };
}
