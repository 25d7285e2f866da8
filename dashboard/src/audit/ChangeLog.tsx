import { DownloadOutlined } from '@ant-design/icons';
import { Alert, Button, Table, type TableColumnsType } from 'antd';
import { useSearchParams } from 'react-router';
import { DifferenceList } from '../components/DifferenceList';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { TwoLines } from '../components/TwoLines';
import { strings } from '../strings';
import { FilterForm } from './FilterForm';
import { exportAddress, useChanges, type Change, type ChangeFilter, type Log } from './queries';

const FILTERS = ['kind', 'id', 'who', 'from', 'to'] as const;

interface ChangeLogProps {
  title: string;
  about: string;
  log: Log;
  kinds: readonly string[];
}

/** Who changed what, when and why; what is looked for is in the address. */
export function ChangeLog({ title, about, log, kinds }: ChangeLogProps) {
  const [address, setAddress] = useSearchParams();
  const filter: ChangeFilter = Object.fromEntries(FILTERS.flatMap((name) => (address.get(name) ? [[name, address.get(name)]] : [])));
  const history = useChanges(log, filter);
  const changes = history.data?.pages.flatMap(({ list }) => list);
  const forgotten = history.data?.pages.at(-1)?.forgotten;
  const exports = (['csv', 'jsonl'] as const).map((format) => (
    <Button key={format} href={exportAddress(log, filter, format)} download={`${log.group === undefined ? '' : log.group + '-'}${log.workspace === undefined ? 'audit' : 'revisions'}.${format}`} icon={<DownloadOutlined aria-hidden />}>
      {strings.audit.formats[format]}
    </Button>
  ));

  return (
    <Page title={title} about={about} actions={!history.error && exports}>
      <FilterForm kinds={kinds} filter={filter} onFilter={(next) => setAddress({ ...next })} />
      {history.error ? (
        <ErrorPanel error={history.error} retry={() => void history.refetch()} />
      ) : changes?.length === 0 && !history.hasNextPage ? (
        Object.keys(filter).length === 0 ? (
          <EmptyState title={strings.audit.nothing} hint={strings.audit.emptyHint} />
        ) : (
          <EmptyState title={strings.audit.noMatch} hint={strings.audit.noMatchHint} action={<Button onClick={() => setAddress({})}>{strings.audit.clear}</Button>} />
        )
      ) : (
        <>
          <Changes changes={changes} />
          <div className="list-more" role="status">
            {history.hasNextPage ? (
              <>
                {/* A search looks at a bounded part of the history at a time. */}
                {changes?.length === 0 && <span className="secondary">{strings.audit.nothingYet}</span>}
                <Button loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
                  {strings.audit.older}
                </Button>
              </>
            ) : (
              changes !== undefined && <span className="secondary">{strings.audit.end(changes.length)}</span>
            )}
          </div>
        </>
      )}
      {forgotten !== undefined && <Alert type="info" showIcon title={strings.audit.forgotten(forgotten)} />}
    </Page>
  );
}

const COLUMNS: TableColumnsType<Change> = [
  { title: strings.audit.revision, dataIndex: 'revision', width: 96, align: 'right', className: 'numbers' },
  { title: strings.audit.when, key: 'when', width: 205, className: 'numbers', render: (_, { time }) => <time dateTime={new Date(time * 1_000).toISOString()}>{new Date(time * 1_000).toLocaleString()}</time> },
  { title: strings.audit.who, key: 'who', width: 120, className: 'wrap', render: (_, { who, where }) => <TwoLines first={who} second={where} /> },
  { title: strings.audit.what, key: 'what', className: 'wrap', render: (_, change) => <TwoLines first={`${nameOf(change)} ${strings.audit.change[change.change]}`} second={placeOf(change)} /> },
  { title: strings.audit.why, dataIndex: 'why', className: 'wrap' },
];

function Changes({ changes }: { changes?: Change[] }) {
  return (
    <Table
      rowKey={({ revision, key }) => `${revision} ${key}`}
      columns={COLUMNS}
      dataSource={changes}
      loading={changes === undefined}
      pagination={false}
      tableLayout="fixed"
      className="panel"
      locale={{ emptyText: <span className="table-space" />, expand: strings.audit.showDifference, collapse: strings.audit.hideDifference }}
      expandable={{
        expandRowByClick: true,
        expandedRowRender: ({ difference }) => (difference.length === 0 ? <span className="secondary">{strings.audit.noDifference}</span> : <DifferenceList differences={difference} />),
      }}
    />
  );
}

const nameOf = ({ kind, id, key }: Change) => (kind === undefined || id === undefined ? key : `${strings.audit.kindOf(kind)} ${id}`);

const placeOf = ({ gateway_group_id }: Change) => (gateway_group_id === undefined ? undefined : strings.access.groupOf(gateway_group_id));
