import { PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link, useParams } from 'react-router';
import { answer, api, type Opened } from '../api/client';
import { DeleteByName } from '../components/DeleteByName';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { actionsColumn, DeleteButton, EditButton } from '../components/rowActions';
import { workspacePath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { DEFAULT_WORKSPACE, openWorkspace, useWorkspaceChange, useWorkspaces, type Workspace } from './queries';
import { WorkspaceForm } from './WorkspaceForm';

/** The workspaces of a group. */
export function WorkspacesPage() {
  const group = useParams().group!;
  const workspaces = useWorkspaces(group);
  const mayChange = useMay('owner', group);
  const { message } = App.useApp();
  const [edited, setEdited] = useState<Opened<Workspace> | 'new'>();
  const open = useMutation({ mutationFn: (workspace: Workspace) => openWorkspace(group, workspace.id!), onSuccess: setEdited, onError: (error) => void message.error(error.message) });
  const [deleted, setDeleted] = useState<Workspace>();
  const remove = useWorkspaceChange(group, (id: string) => answer(api.DELETE('/api/gateway_groups/{group}/workspaces/{id}', { params: { path: { group, id } } })));

  const columns: TableColumnsType<Workspace> = [
    { title: strings.common.name, key: 'name', render: (_, workspace) => <NameAndId group={group} workspace={workspace} /> },
    { title: strings.common.description, dataIndex: 'desc', className: 'wrap' },
    { title: strings.workspaces.hosts, key: 'hosts', render: (_, { hosts }) => (hosts?.length ? hosts.join(', ') : <span className="secondary">{strings.workspaces.anyHost}</span>) },
    actionsColumn({
      width: 96,
      hidden: !mayChange,
      render: (workspace) =>
        workspace.id !== DEFAULT_WORKSPACE && (
          <Space size={0}>
            <EditButton name={workspace.name} onClick={() => open.mutate(workspace)} />
            <DeleteButton name={workspace.name} onClick={() => setDeleted(workspace)} />
          </Space>
        ),
    }),
  ];

  return (
    <Page
      title={strings.workspaces.title}
      about={strings.workspaces.about}
      actions={
        mayChange && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setEdited('new')}>
            {strings.workspaces.create}
          </Button>
        )
      }
    >
      {workspaces.error ? (
        <ErrorPanel error={workspaces.error} retry={() => void workspaces.refetch()} />
      ) : (
        <Table rowKey="id" columns={columns} dataSource={workspaces.data?.list} loading={workspaces.isPending} pagination={false} className="panel" locale={{ emptyText: <span className="table-space" /> }} />
      )}
      {edited !== undefined && <WorkspaceForm group={group} opened={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {deleted !== undefined && (
        <DeleteByName
          kind={strings.workspaces.one}
          name={deleted.name}
          consequence={strings.workspaces.deleteConsequence}
          remove={() => remove.mutateAsync(deleted.id!)}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </Page>
  );
}

function NameAndId({ group, workspace }: { group: string; workspace: Workspace }) {
  return (
    <div className="name-and-id">
      <Link to={workspacePath(group, workspace.id!, 'upstreams')}>{workspace.name}</Link>
      {workspace.id !== workspace.name && <span className="secondary">{workspace.id}</span>}
    </div>
  );
}
