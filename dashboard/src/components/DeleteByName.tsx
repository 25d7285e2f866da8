import { useMutation } from '@tanstack/react-query';
import { Alert, App, Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { strings } from '../strings';

interface DeleteByNameProps {
  /** What it is: "gateway group". */
  kind: string;
  name: string;
  /** What goes with it. */
  consequence: ReactNode;
  /** Deletes it; rejects with why the server refused, which is shown. */
  remove: () => Promise<unknown>;
  onDeleted?: () => void;
  onClose: () => void;
}

/** Asks for the name of what is to be deleted, so that nobody deletes by a slip; deletes it, and says so. */
export function DeleteByName({ kind, name, consequence, remove, onDeleted, onClose }: DeleteByNameProps) {
  const { message } = App.useApp();
  const [typed, setTyped] = useState('');
  const removal = useMutation({ mutationFn: remove });
  const matches = typed === name;
  const act = () =>
    removal.mutate(undefined, {
      onSuccess: () => {
        void message.success(strings.common.deleted(name));
        onClose();
        onDeleted?.();
      },
    });
  return (
    <Modal
      open
      title={strings.common.deleteTitle(kind, name)}
      okText={strings.common.delete}
      okButtonProps={{ danger: true, disabled: !matches, loading: removal.isPending }}
      cancelText={strings.common.cancel}
      onOk={act}
      onCancel={onClose}
      destroyOnHidden
    >
      <p>{consequence}</p>
      <Form layout="vertical" onFinish={() => matches && act()}>
        <Form.Item label={strings.common.typeName(name)} htmlFor="delete-name">
          <Input id="delete-name" autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Form.Item>
      </Form>
      {removal.error && <Alert type="error" showIcon role="alert" title={removal.error.message} />}
    </Modal>
  );
}
