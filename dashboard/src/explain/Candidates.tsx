import { Table, type TableColumnsType } from 'antd';
import { EmptyState } from '../components/EmptyState';
import { StateText, type Tone } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { TwoLines } from '../components/TwoLines';
import { strings } from '../strings';
import type { Candidate, ExplainedUpstream } from './queries';

const TONES: Record<Candidate['standing'], Tone> = { in_use: 'good', reserve: 'off', left_out: 'bad' };
const ORDER: Candidate['standing'][] = ['in_use', 'reserve', 'left_out'];

/** Every node of the upstream as the pick finds it: those that take part first. */
export function Candidates({ upstream: { candidates, picks, uses_unusable } }: { upstream: ExplainedUpstream }) {
  const words = strings.explain;
  const columns: TableColumnsType<Candidate> = [
    { title: strings.nodes.node, dataIndex: 'node', className: 'address numbers wrap' },
    { title: strings.nodes.stateTitle, key: 'standing', className: 'node-state', render: (_, candidate) => <Standing candidate={candidate} usesUnusable={uses_unusable} /> },
    { title: strings.nodes.weight, dataIndex: 'weight', width: 80, align: 'right', className: 'numbers' },
    { title: strings.nodes.priority, dataIndex: 'priority', width: 80, align: 'right', className: 'numbers', hidden: candidates.every(({ priority }) => priority === 0) },
    { title: strings.nodes.inFlight, key: 'in_flight', width: 120, align: 'right', className: 'numbers', render: (_, { in_flight, permits_free }) => <TwoLines first={in_flight} second={permits_free !== undefined && strings.explain.permitsFree(permits_free)} /> },
    { title: words.score, key: 'score', width: 100, align: 'right', className: 'numbers', hidden: candidates.every(({ score }) => score === null), render: (_, { score }) => (score === null ? strings.common.none : scoreText(score)) },
    { title: words.pickColumn, key: 'pick', width: 90, align: 'right', className: 'numbers', render: (_, { node }) => triesAt(picks, node) },
  ];
  if (candidates.length === 0) return <EmptyState title={words.noNodes} hint={strings.nodes.emptyHint} />;
  return (
    <Table
      rowKey="node"
      size="small"
      columns={columns}
      dataSource={[...candidates].sort((a, b) => ORDER.indexOf(a.standing) - ORDER.indexOf(b.standing))}
      className="panel"
      pagination={{ pageSize: 50, showSizeChanger: false, hideOnSinglePage: true, showTotal: (total, [from, to]) => strings.common.range(from, to, total) }}
    />
  );
}

/** A score, short enough to compare. */
export const scoreText = (score: number) => score.toLocaleString('en', { maximumSignificantDigits: 4 });

/** Which tries go to a node: 1, 3. */
const triesAt = (picks: string[], node: string) => picks.flatMap((pick, index) => (pick === node ? [index + 1] : [])).join(', ') || strings.common.none;

function Standing({ candidate: { standing, exclusions, forced_up }, usesUnusable }: { candidate: Candidate; usesUnusable: boolean }) {
  const words = strings.explain;
  const isWithdrawn = exclusions.some(({ why }) => why === 'draining' || why === 'forced_down');
  const allTheSame = standing !== 'left_out' && exclusions.length > 0;
  return (
    <div className="name-and-id">
      <StateText tone={allTheSame ? 'warning' : isWithdrawn ? 'off' : TONES[standing]}>
        {words.standing[standing]}
        {allTheSame && usesUnusable && `, ${words.usedAllTheSame}`}
        {forced_up && `, ${strings.nodes.state.forcedUp.toLowerCase()}`}
      </StateText>
      {standing === 'reserve' && <span className="secondary">{words.reserveHint}</span>}
      {exclusions.map(({ why, since }) => (
        <span key={why} className="secondary">
          {words.exclusions[why]}
          {since && (
            <>
              {`: ${since.reason} `}
              <TimeText at={since.at} />
            </>
          )}
        </span>
      ))}
    </div>
  );
}
