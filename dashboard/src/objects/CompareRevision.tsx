import { Modal, Skeleton } from 'antd';
import { DifferenceList } from '../components/DifferenceList';
import { ErrorPanel } from '../components/ErrorPanel';
import { strings } from '../strings';
import { useComparison } from './history';
import type { KindName } from './kinds';
import type { Scope } from './scope';

interface CompareRevisionProps {
  kind: KindName;
  scope: Scope;
  id: string;
  from: number;
  to: number;
  onClose: () => void;
}

/** What differs now from what an object was after a revision. */
export function CompareRevision({ kind, scope, id, from, to, onClose }: CompareRevisionProps) {
  const { data, error, refetch } = useComparison(kind, scope, id, from, to);
  return (
    <Modal open width={760} title={strings.history.compareTitle(from)} okText={strings.common.close} cancelButtonProps={{ hidden: true }} onOk={onClose} onCancel={onClose}>
      {error ? (
        <ErrorPanel error={error} retry={() => void refetch()} />
      ) : !data ? (
        <Skeleton active />
      ) : data.difference.length === 0 ? (
        <p>{strings.history.same}</p>
      ) : (
        <DifferenceList differences={data.difference} />
      )}
    </Modal>
  );
}
