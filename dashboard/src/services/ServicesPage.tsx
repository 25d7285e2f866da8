import type { TableColumnsType } from 'antd';
import { Texts } from '../components/Texts';
import { idOf } from '../objects/kinds';
import { ObjectsPage } from '../objects/ObjectsPage';
import type { Scope } from '../objects/scope';
import { useObjectList } from '../objects/useObjectList';
import { strings } from '../strings';
import { TargetText } from '../targets/TargetText';
import { serviceKind, type Service } from './model';
import { useRouteCount } from './queries';

const words = strings.services;

/** The services of a workspace: where the requests of their routes go, and how many routes they have. */
export function ServicesPage() {
  const list = useObjectList('services');
  const { scope } = list;
  const columns: TableColumnsType<Service> = [
    { title: words.hosts, key: 'hosts', responsive: ['lg'], render: (_, { hosts }) => <Texts texts={hosts ?? []} none={strings.routes.any} /> },
    { title: strings.routes.goesTo, key: 'target', render: (_, service) => <TargetText scope={scope} target={service} /> },
    { title: words.usedByRoutes, key: 'routes', width: 100, align: 'right', className: 'numbers', render: (_, service) => <RouteCount scope={scope} id={idOf(service)} /> },
  ];
  return <ObjectsPage kind={serviceKind} list={list} columns={columns} />;
}

function RouteCount({ scope, id }: { scope: Scope; id: string }) {
  const { data } = useRouteCount(scope, id);
  return data ?? strings.common.none;
}
