import { Alert, Drawer, Table, type TableColumnsType } from 'antd';
import { LIVE } from '../api/live';
import { EmptyState } from '../components/EmptyState';
import { StateText } from '../components/StateText';
import { strings } from '../strings';
import { addressOf } from './followedState';
import { HeldAlert } from './HeldAlert';
import { followedName, type Registry } from './model';
import { useFollowedService, useInstances, type DiscoveryArgs, type ServiceInstance } from './queries';

const words = strings.registries.instance;

interface ServiceDrawerProps {
  group: string;
  registry: Registry;
  service: string;
  args?: DiscoveryArgs;
  onClose: () => void;
}

/** The instances of a service, live: those that the registry tells of, and those that are in use. */
export function ServiceDrawer({ group, registry, service, args = {}, onClose }: ServiceDrawerProps) {
  const told = useInstances(group, registry.id, service, args, LIVE);
  const followed = useFollowedService(group, followedName(registry), service, args);
  const inUse = followed.data?.instances;
  const instances = mergeInstances(told.data?.list ?? [], inUse);
  const problems = told.data?.problems ?? [];
  const columns: TableColumnsType<ShownInstance> = [
    { title: words.address, key: 'address', className: 'address numbers', render: (_, instance) => <Address instance={instance} /> },
    { title: words.weight, dataIndex: 'weight', width: 80, align: 'right', className: 'numbers' },
    { title: words.metadata, key: 'metadata', className: 'wrap', render: (_, { metadata = {} }) => <span className="secondary">{Object.entries(metadata).map(([name, value]) => `${name}=${value}`).join(', ') || strings.common.none}</span> },
    { title: words.state, key: 'state', width: 190, render: (_, { state }) => <StateText tone={STATES[state].tone}>{STATES[state].text}</StateText> },
  ];
  return (
    <Drawer open size={680} title={words.title(service)} onClose={onClose}>
      {told.error && <Alert type="error" showIcon role="alert" className="form-alert" title={words.failed} description={told.error.message} />}
      {followed.data && <HeldAlert group={group} service={followed.data} />}
      {problems.length > 0 && (
        <Alert
          type="warning"
          showIcon
          className="form-alert"
          title={words.leftOut}
          description={
            <ul className="problems">
              {problems.map((problem) => (
                <li key={problem}>{problem}</li>
              ))}
            </ul>
          }
        />
      )}
      {told.data && instances.length === 0 ? (
        <EmptyState title={words.none} hint={words.noneHint} />
      ) : (
        <Table rowKey={addressOf} size="small" columns={columns} dataSource={instances} loading={told.isPending} pagination={{ pageSize: 50, showSizeChanger: false, hideOnSinglePage: true }} locale={{ emptyText: <span className="table-space" /> }} />
      )}
    </Drawer>
  );
}

const STATES = {
  told: { tone: 'good', text: words.told },
  inUse: { tone: 'good', text: words.inUse },
  pending: { tone: 'unknown', text: words.pending },
  held: { tone: 'warning', text: words.held },
} as const;

interface ShownInstance extends ServiceInstance {
  state: keyof typeof STATES;
}

/** What the registry tells of and what is in use, each address once. `inUse` undefined: nobody follows the service. */
export function mergeInstances(told: ServiceInstance[], inUse: ServiceInstance[] | undefined): ShownInstance[] {
  if (inUse === undefined) return told.map((instance) => ({ ...instance, state: 'told' }));
  const used = new Set(inUse.map(addressOf));
  return [
    ...inUse.map((instance) => ({ ...instance, state: instance.held ? ('held' as const) : ('inUse' as const) })),
    ...told.filter((instance) => !used.has(addressOf(instance))).map((instance) => ({ ...instance, state: 'pending' as const })),
  ];
}

function Address({ instance }: { instance: ServiceInstance }) {
  return (
    <>
      {addressOf(instance)}
      {instance.port === undefined && <span className="secondary"> {words.standardPort}</span>}
    </>
  );
}
