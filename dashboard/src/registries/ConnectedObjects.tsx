import type { TableColumnsType } from 'antd';
import { useState } from 'react';
import type { Schemas } from '../api/client';
import { ObjectLink } from '../objects/Users';
import { strings } from '../strings';
import { useConnected } from './queries';
import { RowsSection } from './RowsSection';

const words = strings.registries.connected;

/** The objects of every workspace that use a registry, each with the way to it. */
export function ConnectedObjects({ group, id }: { group: string; id: string }) {
  const [page, setPage] = useState(1);
  const rows = useConnected(group, id, page);
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
  return <RowsSection id="connected" title={words.title} empty={strings.registries.usedByNobody} rows={rows} rowKey={({ key }) => key} columns={columns} page={page} onPage={setPage} />;
}
