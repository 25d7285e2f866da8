import { Select, Table, type TableColumnsType } from 'antd';
import { useState } from 'react';
import { Link, useNavigate, useSearchParams } from 'react-router';
import { LIVE_ROWS } from '../api/live';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { idOf, nameOf } from '../objects/kinds';
import { PAGE_SIZE } from '../objects/queries';
import { useScope, type Scope } from '../objects/scope';
import { useFound } from '../objects/useFound';
import { canaryPath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import type { SplitKind, Splittable } from './model';
import { OwnerText } from './OwnerText';
import { useSplits } from './queries';
import { askedText } from './shareText';
import { useSides, type LiveSide } from './useSides';

const KINDS: SplitKind[] = ['routes', 'services'];

/** Routes and services that are split, with their shares live; and the way to begin a canary on another. */
export function CanariesPage() {
  const words = strings.canary;
  const scope = useScope();
  const [address, setAddress] = useSearchParams();
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const pageOf = (kind: SplitKind) => Math.max(1, Number(address.get(kind)) || 1);
  const routes = useSplits('routes', scope, pageOf('routes'));
  const services = useSplits('services', scope, pageOf('services'));
  const lists = { routes, services };
  const show = (kind: SplitKind, page: number) =>
    setAddress((before) => {
      const next = new URLSearchParams(before);
      if (page > 1) next.set(kind, String(page));
      else next.delete(kind);
      return next;
    });
  const isNone = routes.data?.total === 0 && services.data?.total === 0;
  const begin = mayWrite && <BeginCanary scope={scope} />;
  return (
    <Page title={words.title} about={words.about}>
      {isNone ? (
        <EmptyState title={words.empty} hint={mayWrite ? words.emptyHint : words.emptyHintViewer} action={begin} />
      ) : (
        <>
          {begin}
          {KINDS.map((kind) => {
            const { data, error, isPending, refetch } = lists[kind];
            return (
              <section key={kind} aria-labelledby={`splits-${kind}`} className="block">
                <h2 id={`splits-${kind}`}>{words.kinds[kind]}</h2>
                {error && !data ? (
                  <ErrorPanel error={error} retry={() => void refetch()} />
                ) : (
                  <Table<Splittable>
                    rowKey={idOf}
                    columns={columnsOf(scope, kind)}
                    dataSource={data?.list}
                    loading={isPending}
                    className="panel"
                    tableLayout="fixed"
                    locale={{ emptyText: isPending ? <span className="table-space" /> : <span className="secondary">{words.none[kind]}</span> }}
                    pagination={{
                      current: pageOf(kind),
                      pageSize: PAGE_SIZE,
                      total: data?.total ?? 0,
                      showSizeChanger: false,
                      hideOnSinglePage: true,
                      showTotal: (total, [from, to]) => strings.common.range(from, to, total),
                      onChange: (page) => show(kind, page),
                    }}
                  />
                )}
              </section>
            );
          })}
        </>
      )}
    </Page>
  );
}

function columnsOf(scope: Scope, kind: SplitKind): TableColumnsType<Splittable> {
  const words = strings.canary;
  const ofSides = (render: (side: LiveSide) => React.ReactNode) => (_: unknown, object: Splittable) => <SideLines scope={scope} kind={kind} object={object} render={render} />;
  const numbers = { align: 'right', width: 124 } as const;
  return [
    {
      title: strings.common.name,
      key: 'name',
      width: '28%',
      render: (_, object) => (
        <div className="name-and-id">
          <Link to={canaryPath(scope, kind, idOf(object))}>{nameOf(object)}</Link>
          {nameOf(object) !== idOf(object) && <span className="secondary">{idOf(object)}</span>}
        </div>
      ),
    },
    {
      title: words.goesTo,
      key: 'upstream',
      render: ofSides(({ isOwn, owner }) => (
        <>
          <span className="side-name">{isOwn ? words.old : words.new}</span> <OwnerText scope={scope} owner={owner} />
        </>
      )),
    },
    { title: words.asked, key: 'asked', ...numbers, width: 172, render: ofSides(askedText) },
    { title: words.actual, key: 'actual', ...numbers, render: ofSides(({ actual }) => (actual === undefined ? strings.common.none : strings.share(actual))) },
    { title: strings.traffic.requests, key: 'requests', ...numbers, render: ofSides(({ figures }) => strings.rate(figures?.requests)) },
  ];
}

/** A line for each side, in step with those of the other columns. */
function SideLines({ scope, kind, object, render }: { scope: Scope; kind: SplitKind; object: Splittable; render: (side: LiveSide) => React.ReactNode }) {
  const { sides } = useSides(scope, kind, object, LIVE_ROWS);
  if (sides === undefined) return <span className="placeholder" />;
  return (
    <ul className="side-lines numbers">
      {sides.map((side) => (
        <li key={`${side.isOwn} ${side.owner}`}>{render(side)}</li>
      ))}
    </ul>
  );
}

/** Finds a route or a service to begin with. */
function BeginCanary({ scope }: { scope: Scope }) {
  const words = strings.canary;
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const found = { routes: useFound('routes', scope, typed), services: useFound('services', scope, typed) };
  const isPending = found.routes.isPending || found.services.isPending;
  return (
    <div className="begin-canary">
      <label htmlFor="begin-canary">{words.begin}</label>
      <Select<string>
        id="begin-canary"
        value={null}
        placeholder={words.beginHint}
        showSearch={{ filterOption: false, onSearch: setTyped }}
        loading={found.routes.isFetching || found.services.isFetching}
        notFoundContent={isPending ? strings.common.loading : strings.picker.none(words.beginHint.toLowerCase())}
        options={KINDS.filter((kind) => found[kind].list.length > 0).map((kind) => ({
          label: words.kinds[kind],
          title: kind,
          options: found[kind].list.map((object: Splittable) => ({ value: canaryPath(scope, kind, idOf(object)), label: nameOf(object) === idOf(object) ? idOf(object) : `${nameOf(object)} (${idOf(object)})` })),
        }))}
        onChange={(path) => void navigate(path)}
      />
    </div>
  );
}
