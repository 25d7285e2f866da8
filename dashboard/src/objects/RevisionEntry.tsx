import { Button } from 'antd';
import { DifferenceList } from '../components/DifferenceList';
import { TimeText } from '../components/TimeText';
import { strings } from '../strings';
import type { Change } from './history';

interface RevisionEntryProps {
  change: Change;
  /** Whether the object is as this change left it. */
  isNow: boolean;
  busy: boolean;
  onCompare: () => void;
  /** Only for who may write, and of what is there. */
  onRestore?: () => void;
}

/** One change of an object: who, when, from where, why, what; and what can be done with it. */
export function RevisionEntry({ change, isNow, busy, onCompare, onRestore }: RevisionEntryProps) {
  const words = strings.history;
  const left = change.change !== 'deleted' && change.change !== 'expired';
  return (
    <li className="panel panel-padded revision" aria-label={words.revision(change.revision)}>
      <div className="revision-head">
        <div>
          <strong className="numbers">{words.revision(change.revision)}</strong> {words.did(words.changes[change.change], change.who)} <TimeText at={change.time} />
          <div className="secondary wrap">{[new Date(change.time * 1_000).toLocaleString(), words.from(change.where), change.why].join(' · ')}</div>
        </div>
        <div className="choices">
          {isNow ? (
            <span className="secondary">{words.now}</span>
          ) : (
            left && (
              <>
                <Button size="small" onClick={onCompare}>
                  {words.compare}
                </Button>
                {onRestore && (
                  <Button size="small" loading={busy} onClick={onRestore}>
                    {words.restore}
                  </Button>
                )}
              </>
            )
          )}
        </div>
      </div>
      {change.difference.length === 0 ? <span className="secondary">{words.nothing}</span> : <DifferenceList differences={change.difference} />}
    </li>
  );
}
