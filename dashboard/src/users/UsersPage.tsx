import { KeyOutlined, PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { RoleList } from '../access/RoleList';
import { answer, api, type Opened } from '../api/client';
import { DeleteByName } from '../components/DeleteByName';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { actionsColumn, DeleteButton, EditButton } from '../components/rowActions';
import { StateText } from '../components/StateText';
import { useMay, useSessionState } from '../session/SessionContext';
import { strings } from '../strings';
import { openUser, useUserChange, useUsers, type User } from './queries';
import { ResetPassword } from './ResetPassword';
import { UserForm } from './UserForm';

/** The people who may use the Admin API, and their roles. */
export function UsersPage() {
  const users = useUsers();
  const mayChange = useMay('owner');
  const { session } = useSessionState();
  const { message } = App.useApp();
  const [creating, setCreating] = useState(false);
  const [edited, setEdited] = useState<Opened<User>>();
  const [reset, setReset] = useState<string>();
  const [deleted, setDeleted] = useState<string>();
  const open = useMutation({ mutationFn: openUser, onSuccess: setEdited, onError: (error) => void message.error(error.message) });
  const remove = useUserChange((name: string) => answer(api.DELETE('/api/users/{name}', { params: { path: { name } } })));

  const columns: TableColumnsType<User> = [
    { title: strings.login.username, key: 'name', render: (_, user) => <NameAndDescription user={user} self={user.username === session?.username} /> },
    { title: strings.access.rolesTitle, key: 'roles', render: (_, { roles }) => <RoleList roles={roles ?? []} /> },
    { title: strings.users.state, key: 'state', width: 210, render: (_, user) => <UserState user={user} /> },
    actionsColumn({
      width: 130,
      hidden: !mayChange,
      render: ({ username }) => (
        <Space size={0}>
          <EditButton name={username!} onClick={() => open.mutate(username!)} />
          {/* One's own password is changed in the profile: a reset would end this session before the new one could be read. */}
          {username !== session?.username && (
            <>
              <Button type="text" icon={<KeyOutlined />} aria-label={strings.users.resetOf(username!)} title={strings.users.reset} onClick={() => setReset(username)} />
              <DeleteButton name={username!} onClick={() => setDeleted(username)} />
            </>
          )}
        </Space>
      ),
    }),
  ];

  return (
    <Page
      title={strings.users.title}
      about={strings.users.about}
      actions={
        mayChange &&
        !users.error && (
          <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
            {strings.users.create}
          </Button>
        )
      }
    >
      {users.error ? (
        <ErrorPanel error={users.error} retry={() => void users.refetch()} />
      ) : (
        <Table rowKey="username" columns={columns} dataSource={users.data?.list} loading={users.isPending} pagination={{ pageSize: 50, hideOnSinglePage: true, showSizeChanger: false }} className="panel" locale={{ emptyText: <span className="table-space" /> }} />
      )}
      {creating && <UserForm onClose={() => setCreating(false)} />}
      {edited !== undefined && <UserForm opened={edited} onClose={() => setEdited(undefined)} />}
      {reset !== undefined && <ResetPassword name={reset} onClose={() => setReset(undefined)} />}
      {deleted !== undefined && (
        <DeleteByName
          kind={strings.users.one}
          name={deleted}
          consequence={strings.users.deleteConsequence}
          remove={() => remove.mutateAsync(deleted)}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </Page>
  );
}

function NameAndDescription({ user, self }: { user: User; self: boolean }) {
  return (
    <div className="name-and-id">
      <span>
        {user.username} {self && <span className="secondary">{strings.users.you}</span>}
      </span>
      {user.desc !== undefined && <span className="secondary">{user.desc}</span>}
    </div>
  );
}

function UserState({ user }: { user: User }) {
  if (user.disabled) return <StateText tone="off">{strings.users.isDisabled}</StateText>;
  if (user.must_change_password) return <StateText tone="warning">{strings.users.mustChange}</StateText>;
  return <StateText tone="good">{strings.users.active}</StateText>;
}
