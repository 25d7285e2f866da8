import type { TableColumnsType } from 'antd';
import { LIVE_ROWS } from '../api/live';
import { Texts } from '../components/Texts';
import { idOf } from '../objects/kinds';
import { ObjectsPage } from '../objects/ObjectsPage';
import { useAffected } from '../objects/queries';
import { useObjectList } from '../objects/useObjectList';
import { strings } from '../strings';
import { TargetText } from '../targets/TargetText';
import { serviceKind, type Service } from './model';

const words = strings.services;

/** The services of a workspace: where the requests of their routes go, how many routes they have, and what those get. */
export function ServicesPage() {
  const list = useObjectList('services');
  const { scope } = list;
  const affected = useAffected('services', scope, list.objects.data?.list.map(idOf) ?? [], LIVE_ROWS);
  const of = (service: Service) => affected.data?.get(idOf(service));
  const columns: TableColumnsType<Service> = [
    { title: words.hosts, key: 'hosts', responsive: ['lg'], render: (_, { hosts }) => <Texts texts={hosts ?? []} none={strings.routes.any} /> },
    { title: strings.routes.goesTo, key: 'target', render: (_, service) => <TargetText scope={scope} target={service} /> },
    { title: words.usedByRoutes, key: 'routes', width: 100, align: 'right', className: 'numbers', render: (_, service) => of(service)?.totals.routes },
    { title: strings.traffic.requests, key: 'requests', width: 120, align: 'right', className: 'numbers', render: (_, service) => strings.rate(of(service)?.requests_per_second) },
  ];
  return <ObjectsPage kind={serviceKind} list={list} columns={columns} />;
}
