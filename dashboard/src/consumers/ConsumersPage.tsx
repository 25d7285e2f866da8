import type { TableColumnsType } from 'antd';
import { ObjectsPage } from '../objects/ObjectsPage';
import { useObjectList } from '../objects/useObjectList';
import { strings } from '../strings';
import { FoundBy } from './FoundBy';
import { consumerKind, type Consumer } from './model';

/** The consumers of a workspace, each with by what it is found. */
export function ConsumersPage() {
  const list = useObjectList('consumers');
  const columns: TableColumnsType<Consumer> = [
    { title: strings.consumers.foundBy, key: 'found', width: 240, render: (_, consumer) => <FoundBy scope={list.scope} consumer={consumer} /> },
    { title: strings.consumers.group, key: 'group', width: 200, render: (_, { group_id: group }) => group ?? strings.common.none },
    { title: strings.consumers.plugins, key: 'plugins', width: 240, responsive: ['lg'], className: 'wrap', render: (_, { plugins }) => Object.keys(plugins ?? {}).join(', ') || strings.common.none },
  ];
  return <ObjectsPage kind={consumerKind} list={list} columns={columns} />;
}
