import { Skeleton } from 'antd';
import { useParams } from 'react-router';
import { LIVE } from '../api/live';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { useObject } from '../objects/queries';
import { useScope } from '../objects/scope';
import { strings } from '../strings';
import { CanaryOf } from './CanaryOf';
import type { SplitKind } from './model';

/** Requests of a route or a service that go to another upstream: both sides live, and how many go where. */
export function CanaryPage({ kind }: { kind: SplitKind }) {
  const scope = useScope();
  const id = useParams().id!;
  const object = useObject(kind, scope, id, LIVE);
  if (object.data) return <CanaryOf key={`${kind} ${id}`} scope={scope} kind={kind} object={object.data.value} etag={object.data.etag} />;
  return (
    <Page title={strings.canary.pageTitle(id)} about={strings.canary.pageAbout(strings.canary.one[kind])}>
      {object.error ? <ErrorPanel error={object.error} retry={() => void object.refetch()} /> : <Skeleton active className="panel" />}
    </Page>
  );
}
