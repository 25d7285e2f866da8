import { Button, Modal, Spin } from 'antd';
import { ApiError } from '../api/errors';
import { DeleteByName } from '../components/DeleteByName';
import { ErrorPanel } from '../components/ErrorPanel';
import { strings } from '../strings';
import type { ObjectKind } from './kinds';
import { deleteObject, useDeletePreview, useObjectChange } from './queries';
import type { Scope } from './scope';
import { Users } from './Users';

interface DeleteObjectProps {
  kind: Pick<ObjectKind, 'name' | 'words'>;
  scope: Scope;
  id: string;
  name: string;
  onDeleted?: () => void;
  onClose: () => void;
}

/** Deletes an object that nothing uses; of one in use it says who uses it. */
export function DeleteObject({ kind, scope, id, name, onDeleted, onClose }: DeleteObjectProps) {
  const preview = useDeletePreview(kind.name, scope, id);
  const remove = useObjectChange<void, unknown>(scope, () => deleteObject(kind.name, scope, id));
  // Somebody may begin to use it between the look and the deletion.
  const users = (remove.error instanceof ApiError ? remove.error.body.users : undefined) ?? preview.data?.users;

  if (!preview.data || users?.length)
    return (
      <Modal open title={users ? strings.objects.inUseTitle(name) : strings.common.deleteTitle(kind.words.one, name)} onCancel={onClose} footer={<Button onClick={onClose}>{strings.common.close}</Button>}>
        {preview.error ? (
          <ErrorPanel error={preview.error} />
        ) : !users ? (
          <Spin />
        ) : (
          <>
            <p>{strings.objects.inUse(kind.words.one)}</p>
            <Users scope={scope} users={users.map((key) => preview.data?.affected.list.find((one) => one.key === key) ?? { key })} />
          </>
        )}
      </Modal>
    );
  return (
    <DeleteByName
      kind={kind.words.one}
      name={name}
      consequence={[kind.words.deleteConsequence, ...(preview.data.also_deleted?.length ? [strings.objects.alsoDeleted(preview.data.also_deleted.length)] : [])].join(' ')}
      remove={() => remove.mutateAsync()}
      onDeleted={onDeleted}
      onClose={onClose}
    />
  );
}
