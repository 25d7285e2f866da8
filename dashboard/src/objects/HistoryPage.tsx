import { useMutation } from '@tanstack/react-query';
import { App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useParams } from 'react-router';
import { ApiError } from '../api/errors';
import { EmptyState } from '../components/EmptyState';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { CompareRevision } from './CompareRevision';
import { previewRestore, restore, useHistory, type Change, type Restore } from './history';
import { nameOf, type ObjectKind } from './kinds';
import { useObject, useObjectChange, type Preview } from './queries';
import { ReviewEdit } from './ReviewEdit';
import { RevisionEntry } from './RevisionEntry';
import { useScope } from './scope';

/** What an object was: who changed what, when and why; compared with now, and restored. */
export function HistoryPage({ kind: { name: kind, words } }: { kind: Pick<ObjectKind, 'name' | 'words'> }) {
  const scope = useScope();
  const id = useParams().id!;
  const { message } = App.useApp();
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const object = useObject(kind, scope, id);
  const history = useHistory(kind, scope, id);
  const [compared, setCompared] = useState<Change>();
  const [review, setReview] = useState<{ order: Restore; preview: Preview }>();
  const look = useMutation({ mutationFn: (order: Restore) => previewRestore(kind, scope, order) });
  const act = useObjectChange(scope, (order: Restore & { why?: string }) => restore(kind, scope, order));

  const changes = history.data?.pages.flatMap(({ list }) => list) ?? [];
  const forgotten = history.data?.pages.at(-1)?.forgotten;
  const newest = changes[0]?.revision;

  /** Someone else wrote since the page was read: it is read anew, and nothing was done. */
  const overtaken = (error: Error) => {
    if (!(error instanceof ApiError) || error.status !== 412) return false;
    void message.warning(strings.history.overtaken(words.one, error.body.changes?.[0]?.who));
    void object.refetch();
    void history.refetch();
    return true;
  };
  const ask = (revision: number, etag: string | null) => {
    const order = { id, revision, etag };
    look.mutate(order, {
      onSuccess: (preview) => (preview.would === 'nothing' ? void message.info(strings.history.same) : setReview({ order, preview })),
      onError: (error) => overtaken(error) || void message.error(error.message),
    });
  };
  const close = () => {
    setReview(undefined);
    act.reset();
  };

  return (
    <Page title={strings.history.title(object.data ? nameOf(object.data.value) : id)} about={strings.history.about(words.one)}>
      {history.error && <ErrorPanel error={history.error} retry={() => void history.refetch()} />}
      {history.isPending ? (
        <Skeleton active className="panel" />
      ) : changes.length === 0 && !history.error ? (
        <EmptyState title={strings.history.empty(words.one)} hint={strings.history.emptyHint} />
      ) : (
        <ol className="revisions">
          {changes.map((change) => (
            <RevisionEntry
              key={change.revision}
              change={change}
              isNow={change.revision === newest}
              busy={look.isPending && look.variables.revision === change.revision}
              onCompare={() => setCompared(change)}
              onRestore={mayWrite && object.data ? () => ask(change.revision, object.data.etag) : undefined}
            />
          ))}
        </ol>
      )}
      {history.hasNextPage && (
        <Button loading={history.isFetchingNextPage} onClick={() => void history.fetchNextPage()}>
          {strings.history.older}
        </Button>
      )}
      {forgotten !== undefined && !history.hasNextPage && <p className="secondary">{strings.history.forgotten(forgotten)}</p>}
      {compared && newest !== undefined && <CompareRevision kind={kind} scope={scope} id={id} from={compared.revision} to={newest} onClose={() => setCompared(undefined)} />}
      {review && (
        <ReviewEdit
          scope={scope}
          words={strings.history.review(review.order.revision)}
          preview={review.preview}
          ownRequests={words.ownRequests}
          busy={act.isPending}
          error={act.error ?? undefined}
          onClose={close}
          onSave={(why) =>
            act.mutate(
              { ...review.order, why },
              {
                onSuccess: () => {
                  void message.success(strings.history.restored(review.order.revision));
                  close();
                },
                onError: (error) => overtaken(error) && close(),
              },
            )
          }
        />
      )}
    </Page>
  );
}
