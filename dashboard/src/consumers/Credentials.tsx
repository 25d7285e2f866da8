import { PlusOutlined } from '@ant-design/icons';
import { useMutation } from '@tanstack/react-query';
import { App, Button, Space, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import type { Opened } from '../api/client';
import { DeleteByName } from '../components/DeleteByName';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { actionsColumn, DeleteButton, EditButton } from '../components/rowActions';
import { TimeText } from '../components/TimeText';
import { TwoLines } from '../components/TwoLines';
import { nameOf } from '../objects/kinds';
import { useObjectChange } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { summaryOf } from '../plugins/model';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { CreateCredential } from './CreateCredential';
import { EditCredential } from './EditCredential';
import { deleteCredential, openCredential, useCredentials, type Credential } from './queries';

const words = strings.credentials;

/** The credentials of a consumer: list, add, edit, delete. */
export function Credentials({ scope, consumer }: { scope: Scope; consumer: string }) {
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const credentials = useCredentials(scope, consumer);
  const { message } = App.useApp();
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<Opened<Credential>>();
  const [deleted, setDeleted] = useState<Credential>();
  const open = useMutation({ mutationFn: (id: string) => openCredential(scope, consumer, id), onSuccess: setEdited, onError: (error) => void message.error(error.message) });
  const remove = useObjectChange(scope, (id: string) => deleteCredential(scope, consumer, id));

  const add = mayWrite && (
    <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {words.add}
    </Button>
  );
  const columns: TableColumnsType<Credential> = [
    {
      title: strings.common.name,
      key: 'name',
      render: (_, credential) => <TwoLines first={nameOf(credential)} second={credential.name !== undefined && credential.id} />,
    },
    { title: words.plugin, key: 'plugin', width: 160, render: (_, { plugins }) => Object.keys(plugins).join(', ') },
    { title: words.holds, key: 'holds', className: 'wrap', render: (_, { plugins }) => <code>{Object.values(plugins).map((config) => summaryOf(config)).join(', ')}</code> },
    { title: strings.common.createdTitle, key: 'created', width: 140, align: 'right', render: (_, { create_time }) => create_time !== undefined && <TimeText at={create_time} /> },
    actionsColumn({
      width: 96,
      hidden: !mayWrite,
      render: (credential) => (
        <Space size={0}>
          <EditButton name={nameOf(credential)} onClick={() => open.mutate(String(credential.id))} />
          <DeleteButton name={nameOf(credential)} onClick={() => setDeleted(credential)} />
        </Space>
      ),
    }),
  ];
  const none = credentials.data?.length === 0;

  return (
    <section aria-labelledby="credentials" className="block">
      <div className="block-header">
        <h2 id="credentials">{words.title}</h2>
        {!none && add}
      </div>
      {credentials.error ? (
        <ErrorPanel error={credentials.error} retry={() => void credentials.refetch()} />
      ) : none ? (
        <EmptyState title={words.empty} hint={mayWrite ? words.emptyHint : words.emptyHintViewer} action={add} />
      ) : (
        <Table<Credential>
          rowKey={({ id }) => String(id)}
          columns={columns}
          dataSource={credentials.data}
          loading={credentials.isPending}
          pagination={{ pageSize: 20, hideOnSinglePage: true, showSizeChanger: false }}
          className="panel"
          locale={{ emptyText: <span className="table-space" /> }}
        />
      )}
      {adding && <CreateCredential scope={scope} consumer={consumer} taken={credentials.data?.map(({ id }) => String(id)) ?? []} onClose={() => setAdding(false)} />}
      {edited && (
        <EditCredential
          scope={scope}
          consumer={consumer}
          opened={edited}
          onClose={() => setEdited(undefined)}
          onReload={() => {
            setEdited(undefined);
            void credentials.refetch();
            open.mutate(String(edited.value.id));
          }}
        />
      )}
      {deleted !== undefined && (
        <DeleteByName
          kind={words.one}
          name={nameOf(deleted)}
          consequence={words.deleteConsequence(consumer)}
          remove={() => remove.mutateAsync(String(deleted.id))}
          onClose={() => setDeleted(undefined)}
        />
      )}
    </section>
  );
}
