import { App, Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { ErrorPanel } from '../components/ErrorPanel';
import { Page } from '../components/Page';
import { listPath, objectPath } from '../paths';
import { strings } from '../strings';
import { idOf, nameOf, type KindName, type ObjectKind } from './kinds';
import { ObjectEditor } from './ObjectEditor';
import { createObject, useObject, useObjectChange } from './queries';
import { useScope } from './scope';

interface CreatePageProps<K extends KindName, E extends object> {
  kind: ObjectKind<K, E>;
  /** The form's sections. */
  children: ReactNode;
}

/** Makes an object: a new one, or with `?from=ID` a copy of another. */
export function CreatePage<K extends KindName, E extends object>({ kind, children }: CreatePageProps<K, E>) {
  const scope = useScope();
  const navigate = useNavigate();
  const { message } = App.useApp();
  const from = useSearchParams()[0].get('from') ?? undefined;
  const original = useObject(kind.name, scope, from);
  const create = useObjectChange(scope, (entry: E) => createObject(kind.name, scope, kind.toBody(entry)));

  return (
    <Page title={from === undefined ? kind.words.create : strings.objects.duplicateTitle(original.data ? nameOf(original.data.value) : from)}>
      {original.error ? (
        <ErrorPanel error={original.error} retry={() => void original.refetch()} />
      ) : from !== undefined && !original.data ? (
        <Skeleton active className="panel" />
      ) : (
        <ObjectEditor
          kind={kind}
          initial={original.data ? copyOf(kind, kind.toEntry(original.data.value)) : kind.start}
          submitText={strings.common.create}
          busy={create.isPending}
          onSubmit={async (entry) => {
            const { value: made } = await create.mutateAsync(entry);
            void message.success(strings.common.created(nameOf(made)));
            void navigate(objectPath(scope, kind.name, idOf(made)));
          }}
          onCancel={() => void navigate(listPath(scope, kind.name))}
        >
          {children}
        </ObjectEditor>
      )}
    </Page>
  );
}

/** What is copied gets an id of its own, and a name that tells it from the other. */
function copyOf<K extends KindName, E extends object>(kind: ObjectKind<K, E>, entry: E): E {
  const copy: E & { id?: unknown; username?: unknown; name?: unknown } = { ...(kind.toCopy?.(entry) ?? entry) };
  delete copy.id;
  delete copy.username;
  if (typeof copy.name === 'string') copy.name = strings.objects.copyName(copy.name);
  return copy;
}
