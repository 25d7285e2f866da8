import { Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { ErrorPanel } from '../components/ErrorPanel';
import { pagingOf } from '../components/paging';
import { ObjectLink } from '../objects/Users';
import { strings } from '../strings';
import { ROWS, useConnected } from './queries';

const words = strings.registries.connected;

/** The objects of every workspace that use a registry, each with the way to it. */
export function ConnectedObjects({ group, id }: { group: string; id: string }) {
  const [page, setPage] = useState(1);
  const { data, error, isPending, refetch } = useConnected(group, id, page);
  const columns: TableColumnsType<Schemas['registry_user']> = [
    {
      title: words.object,
      key: 'object',
      render: (_, { key, workspace_id, upstream_name }) => (
        <div className="name-and-id">
          <ObjectLink scope={{ group, workspace: workspace_id ?? '' }} objectKey={key} />
          {upstream_name !== undefined && <span className="secondary">{upstream_name}</span>}
        </div>
      ),
    },
    { title: words.service, dataIndex: 'service_name', className: 'wrap', render: (name?: string) => name ?? strings.common.none },
    { title: words.workspace, dataIndex: 'workspace_id', width: 200 },
  ];
  return (
    <section aria-labelledby="connected" className="block">
      <h2 id="connected">{words.title}</h2>
      {error && !data ? (
        <ErrorPanel error={error} retry={() => void refetch()} />
      ) : data?.total === 0 ? (
        <div className="panel panel-padded">{strings.registries.usedByNobody}</div>
      ) : (
        <Table
          rowKey="key"
          columns={columns}
          dataSource={data?.list}
          loading={isPending}
          className="panel"
          locale={{ emptyText: <span className="table-space" /> }}
          pagination={pagingOf(page, ROWS, data?.total, setPage)}
        />
      )}
    </section>
  );
}
