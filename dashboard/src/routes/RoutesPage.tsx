import type { TableColumnsType } from 'antd';
import { Texts } from '../components/Texts';
import { idOf } from '../objects/kinds';
import { ObjectsPage } from '../objects/ObjectsPage';
import { useObjectList } from '../objects/useObjectList';
import { strings } from '../strings';
import { TargetText } from '../targets/TargetText';
import { hostsOf, pathsOf, routeKind, type Route } from './model';
import { StatusSwitch } from './StatusSwitch';
import { useRouteRates } from './traffic';

const words = strings.routes;

/** The routes of a workspace: what each matches, where it goes, what it gets, and whether it is enabled. */
export function RoutesPage() {
  const list = useObjectList('routes');
  const { scope } = list;
  const rates = useRouteRates(scope, list.objects.data?.list.map(idOf) ?? []);
  const columns: TableColumnsType<Route> = [
    { title: words.fields.methods, key: 'methods', width: 120, responsive: ['xl'], render: (_, { methods }) => <Texts texts={methods ?? []} none={words.any} /> },
    { title: words.fields.hosts, key: 'hosts', width: 160, responsive: ['lg'], render: (_, route) => <Texts texts={hostsOf(route)} none={words.any} /> },
    { title: words.paths, key: 'paths', render: (_, route) => <Texts texts={pathsOf(route)} none={words.any} /> },
    { title: words.goesTo, key: 'target', render: (_, route) => <TargetText scope={scope} target={route} /> },
    { title: words.fields.priority, key: 'priority', width: 80, align: 'right', responsive: ['xl'], className: 'numbers', render: (_, { priority }) => priority ?? 0 },
    { title: strings.traffic.requests, key: 'requests', width: 110, align: 'right', className: 'numbers', render: (_, route) => strings.rate(rates.of(idOf(route))?.requests) },
    { title: words.enabled, key: 'status', width: 100, render: (_, route) => <StatusSwitch scope={scope} route={route} /> },
  ];
  return <ObjectsPage kind={routeKind} list={list} columns={columns} />;
}
