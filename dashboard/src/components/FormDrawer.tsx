import { Button, Drawer } from 'antd';
import type { ReactNode } from 'react';
import { strings } from '../strings';

interface FormDrawerProps {
  title: string;
  /** Said before it is sent. */
  hint?: string;
  submitText: string;
  busy?: boolean;
  /** Whether what is written cannot be sent. */
  disabled: boolean;
  onSubmit: () => void;
  onClose: () => void;
  /** The form. */
  children: ReactNode;
}

/** A form beside the page that it belongs to. */
export function FormDrawer({ title, hint, submitText, busy = false, disabled, onSubmit, onClose, children }: FormDrawerProps) {
  return (
    <Drawer
      open
      size={720}
      title={title}
      onClose={onClose}
      footer={
        <div className="drawer-actions">
          <span className="secondary">{hint}</span>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="primary" loading={busy} disabled={disabled} onClick={onSubmit}>
            {submitText}
          </Button>
        </div>
      }
    >
      {children}
    </Drawer>
  );
}
