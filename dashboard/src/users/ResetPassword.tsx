import { Alert, Modal } from 'antd';
import { answer, api } from '../api/client';
import { ShownOnce } from '../components/ShownOnce';
import { strings } from '../strings';
import { useUserChange } from './queries';

/** Gives a user a new password, and shows it: once. */
export function ResetPassword({ name, onClose }: { name: string; onClose: () => void }) {
  const reset = useUserChange(() => answer(api.POST('/api/users/{name}/password', { params: { path: { name } } })));
  const password = reset.data?.value.password;
  if (password !== undefined) return <ShownOnce title={strings.users.resetDone(name)} hint={strings.users.passwordHint(name)} label={strings.users.password} secret={password} onClose={onClose} />;
  return (
    <Modal
      open
      title={strings.users.resetTitle(name)}
      okText={strings.users.reset}
      cancelText={strings.common.cancel}
      confirmLoading={reset.isPending}
      onOk={() => reset.mutate(undefined)}
      onCancel={onClose}
    >
      <p>{strings.users.resetConsequence}</p>
      {reset.error && <Alert type="error" showIcon role="alert" title={reset.error.message} />}
    </Modal>
  );
}
