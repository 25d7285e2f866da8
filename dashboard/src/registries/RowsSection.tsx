import { Table, type TableColumnsType } from 'antd';
import { ErrorPanel } from '../components/ErrorPanel';
import { pagingOf } from '../components/paging';
import { ROWS } from './queries';

interface RowsSectionProps<T> {
  /** Of the heading. */
  id: string;
  title: string;
  /** What is said where there are none. */
  empty: string;
  /** What was read of the page. */
  rows: { data?: { list: T[]; total: number }; error: Error | null; isPending: boolean; refetch: () => unknown };
  rowKey: (row: T) => string;
  columns: TableColumnsType<T>;
  page: number;
  onPage: (page: number) => void;
}

/** A section of a registry's page: rows that the server gives a page at a time. */
export function RowsSection<T extends object>({ id, title, empty, rows: { data, error, isPending, refetch }, rowKey, columns, page, onPage }: RowsSectionProps<T>) {
  return (
    <section aria-labelledby={id} className="block">
      <h2 id={id}>{title}</h2>
      {error && !data ? (
        <ErrorPanel error={error} retry={() => void refetch()} />
      ) : data?.total === 0 ? (
        <div className="panel panel-padded">{empty}</div>
      ) : (
        <Table
          rowKey={rowKey}
          columns={columns}
          dataSource={data?.list}
          loading={isPending}
          className="panel"
          locale={{ emptyText: <span className="table-space" /> }}
          pagination={pagingOf(page, ROWS, data?.total, onPage)}
        />
      )}
    </section>
  );
}
