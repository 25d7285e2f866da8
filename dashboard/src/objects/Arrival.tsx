import { useQuery } from '@tanstack/react-query';
import { App } from 'antd';
import { useCallback, useEffect } from 'react';
import { answer, api, type Schemas } from '../api/client';
import { LIVE } from '../api/live';
import { strings } from '../strings';

/** How far the gateway instances of a group have come with a revision. */
type Convergence = Schemas['convergence'];

/** Asks a write to wait, in milliseconds, until every gateway instance runs it. */
export const UNTIL_IT_RUNS = { wait: 2_000 };

/** Seconds for which it is told that all instances have come. */
const TOLD_FOR = 5;

// Where no buttons of pages stand.
const PLACE = 'bottomRight';

/** Tells of a write that some gateway instances do not run yet, until they do. Nothing is told of one that all run. */
export function useArrival(group: string): (written: unknown) => void {
  const { notification } = App.useApp();
  return useCallback(
    (written) => {
      const first = hasConvergence(written) ? written.convergence : undefined;
      if (first === undefined || first.complete) return;
      const key = `arrival ${group}`;
      const arrived = () => notification.success({ key, title: strings.arrival.everywhere(first.revision), duration: TOLD_FOR, placement: PLACE });
      notification.warning({ key, title: strings.arrival.notYet, description: <Arrival group={group} first={first} onArrived={arrived} />, duration: false, placement: PLACE });
    },
    [group, notification],
  );
}

const hasConvergence = (written: unknown): written is { convergence: Convergence } => typeof written === 'object' && written !== null && 'convergence' in written;

function Arrival({ group, first, onArrived }: { group: string; first: Convergence; onArrived: () => void }) {
  const { data } = useQuery({
    queryKey: ['arrival', group, first.revision],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/revisions/{revision}/convergence', { params: { path: { group, revision: String(first.revision) } } })),
    initialData: first,
    // What cannot be asked stays as it was told.
    refetchInterval: ({ state }) => (state.data?.complete || state.error ? false : LIVE),
    retry: false,
  });
  useEffect(() => {
    if (data.complete) onArrived();
  }, [data.complete, onArrived]);
  return strings.arrival.running(data.text);
}
