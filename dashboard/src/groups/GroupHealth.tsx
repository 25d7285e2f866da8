import { StateText, type Tone } from '../components/StateText';
import { strings } from '../strings';
import { useConvergence, type Instance } from './queries';

/** How good a status of an instance is. */
export const INSTANCE_TONES: Record<Instance['status'], Tone> = { healthy: 'good', out_of_sync: 'warning', lost_connection: 'bad', offline: 'off' };

/** How many instances a group has, and which are not well. */
export function GroupHealth({ group }: { group: string }) {
  const { data, error } = useConvergence(group);
  if (error) return <StateText tone="unknown">{error.message}</StateText>;
  if (!data) return <span className="placeholder" />;
  if (data.instances.length === 0) return <StateText tone="off">{strings.groups.noInstances}</StateText>;
  const counts = new Map<string, number>();
  for (const { status } of data.instances) counts.set(status, (counts.get(status) ?? 0) + 1);
  const statuses = Object.keys(INSTANCE_TONES) as Instance['status'][];
  return (
    <span className="states">
      {statuses
        .filter((status) => counts.has(status))
        .map((status) => (
          <StateText key={status} tone={INSTANCE_TONES[status]}>
            {counts.get(status)} {strings.instances.status[status].toLowerCase()}
          </StateText>
        ))}
    </span>
  );
}

/** Whether all instances of a group run its newest revision. */
export function GroupProgress({ group, interval }: { group: string; interval?: number }) {
  const { data } = useConvergence(group, interval);
  if (!data) return <span className="placeholder" />;
  if (data.total === 0) return <span className="secondary">{strings.groups.nobodyRuns}</span>;
  return <StateText tone={data.complete ? 'good' : 'warning'}>{strings.groups.running(data.text, data.revision)}</StateText>;
}
