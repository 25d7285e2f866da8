import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { App, Button, Popconfirm, Table, Tooltip, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { answer, api } from '../api/client';
import { LIVE } from '../api/live';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { actionsColumn } from '../components/rowActions';
import { StateText } from '../components/StateText';
import { TimeText } from '../components/TimeText';
import { TwoLines } from '../components/TwoLines';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { AddInstance } from './AddInstance';
import { GroupProgress, INSTANCE_TONES } from './GroupHealth';
import { useGroupChange, useInstances, type Instance } from './queries';

/** The gateway instances of a group, live. */
export function InstancesPage() {
  const group = useParams().group!;
  const instances = useInstances(group);
  const mayChange = useMay('owner', group);
  const { message } = App.useApp();
  const [adding, setAdding] = useState(false);
  const forget = useGroupChange((id: string) => answer(api.DELETE('/api/gateway_groups/{group}/instances/{id}', { params: { path: { group, id } } })));

  const add = mayChange && (
    <Button type="primary" icon={<PlusOutlined />} onClick={() => setAdding(true)}>
      {strings.instances.add}
    </Button>
  );

  const columns: TableColumnsType<Instance> = [
    { title: strings.instances.instance, key: 'id', render: (_, instance) => <TwoLines first={instance.hostname} second={instance.id} /> },
    { title: strings.instances.statusTitle, key: 'status', render: (_, instance) => <Status instance={instance} /> },
    { title: strings.instances.revision, key: 'revision', align: 'right', width: 120, render: (_, { revision, behind_for }) => <Revision revision={revision} behind={behind_for} /> },
    { title: strings.instances.lastHeard, key: 'heard', align: 'right', width: 130, render: (_, { last_heartbeat_time }) => <TimeText at={last_heartbeat_time} /> },
    { title: strings.instances.rate, key: 'rate', align: 'right', width: 130, className: 'numbers', render: (_, { requests_per_second }) => strings.rate(requests_per_second) },
    { title: strings.instances.nodesNotUp, dataIndex: 'nodes_not_up', align: 'right', width: 140, className: 'numbers', responsive: ['lg'] },
    { title: strings.instances.version, dataIndex: 'version', width: 90, responsive: ['lg'] },
    actionsColumn({
      width: 56,
      hidden: !mayChange,
      render: (instance) =>
        !instance.connected && (
          <Popconfirm
            title={strings.instances.forgetQuestion(instance.hostname)}
            okText={strings.instances.forget}
            cancelText={strings.common.cancel}
            onConfirm={() => forget.mutate(instance.id, { onError: (error) => void message.error(error.message) })}
          >
            <Button type="text" danger icon={<DeleteOutlined />} aria-label={strings.instances.forgetOf(instance.hostname)} title={strings.instances.forget} />
          </Popconfirm>
        ),
    }),
  ];

  return (
    <Page title={strings.instances.title} about={<GroupProgress group={group} interval={LIVE} />} actions={add}>
      {instances.error && <ErrorPanel error={instances.error} retry={() => void instances.refetch()} />}
      {instances.data?.list.length === 0 ? (
        <EmptyState title={strings.instances.empty} hint={strings.instances.emptyHint} action={add} />
      ) : (
        <Table rowKey="id" columns={columns} dataSource={instances.data?.list} loading={instances.isPending} pagination={false} className="panel" locale={{ emptyText: <span className="table-space" /> }} />
      )}
      {adding && <AddInstance group={group} onClose={() => setAdding(false)} />}
    </Page>
  );
}

function Status({ instance }: { instance: Instance }) {
  return (
    <div className="name-and-id">
      <StateText tone={INSTANCE_TONES[instance.status]}>{strings.instances.status[instance.status]}</StateText>
      {instance.status_reason !== undefined && <span className="secondary">{instance.status_reason}</span>}
      {instance.rejected_total > 0 && (
        <Tooltip title={instance.rejected.join('\n')}>
          <span className="secondary" tabIndex={0}>{strings.instances.rejected(instance.rejected_total)}</span>
        </Tooltip>
      )}
    </div>
  );
}

function Revision({ revision, behind }: { revision: number; behind?: number }) {
  return (
    <div className="name-and-id numbers">
      <span>{revision}</span>
      {behind !== undefined && <span className="secondary">{strings.instances.behind(behind)}</span>}
    </div>
  );
}
