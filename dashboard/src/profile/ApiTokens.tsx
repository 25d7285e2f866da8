import { PlusOutlined } from '@ant-design/icons';
import { Button, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { placeText } from '../access/place';
import { answer, api } from '../api/client';
import { DeleteByName } from '../components/DeleteByName';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { actionsColumn, DeleteButton } from '../components/rowActions';
import { TimeText } from '../components/TimeText';
import { strings } from '../strings';
import { CreateApiToken } from './CreateApiToken';
import { useApiTokenChange, useApiTokens, type ApiToken } from './queries';

/** One's API tokens: which there are, make one, delete one. */
export function ApiTokens() {
  const tokens = useApiTokens();
  const [creating, setCreating] = useState(false);
  const [deleted, setDeleted] = useState<ApiToken>();
  const remove = useApiTokenChange((id: string) => answer(api.DELETE('/api/tokens/{id}', { params: { path: { id } } })));

  const create = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setCreating(true)}>
      {strings.apiTokens.create}
    </Button>
  );
  const columns: TableColumnsType<ApiToken> = [
    { title: strings.common.name, dataIndex: 'name', className: 'wrap' },
    { title: strings.access.role, key: 'role', render: (_, { role }) => (role === undefined ? strings.apiTokens.asUser : strings.access.roles[role].name) },
    { title: strings.access.place, key: 'place', className: 'wrap', render: (_, token) => (token.gateway_group_id === undefined ? strings.apiTokens.whereUser : placeText(token)) },
    { title: strings.common.createdTitle, key: 'created', width: 120, align: 'right', render: (_, { create_time }) => create_time !== undefined && <TimeText at={create_time} /> },
    { title: strings.apiTokens.goodUntil, key: 'expires', width: 220, align: 'right', className: 'numbers', render: (_, { expire_time }) => expire_time !== undefined && new Date(expire_time * 1000).toLocaleString() },
    actionsColumn({
      width: 56,
      render: (token) => <DeleteButton name={token.name} onClick={() => setDeleted(token)} />,
    }),
  ];

  const none = tokens.data?.list.length === 0;
  return (
    <section className="block" aria-labelledby="api-tokens">
      <div className="block-header">
        <h2 id="api-tokens">{strings.apiTokens.title}</h2>
        {tokens.data && !none && create}
      </div>
      {tokens.error ? (
        <ErrorPanel error={tokens.error} retry={() => void tokens.refetch()} />
      ) : none ? (
        <EmptyState title={strings.apiTokens.empty} hint={strings.apiTokens.emptyHint} action={create} />
      ) : (
        <Table rowKey="id" columns={columns} dataSource={tokens.data?.list} loading={tokens.isPending} pagination={false} className="panel" locale={{ emptyText: <span className="table-space" /> }} />
      )}
      {creating && <CreateApiToken onClose={() => setCreating(false)} />}
      {deleted !== undefined && (
        <DeleteByName
          kind={strings.apiTokens.one}
          name={deleted.name}
          consequence={strings.apiTokens.deleteConsequence}
          remove={() => remove.mutateAsync(deleted.id!)}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </section>
  );
}
