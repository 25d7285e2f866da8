import { PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link } from 'react-router';
import { answer, api, type Opened } from '../api/client';
import { DeleteByName } from '../components/DeleteByName';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { actionsColumn, DeleteButton, EditButton } from '../components/rowActions';
import { groupPath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { GroupForm } from './GroupForm';
import { GroupHealth, GroupProgress } from './GroupHealth';
import { DEFAULT_GROUP, openGroup, useGroupChange, useGroups, type GatewayGroup } from './queries';

/** All gateway groups: how their instances are, and whether they run what they should. */
export function GroupsPage() {
  const groups = useGroups();
  const mayChange = useMay('owner');
  const { message } = App.useApp();
  const [edited, setEdited] = useState<Opened<GatewayGroup> | 'new'>();
  const open = useMutation({ mutationFn: (group: GatewayGroup) => openGroup(group.id!), onSuccess: setEdited, onError: (error) => void message.error(error.message) });
  const [deleted, setDeleted] = useState<GatewayGroup>();
  const remove = useGroupChange((group: GatewayGroup) => answer(api.DELETE('/api/gateway_groups/{group}', { params: { path: { group: group.id! }, query: { confirm: group.name } } })));

  const columns: TableColumnsType<GatewayGroup> = [
    { title: strings.common.name, key: 'name', render: (_, group) => <NameAndId group={group} /> },
    { title: strings.common.description, dataIndex: 'desc', responsive: ['lg'], className: 'wrap' },
    { title: strings.groups.instances, key: 'instances', width: 260, render: (_, group) => <GroupHealth group={group.id!} /> },
    { title: strings.groups.configuration, key: 'configuration', width: 260, render: (_, group) => <GroupProgress group={group.id!} /> },
    actionsColumn({
      width: 96,
      hidden: !mayChange,
      render: (group) => (
        <Space size={0}>
          <EditButton name={group.name} onClick={() => open.mutate(group)} />
          {group.id !== DEFAULT_GROUP && (
            <DeleteButton name={group.name} onClick={() => setDeleted(group)} />
          )}
        </Space>
      ),
    }),
  ];

  return (
    <Page
      title={strings.groups.title}
      about={strings.groups.about}
      actions={
        mayChange && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
            {strings.groups.create}
          </Button>
        )
      }
    >
      {groups.error ? (
        <ErrorPanel error={groups.error} retry={() => void groups.refetch()} />
      ) : (
        <Table rowKey="id" columns={columns} dataSource={groups.data?.list} loading={groups.isPending} pagination={false} className="panel" locale={{ emptyText: <span className="table-space" /> }} />
      )}
      {edited !== undefined && <GroupForm opened={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {deleted !== undefined && (
        <DeleteByName
          kind={strings.groups.one}
          name={deleted.name}
          consequence={strings.groups.deleteConsequence}
          remove={() => remove.mutateAsync(deleted)}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </Page>
  );
}

function NameAndId({ group }: { group: GatewayGroup }) {
  return (
    <div className="name-and-id">
      <Link to={groupPath(group.id!, 'instances')}>{group.name}</Link>
      {group.id !== group.name && <span className="secondary">{group.id}</span>}
    </div>
  );
}
