import { Alert, Button } from 'antd';
import type { ApiError } from '../api/errors';
import { DifferenceList } from '../components/DifferenceList';
import { strings } from '../strings';

interface ChangedMeanwhileProps {
  /** What the object is. */
  one: string;
  /** The refusal, 412. */
  conflict: ApiError;
  onTakeTheirs: () => void;
  /** `seen`: the tag of what the refusal tells about. */
  onKeepMine: (seen: string) => void;
}

/** Somebody else wrote while one was editing: what they changed, and which of the two is to hold. */
export function ChangedMeanwhile({ one, conflict, onTakeTheirs, onKeepMine }: ChangedMeanwhileProps) {
  const { modifiedIndex, changes, difference } = conflict.body;
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      className="form-alert"
      title={strings.conflict.title(one, changes?.[0]?.who)}
      description={
        <>
          <p>{modifiedIndex === undefined ? strings.conflict.deleted : strings.conflict.what}</p>
          <DifferenceList differences={difference ?? []} />
          <div className="choices">
            <Button onClick={onTakeTheirs}>{strings.conflict.takeTheirs}</Button>
            {modifiedIndex !== undefined && <Button onClick={() => onKeepMine(`"${modifiedIndex}"`)}>{strings.conflict.keepMine}</Button>}
          </div>
        </>
      }
    />
  );
}
