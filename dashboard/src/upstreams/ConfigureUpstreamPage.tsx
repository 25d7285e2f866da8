import { Alert, App, Button, Skeleton } from 'antd';
import { useState } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ApiError } from '../api/errors';
import { DifferenceList } from '../components/DifferenceList';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { upstreamPath } from '../paths';
import { strings } from '../strings';
import { toEntry, toUpstream, type UpstreamEntry } from './model';
import { previewEdit, saveEdit, useUpstream, useUpstreamChange, type Edit, type Preview, type Scope } from './queries';
import { ReviewEdit } from './ReviewEdit';
import { UpstreamEditor } from './UpstreamEditor';
import { useScope } from './useScope';

/** Changes an upstream: what differs and whom it touches is shown before it is saved. */
export function ConfigureUpstreamPage() {
  const scope = useScope();
  const id = useParams().id!;
  const upstream = useUpstream(scope, id);
  // What is edited stays what was opened, whatever is read anew meanwhile.
  const [opened, setOpened] = useState<typeof upstream.data>();
  if (opened === undefined && upstream.data && !upstream.isFetching) setOpened(upstream.data);

  return (
    <Page title={strings.upstreams.configureTitle(upstream.data?.value.name ?? id)}>
      {upstream.error && !opened ? (
        <ErrorPanel error={upstream.error} retry={() => void upstream.refetch()} />
      ) : opened ? (
        <Configure
          key={opened.etag}
          scope={scope}
          id={id}
          initial={toEntry(opened.value)}
          etag={opened.etag}
          onReload={() => {
            setOpened(undefined);
            void upstream.refetch();
          }}
        />
      ) : (
        <Skeleton active className="panel" />
      )}
    </Page>
  );
}

function Configure({ scope, id, initial, etag, onReload }: { scope: Scope; id: string; initial: UpstreamEntry; etag: string | null; onReload: () => void }) {
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [review, setReview] = useState<{ edit: Edit; preview: Preview }>();
  const [conflict, setConflict] = useState<{ error: ApiError; seen: string | null }>();
  const [basis, setBasis] = useState(etag);
  const save = useUpstreamChange(scope, (edit: Edit & { why?: string }) => saveEdit(scope, edit));
  const back = () => void navigate(upstreamPath(scope.group, scope.workspace, id));

  /** Someone else wrote in between: that is shown, not an error of a field. */
  const changed = (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 412) return false;
    setReview(undefined);
    setConflict({ error, seen: error.body.modifiedIndex === undefined ? null : `"${error.body.modifiedIndex}"` });
    return true;
  };

  const look = async (entry: UpstreamEntry) => {
    const edit = { id, body: toUpstream(entry), etag: basis };
    try {
      const preview = await previewEdit(scope, edit);
      setConflict(undefined);
      if (preview.would === 'nothing') void message.info(strings.upstreams.nothingChanged);
      else setReview({ edit, preview });
    } catch (error) {
      if (!changed(error)) throw error;
    }
  };

  return (
    <>
      {conflict && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          className="form-alert"
          title={strings.conflict.title(conflict.error.body.changes?.[0]?.who)}
          description={
            <>
              <p>{conflict.seen === null ? strings.conflict.deleted : strings.conflict.what}</p>
              <DifferenceList differences={conflict.error.body.difference ?? []} />
              <div className="choices">
                <Button onClick={onReload}>{strings.conflict.takeTheirs}</Button>
                {conflict.seen !== null && (
                  <Button
                    onClick={() => {
                      setBasis(conflict.seen);
                      setConflict(undefined);
                    }}
                  >
                    {strings.conflict.keepMine}
                  </Button>
                )}
              </div>
            </>
          }
        />
      )}
      <UpstreamEditor initial={initial} submitText={strings.upstreams.review} busy={save.isPending} onSubmit={look} onCancel={back} />
      {review && (
        <ReviewEdit
          preview={review.preview}
          busy={save.isPending}
          error={save.error ?? undefined}
          onClose={() => {
            setReview(undefined);
            save.reset();
          }}
          onSave={(why) =>
            save.mutate(
              { ...review.edit, why },
              {
                onSuccess: () => {
                  void message.success(strings.common.saved(id));
                  back();
                },
                onError: changed,
              },
            )
          }
        />
      )}
    </>
  );
}
