import { PlusOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link, useNavigate } from 'react-router';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { pagingOf } from '../components/paging';
import { actionsColumn, DeleteButton } from '../components/rowActions';
import { Search } from '../components/Search';
import { newObjectPath, objectPath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { DeleteObject } from './DeleteObject';
import { idOf, isOfGroup, nameOf, type KindName, type ObjectKind, type Stored } from './kinds';
import { PAGE_SIZE } from './queries';
import type { ObjectList } from './useObjectList';

interface ObjectsPageProps<K extends KindName> {
  kind: Pick<ObjectKind<K>, 'name' | 'words'>;
  list: ObjectList<K>;
  /** Between the name and what can be done. */
  columns: TableColumnsType<Stored[K]>;
  /** Those that are changed elsewhere: here there is nothing to configure or delete. */
  isFixed?: (object: Stored[K]) => boolean;
}

/** The objects of a kind, a page at a time: search, make one, configure, delete. */
export function ObjectsPage<K extends KindName>({ kind, list, columns, isFixed = () => false }: ObjectsPageProps<K>) {
  const { scope, search, page, show, objects } = list;
  const { words } = kind;
  const navigate = useNavigate();
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const [deleted, setDeleted] = useState<Stored[K]>();

  const all: TableColumnsType<Stored[K]> = [
    { title: strings.common.name, key: 'name', render: (_, object) => <NameAndId to={objectPath(scope, kind.name, idOf(object))} object={object} /> },
    ...columns,
    actionsColumn({
      width: 96,
      hidden: !mayWrite,
      render: (object) =>
        !isFixed(object) && (
          <Space size={0}>
            <Button
              type="text"
              icon={<SettingOutlined />}
              aria-label={strings.objects.configureOf(nameOf(object))}
              title={strings.objects.configure}
              onClick={() => void navigate(objectPath(scope, kind.name, idOf(object), 'configure'))}
            />
            <DeleteButton name={nameOf(object)} onClick={() => setDeleted(object)} />
          </Space>
        ),
    }),
  ];

  const create = mayWrite && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => void navigate(newObjectPath(scope, kind.name))}>
      {words.create}
    </Button>
  );
  const none = objects.data?.total === 0;
  return (
    <Page title={words.title} about={words.about} actions={create}>
      {(!none || search !== '') && <Search label={words.search ?? strings.objects.search} value={search} onSearch={(text) => show({ search: text, page: 1 })} />}
      {objects.error ? (
        <ErrorPanel error={objects.error} retry={() => void objects.refetch()} />
      ) : none ? (
        search === '' ? (
          <EmptyState title={words.empty} hint={mayWrite ? words.emptyHint : strings.objects.emptyHintViewer(isOfGroup(kind.name))} action={create} />
        ) : (
          <EmptyState
            title={strings.objects.noMatch(words.title.toLowerCase(), search)}
            hint={strings.objects.noMatchHint}
            action={<Button onClick={() => show({ search: '', page: 1 })}>{strings.objects.showAll}</Button>}
          />
        )
      ) : (
        <Table<Stored[K]>
          rowKey={idOf}
          columns={all}
          dataSource={objects.data?.list}
          loading={objects.isPending}
          className="panel"
          locale={{ emptyText: <span className="table-space" /> }}
          pagination={pagingOf(page, PAGE_SIZE, objects.data?.total, (next) => show({ search, page: next }))}
        />
      )}
      {deleted !== undefined && <DeleteObject kind={kind} scope={scope} id={idOf(deleted)} name={nameOf(deleted)} onClose={() => setDeleted(undefined)} />}
    </Page>
  );
}

function NameAndId({ to, object }: { to: string; object: Stored[KindName] }) {
  const [name, id] = [nameOf(object), idOf(object)];
  return (
    <div className="name-and-id">
      <Link to={to}>{name}</Link>
      {name !== id && <span className="secondary">{id}</span>}
      {object.desc !== undefined && <span className="secondary">{object.desc}</span>}
    </div>
  );
}
