import { Alert, Form, Input, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { strings } from '../strings';

interface DeleteByNameProps {
  /** What it is: "gateway group". */
  kind: string;
  name: string;
  /** What goes with it. */
  consequence: ReactNode;
  /** Why the server refused. */
  error?: ReactNode;
  busy: boolean;
  onDelete: () => void;
  onClose: () => void;
}

/** Asks for the name of what is to be deleted, so that nobody deletes by a slip. */
export function DeleteByName({ kind, name, consequence, error, busy, onDelete, onClose }: DeleteByNameProps) {
  const [typed, setTyped] = useState('');
  const matches = typed === name;
  return (
    <Modal
      open
      title={strings.common.deleteTitle(kind, name)}
      okText={strings.common.delete}
      okButtonProps={{ danger: true, disabled: !matches, loading: busy }}
      cancelText={strings.common.cancel}
      onOk={onDelete}
      onCancel={onClose}
      destroyOnHidden
    >
      <p>{consequence}</p>
      <Form layout="vertical" onFinish={() => matches && onDelete()}>
        <Form.Item label={strings.common.typeName(name)} htmlFor="delete-name">
          <Input id="delete-name" autoFocus autoComplete="off" value={typed} onChange={(event) => setTyped(event.target.value)} />
        </Form.Item>
      </Form>
      {error !== undefined && <Alert type="error" showIcon role="alert" title={error} />}
    </Modal>
  );
}
