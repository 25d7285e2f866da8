import { App, Skeleton } from 'antd';
import { useState, type ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ApiError } from '../api/errors';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { objectPath } from '../paths';
import { strings } from '../strings';
import { ChangedMeanwhile } from './ChangedMeanwhile';
import { nameOf, type KindName, type ObjectKind } from './kinds';
import { ObjectEditor } from './ObjectEditor';
import { previewEdit, saveEdit, useObject, useObjectChange, type Edit, type Preview } from './queries';
import { ReviewEdit } from './ReviewEdit';
import { useScope, type Scope } from './scope';

interface ConfigurePageProps<K extends KindName, E extends object> {
  kind: ObjectKind<K, E>;
  /** The form's sections. */
  children: ReactNode;
}

/** Changes an object: what differs and whom it touches is shown before it is saved. */
export function ConfigurePage<K extends KindName, E extends object>({ kind, children }: ConfigurePageProps<K, E>) {
  const scope = useScope();
  const id = useParams().id!;
  const object = useObject(kind.name, scope, id);
  // What is edited stays what was opened, whatever is read anew meanwhile.
  const [opened, setOpened] = useState<typeof object.data>();
  if (opened === undefined && object.data && !object.isFetching) setOpened(object.data);

  return (
    <Page title={strings.objects.configureOf(object.data ? nameOf(object.data.value) : id)}>
      {object.error && !opened ? (
        <ErrorPanel error={object.error} retry={() => void object.refetch()} />
      ) : opened ? (
        <Configure
          key={opened.etag}
          kind={kind}
          scope={scope}
          id={id}
          initial={kind.toEntry(opened.value)}
          etag={opened.etag}
          onReload={() => {
            setOpened(undefined);
            void object.refetch();
          }}
        >
          {children}
        </Configure>
      ) : (
        <Skeleton active className="panel" />
      )}
    </Page>
  );
}

interface ConfigureProps<K extends KindName, E extends object> extends ConfigurePageProps<K, E> {
  scope: Scope;
  id: string;
  initial: E;
  etag: string | null;
  onReload: () => void;
}

function Configure<K extends KindName, E extends object>({ kind, scope, id, initial, etag, onReload, children }: ConfigureProps<K, E>) {
  const navigate = useNavigate();
  const { message } = App.useApp();
  const [review, setReview] = useState<{ edit: Edit<K>; preview: Preview }>();
  const [conflict, setConflict] = useState<ApiError>();
  const [basis, setBasis] = useState(etag);
  const save = useObjectChange(scope, (edit: Edit<K> & { why?: string }) => saveEdit(kind.name, scope, edit));
  const back = () => void navigate(objectPath(scope, kind.name, id));

  /** Someone else wrote in between: that is shown, not an error of a field. */
  const changed = (error: unknown) => {
    if (!(error instanceof ApiError) || error.status !== 412) return false;
    setReview(undefined);
    setConflict(error);
    return true;
  };

  const look = async (entry: E) => {
    const edit = { id, body: kind.toBody(entry), etag: basis };
    try {
      const preview = await previewEdit(kind.name, scope, edit);
      setConflict(undefined);
      if (preview.would === 'nothing') void message.info(strings.objects.nothingChanged);
      else setReview({ edit, preview });
    } catch (error) {
      if (!changed(error)) throw error;
    }
  };

  return (
    <>
      {conflict && (
        <ChangedMeanwhile
          one={kind.words.one}
          conflict={conflict}
          onTakeTheirs={onReload}
          onKeepMine={(seen) => {
            setBasis(seen);
            setConflict(undefined);
          }}
        />
      )}
      <ObjectEditor kind={kind} initial={initial} submitText={strings.objects.review} busy={save.isPending} onSubmit={look} onCancel={back}>
        {children}
      </ObjectEditor>
      {review && (
        <ReviewEdit
          scope={scope}
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
                  void message.success(strings.common.saved(nameOf(review.edit.body)));
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
