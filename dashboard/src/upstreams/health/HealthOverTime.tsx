import { Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { EmptyState } from '../../components/EmptyState';
import { ErrorPanel } from '../../components/ErrorPanel';
import type { Scope } from '../../objects/scope';
import { strings } from '../../strings';
import { useUpstreamTimeline } from '../queries';
import { HealthBars } from './HealthBars';
import { HealthTable } from './HealthTable';
import { toHistories } from './history';

/** Nodes that have a bar; of more, those that changed last. */
const NODES_MAX = 20;

/** What the nodes of an upstream were over time: those that were not up all the time. */
export function HealthOverTime({ scope, id }: { scope: Scope; id: string }) {
  const [span, setSpan] = useState('3600');
  const [form, setForm] = useState<'chart' | 'table'>('chart');
  const words = strings.health;
  return (
    <section aria-labelledby="health" className="block">
      <div className="block-header">
        <h2 id="health">{words.title}</h2>
        <div className="figures">
          <Segmented aria-label={words.span} size="small" value={span} onChange={setSpan} options={Object.entries(words.spans).map(([value, label]) => ({ value, label }))} />
          <Segmented aria-label={words.form} size="small" value={form} onChange={setForm} options={[{ value: 'chart', label: words.chart }, { value: 'table', label: words.table }]} />
        </div>
      </div>
      <Histories scope={scope} id={id} spanMs={Number(span) * 1_000} form={form} />
    </section>
  );
}

function Histories({ scope, id, spanMs, form }: { scope: Scope; id: string; spanMs: number; form: 'chart' | 'table' }) {
  const timeline = useUpstreamTimeline(scope, id);
  const words = strings.health;
  if (timeline.error && !timeline.data) return <ErrorPanel error={timeline.error} retry={() => void timeline.refetch()} />;
  if (!timeline.data) return <Skeleton active className="panel" />;
  const to = timeline.dataUpdatedAt;
  const histories = toHistories(timeline.data, to - spanMs, to);
  const shown = histories.slice(0, NODES_MAX);
  const { total, timeline: told, unknown } = timeline.data;
  const notes = [
    histories.length > shown.length && words.more(histories.length - shown.length),
    total > told.length && words.cut(told.length, total),
    unknown !== undefined && unknown.length > 0 && strings.timeline.unknown(unknown.join(', ')),
  ].filter((note) => note !== false);
  return (
    <>
      {shown.length === 0 ? (
        <div className="health-quiet">
          <EmptyState title={words.quiet} hint={words.quietHint} />
        </div>
      ) : form === 'chart' ? (
        <HealthBars histories={shown} from={to - spanMs} to={to} />
      ) : (
        <HealthTable histories={shown} to={to} />
      )}
      {notes.length > 0 && <p className="secondary">{notes.join(' ')}</p>}
    </>
  );
}
