import { useId } from 'react';
import { strings } from '../../strings';
import type { HealthState, NodeHistory, Period } from './history';
import { periodText, summaryOf } from './words';

/** In the order of the key. */
const STATES: HealthState[] = ['up', 'unhealthy', 'ejected', 'draining', 'forced_down', 'forced_up', 'awaited', 'partial', 'unknown'];

/** Of the width, from which on a letter has room. */
const LETTER_PERCENT = 2.5;

interface HealthBarsProps {
  histories: NodeHistory[];
  from: number;
  to: number;
}

/** A bar for each node: what it was when, told by colour, pattern and letter. */
export function HealthBars({ histories, from, to }: HealthBarsProps) {
  const id = useId();
  const present = new Set(histories.flatMap(({ periods }) => periods.map(({ state }) => state)));
  const span = (to - from) / 1_000;
  return (
    <div className="health panel panel-padded">
      <Patterns id={id} />
      <ul className="legend">
        {STATES.filter((state) => present.has(state)).map((state) => (
          <li key={state}>
            <svg width="22" height="14" aria-hidden>
              <rect width="22" height="14" fill={`url(#${id}-${state})`} className="health-period" />
            </svg>
            {[strings.health.letters[state], strings.health.states[state]].filter(Boolean).join(' ')}
          </li>
        ))}
      </ul>
      <ul className="health-nodes">
        {histories.map((history) => (
          <li key={history.node}>
            <span className="numbers health-node" title={history.node}>
              {history.node}
            </span>
            <svg className="health-bar" role="img" aria-label={summaryOf(history)}>
              {/* What is short lies over its neighbours, where it is at least seen. */}
              {[...history.periods].sort((a, b) => b.to - b.from - (a.to - a.from)).map((period) => (
                <Bar key={period.from} period={period} fill={`url(#${id}-${period.state})`} percent={(at) => (100 * (at - from)) / (to - from)} />
              ))}
            </svg>
          </li>
        ))}
      </ul>
      <div className="health-axis secondary numbers" aria-hidden>
        <span>{strings.health.ago(strings.duration(span))}</span>
        <span>{strings.health.ago(strings.duration(span / 2))}</span>
        <span>{strings.health.now}</span>
      </div>
    </div>
  );
}

function Bar({ period, fill, percent }: { period: Period; fill: string; percent: (at: number) => number }) {
  const [left, width] = [percent(period.from), percent(period.to) - percent(period.from)];
  return (
    <g>
      <title>{periodText(period)}</title>
      <rect height="100%" style={{ x: `min(${left}%, 100% - 3px)`, width: `max(3px, ${width}%)` }} fill={fill} className="health-period" />
      {width >= LETTER_PERCENT && (
        <text x={`${left + width / 2}%`} y="50%" className="health-letter">
          {strings.health.letters[period.state]}
        </text>
      )}
    </g>
  );
}

/** What fills the bars. Each is told from the others without its colour. */
function Patterns({ id }: { id: string }) {
  const marks: Record<HealthState, { ground: string; mark?: string }> = {
    up: { ground: 'ground-good' },
    unhealthy: { ground: 'ground-bad', mark: 'M-2,2 l4,-4 M0,8 l8,-8 M6,10 l4,-4' },
    ejected: { ground: 'ground-bad', mark: 'M0,8 l8,-8 M0,0 l8,8' },
    draining: { ground: 'ground-off', mark: 'M2,2 h2 M6,6 h2' },
    forced_down: { ground: 'ground-off', mark: 'M2,0 v8 M6,0 v8' },
    forced_up: { ground: 'ground-warning', mark: 'M0,2 h8 M0,6 h8' },
    awaited: { ground: 'ground-line', mark: 'M2,2 h2 M6,6 h2' },
    partial: { ground: 'ground-warning', mark: 'M-2,6 l4,4 M0,0 l8,8 M6,-2 l4,4' },
    unknown: { ground: 'ground-none', mark: 'M0,8 l8,-8' },
  };
  return (
    <svg className="visually-hidden" aria-hidden>
      <defs>
        {STATES.map((state) => (
          <pattern key={state} id={`${id}-${state}`} width="8" height="8" patternUnits="userSpaceOnUse">
            <rect width="8" height="8" className={marks[state].ground} />
            {marks[state].mark && <path d={marks[state].mark} className={`health-mark on-${marks[state].ground}`} />}
          </pattern>
        ))}
      </defs>
    </svg>
  );
}
