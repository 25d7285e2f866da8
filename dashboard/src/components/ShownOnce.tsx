import { Alert, Button, Modal } from 'antd';
import type { ReactNode } from 'react';
import { strings } from '../strings';
import { Commands } from './Commands';

interface ShownOnceProps {
  title: string;
  /** What is to be done with it. */
  hint: ReactNode;
  label: string;
  secret: string;
  onClose: () => void;
}

/** A secret that the server shows now and never again: the dialog closes only by saying that one has it. */
export function ShownOnce({ title, hint, label, secret, onClose }: ShownOnceProps) {
  return (
    <Modal
      open
      title={title}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      footer={
        <Button type="primary" onClick={onClose}>
          {strings.common.taken}
        </Button>
      }
    >
      <Alert type="warning" showIcon title={strings.common.shownOnce} description={hint} className="form-alert" />
      <Commands label={label} text={secret} />
    </Modal>
  );
}
