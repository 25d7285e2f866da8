import { PlusOutlined } from '@ant-design/icons';
import { Button, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { answer, api } from '../api/client';
import { DeleteByName } from '../components/DeleteByName';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { actionsColumn, DeleteButton } from '../components/rowActions';
import { TimeText } from '../components/TimeText';
import { strings } from '../strings';
import { AddInstance } from './AddInstance';
import { useGroupChange, useInstanceTokens, type InstanceToken } from './queries';

/** The tokens that a group's instances report with. */
export function InstanceTokensPage() {
  const group = useParams().group!;
  const tokens = useInstanceTokens(group);
  const [adding, setAdding] = useState(false);
  const [deleted, setDeleted] = useState<InstanceToken>();
  const remove = useGroupChange((id: string) => answer(api.DELETE('/api/gateway_groups/{group}/instance_tokens/{id}', { params: { path: { group, id } } })));

  const add = (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {strings.instances.add}
    </Button>
  );
  const columns: TableColumnsType<InstanceToken> = [
    { title: strings.common.name, dataIndex: 'name', className: 'wrap' },
    { title: strings.common.id, dataIndex: 'id', width: 160 },
    { title: strings.common.createdTitle, key: 'created', width: 160, align: 'right', render: (_, { create_time }) => create_time !== undefined && <TimeText at={create_time} /> },
    { title: strings.tokens.goodUntil, key: 'expires', width: 220, align: 'right', className: 'numbers', render: (_, { expire_time }) => (expire_time === undefined ? strings.tokens.never : new Date(expire_time * 1000).toLocaleString()) },
    actionsColumn({
      width: 56,
      render: (token) => <DeleteButton name={token.name} onClick={() => setDeleted(token)} />,
    }),
  ];

  return (
    <Page title={strings.tokens.title} about={strings.tokens.about} actions={!tokens.error && add}>
      {tokens.error ? (
        <ErrorPanel error={tokens.error} retry={() => void tokens.refetch()} />
      ) : tokens.data?.list.length === 0 ? (
        <EmptyState title={strings.tokens.empty} hint={strings.tokens.emptyHint} action={add} />
      ) : (
        <Table rowKey="id" columns={columns} dataSource={tokens.data?.list} loading={tokens.isPending} pagination={false} className="panel" locale={{ emptyText: <span className="table-space" /> }} />
      )}
      {adding && <AddInstance group={group} onClose={() => setAdding(false)} />}
      {deleted !== undefined && (
        <DeleteByName
          kind={strings.tokens.one}
          name={deleted.name}
          consequence={strings.tokens.deleteConsequence}
          remove={() => remove.mutateAsync(deleted.id!)}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </Page>
  );
}
