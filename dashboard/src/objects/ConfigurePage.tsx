import { App, Skeleton } from 'antd';
import { useState, type ReactNode } from 'react';
import { useNavigate, useParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { objectPath } from '../paths';
import { strings } from '../strings';
import { nameOf, type KindName, type ObjectKind, type Stored } from './kinds';
import { ObjectEditor } from './ObjectEditor';
import { previewEdit, saveEdit, useObject } from './queries';
import { useScope, type Scope } from './scope';
import { useReviewedEdit } from './useReviewedEdit';

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
  const back = () => void navigate(objectPath(scope, kind.name, id));
  const { look, isSaving, conflict, dialog } = useReviewedEdit<Stored[K]>({
    scope,
    one: kind.words.one,
    ownRequests: kind.words.ownRequests,
    etag,
    preview: (write) => previewEdit(kind.name, scope, { id, ...write }),
    save: (write) => saveEdit(kind.name, scope, { id, ...write }),
    onSaved: (body) => {
      void message.success(strings.common.saved(nameOf(body)));
      back();
    },
    onTakeTheirs: onReload,
  });

  return (
    <>
      {conflict}
      <ObjectEditor kind={kind} initial={initial} submitText={strings.objects.review} busy={isSaving} onSubmit={(entry) => look(kind.toBody(entry))} onCancel={back}>
        {children}
      </ObjectEditor>
      {dialog}
    </>
  );
}
