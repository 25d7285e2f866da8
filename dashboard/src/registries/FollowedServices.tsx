import { Button, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { actionsColumn } from '../components/rowActions';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { argumentsText, followedState } from './followedState';
import { followedName, type Registry } from './model';
import { useFollowed, type FollowedService } from './queries';
import { ReleaseHeld } from './ReleaseHeld';
import { RowsSection } from './RowsSection';
import { ServiceDrawer } from './ServiceDrawer';

const words = strings.registries.followed;

/** The services of a registry that upstreams follow: how many instances, how old that word is, what is held. */
export function FollowedServices({ group, registry }: { group: string; registry: Registry }) {
  const [page, setPage] = useState(1);
  const rows = useFollowed(group, followedName(registry), page);
  const [shown, setShown] = useState<FollowedService>();
  const [released, setReleased] = useState<FollowedService>();
  const mayRelease = useMay('operator', group, '');
  const columns: TableColumnsType<FollowedService> = [
    { title: words.service, key: 'service', className: 'wrap', render: (_, service) => <Name service={service} onOpen={() => setShown(service)} /> },
    { title: words.state, key: 'state', render: (_, service) => <State service={service} /> },
    { title: words.instances, dataIndex: 'instance_count', width: 100, align: 'right', className: 'numbers' },
    { title: words.followers, dataIndex: 'followers', width: 100, align: 'right', className: 'numbers' },
    { title: words.asOf, key: 'age', width: 110, align: 'right', render: (_, { answered_at }) => (answered_at === undefined ? strings.common.none : <TimeText at={answered_at} />) },
    actionsColumn({
      width: 100,
      hidden: !mayRelease || !rows.data?.list.some(({ held }) => held),
      render: (service) =>
        service.held && (
          <Button size="small" aria-label={strings.registries.held.releaseOf(service.service_name)} onClick={() => setReleased(service)}>
            {strings.registries.held.release}
          </Button>
        ),
    }),
  ];
  return (
    <>
      <RowsSection
        id="followed"
        title={words.title}
        empty={words.empty}
        rows={rows}
        rowKey={(service) => service.service_name + argumentsText(service)}
        columns={columns}
        page={page}
        onPage={setPage}
      />
      {shown && <ServiceDrawer group={group} registry={registry} service={shown.service_name} args={shown.discovery_args} onClose={() => setShown(undefined)} />}
      {released && <ReleaseHeld group={group} service={released} onClose={() => setReleased(undefined)} />}
    </>
  );
}

function Name({ service, onOpen }: { service: FollowedService; onOpen: () => void }) {
  const args = argumentsText(service);
  return (
    <div className="name-and-id">
      <Button type="link" className="text-button" aria-label={strings.registries.services.open(service.service_name)} onClick={onOpen}>
        {service.service_name}
      </Button>
      {args !== '' && <span className="secondary">{args}</span>}
    </div>
  );
}

function State({ service }: { service: FollowedService }) {
  const { tone, text, reason } = followedState(service);
  return (
    <div className="name-and-id">
      <StateText tone={tone}>{text}</StateText>
      {reason !== undefined && <span className="secondary">{reason}</span>}
    </div>
  );
}
