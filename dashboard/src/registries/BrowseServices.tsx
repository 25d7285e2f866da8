import { Alert, Button, Input, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { EmptyState } from '../components/EmptyState';
import { pagingOf } from '../components/paging';
import { Search } from '../components/Search';
import { strings } from '../strings';
import type { Registry } from './model';
import { ROWS, useServices } from './queries';
import { ServiceDrawer } from './ServiceDrawer';

const words = strings.registries.services;

/** The services that a registry has, by search and page; of one that has no list, a service by its name. */
export function BrowseServices({ group, registry }: { group: string; registry: Registry }) {
  const id = registry.id!;
  const [{ page, search }, show] = useState({ page: 1, search: '' });
  const { data, error, isPending, refetch } = useServices(group, id, page, search);
  const [service, setService] = useState<string>();
  const none = data?.total === 0;
  const columns: TableColumnsType<{ name: string }> = [
    {
      title: strings.registries.followed.service,
      dataIndex: 'name',
      className: 'wrap',
      render: (name: string) => (
        <Button type="link" className="text-button" aria-label={words.open(name)} onClick={() => setService(name)}>
          {name}
        </Button>
      ),
    },
  ];
  return (
    <section aria-labelledby="services" className="block">
      <h2 id="services">{words.title}</h2>
      {error ? (
        <>
          <Alert type="info" showIcon className="form-alert" title={words.failed} description={error.message} action={<Button onClick={() => void refetch()}>{strings.common.retry}</Button>} />
          <Input.Search className="list-search" aria-label={words.direct} placeholder={words.directHint} enterButton={strings.registries.source.look} onSearch={(name) => name.trim() !== '' && setService(name.trim())} />
        </>
      ) : (
        <>
          {(!none || search !== '') && <Search label={words.search} value={search} onSearch={(text) => show({ page: 1, search: text })} />}
          {none ? (
            <EmptyState title={search === '' ? words.none : words.noMatch(search)} hint={search === '' ? words.noneHint : words.noMatchHint} />
          ) : (
            <Table
              rowKey="name"
              columns={columns}
              dataSource={data?.list.map((name) => ({ name }))}
              loading={isPending}
              className="panel"
              locale={{ emptyText: <span className="table-space" /> }}
              pagination={pagingOf(page, ROWS, data?.total, (next) => show({ page: next, search }))}
            />
          )}
        </>
      )}
      {service !== undefined && <ServiceDrawer group={group} registry={registry} service={service} onClose={() => setService(undefined)} />}
    </section>
  );
}
