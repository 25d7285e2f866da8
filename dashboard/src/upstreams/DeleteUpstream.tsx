import { App, Button, Modal, Spin } from 'antd';
import { ApiError } from '../api/errors';
import { DeleteByName } from '../components/DeleteByName';
import { ErrorPanel } from '../components/ErrorPanel';
import { strings } from '../strings';
import { userName } from './model';
import { deleteUpstream, useDeletePreview, useUpstreamChange, type Scope } from './queries';

interface DeleteUpstreamProps {
  scope: Scope;
  id: string;
  name: string;
  onDeleted?: () => void;
  onClose: () => void;
}

/** Deletes an upstream that nothing uses; of one in use it says who uses it. */
export function DeleteUpstream({ scope, id, name, onDeleted, onClose }: DeleteUpstreamProps) {
  const { message } = App.useApp();
  const preview = useDeletePreview(scope, id, true);
  const remove = useUpstreamChange(scope, () => deleteUpstream(scope, id));
  // Somebody may begin to use it between the look and the deletion.
  const users = (remove.error instanceof ApiError ? remove.error.body.users : undefined) ?? preview.data?.users;

  if (!preview.data || users?.length)
    return (
      <Modal open title={users ? strings.upstreams.inUseTitle(name) : strings.common.deleteTitle(strings.upstreams.one, name)} onCancel={onClose} footer={<Button onClick={onClose}>{strings.common.close}</Button>}>
        {preview.error ? <ErrorPanel error={preview.error} /> : !users ? <Spin /> : <Users users={users} />}
      </Modal>
    );
  return (
    <DeleteByName
      kind={strings.upstreams.one}
      name={name}
      consequence={strings.upstreams.deleteConsequence}
      error={remove.error?.message}
      busy={remove.isPending}
      onDelete={() =>
        remove.mutate(undefined, {
          onSuccess: () => {
            void message.success(strings.common.deleted(name));
            onClose();
            onDeleted?.();
          },
        })
      }
      onClose={onClose}
    />
  );
}

function Users({ users }: { users: string[] }) {
  return (
    <>
      <p>{strings.upstreams.inUse}</p>
      <ul className="users">
        {users.map((key) => (
          <li key={key}>{userName(key)}</li>
        ))}
      </ul>
    </>
  );
}
