import type { TableColumnsType } from 'antd';
import { LIVE_ROWS } from '../api/live';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { TwoLines } from '../components/TwoLines';
import { idOf } from '../objects/kinds';
import { ObjectsPage } from '../objects/ObjectsPage';
import { useObjectList } from '../objects/useObjectList';
import { strings } from '../strings';
import { isFixed, registryKind, STATUS_TONES, type Registry } from './model';
import { useConnected } from './queries';

const words = strings.registries;

/** The service registries of a gateway group, each with how it is and how much uses it. */
export function RegistriesPage() {
  const list = useObjectList('service_registries', LIVE_ROWS);
  const columns: TableColumnsType<Registry> = [
    {
      title: words.type,
      key: 'type',
      width: 190,
      render: (_, registry) => <TwoLines first={words.types[registry.type].name} second={isFixed(registry) && words.fromSettings} />,
    },
    { title: words.statusTitle, key: 'status', render: (_, registry) => <Status registry={registry} /> },
    { title: strings.objects.usedBy, key: 'users', width: 120, render: (_, registry) => <UserCount group={list.scope.group} id={idOf(registry)} /> },
    {
      title: words.lastHeard,
      key: 'heard',
      width: 130,
      align: 'right',
      render: (_, { last_connect_time }) => (last_connect_time === undefined ? <span className="secondary">{words.never}</span> : <TimeText at={last_connect_time} />),
    },
  ];
  return <ObjectsPage kind={registryKind} list={list} columns={columns} isFixed={isFixed} />;
}

/** How a registry is, why, and since when. */
export function Status({ registry: { status = 'connecting', status_reason, status_since } }: { registry: Pick<Registry, 'status' | 'status_reason' | 'status_since'> }) {
  return (
    <div className="name-and-id">
      <StateText tone={STATUS_TONES[status]}>{words.status[status]}</StateText>
      <span className="secondary">
        {status_reason !== undefined && `${status_reason} · `}
        {status_since !== undefined && (
          <>
            {words.since} <TimeText at={status_since} />
          </>
        )}
      </span>
    </div>
  );
}

function UserCount({ group, id }: { group: string; id: string }) {
  const { data, error } = useConnected(group, id, 1, 1);
  if (error) return <StateText tone="unknown">{strings.nodes.unknown}</StateText>;
  if (!data) return <span className="placeholder" />;
  return <span className="numbers">{data.total === 0 ? strings.common.none : words.users(data.total)}</span>;
}
