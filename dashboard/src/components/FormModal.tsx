import { Alert, App, Form, Modal } from 'antd';
import { useState, type ReactNode } from 'react';
import { strings } from '../strings';
import { showProblems } from './formErrors';

interface FormModalProps<T extends object> {
  title: string;
  /** Begins the ids of the form's fields. */
  name: string;
  /** What is changed; none = something is made. */
  initial?: T;
  busy: boolean;
  /** Rejects with why the server refused, which is shown at the fields. */
  save: (values: T) => Promise<unknown>;
  onClose: () => void;
  /** The fields. */
  children: ReactNode;
}

/** A form with a name in it, in a dialog: saves, and says so. */
export function FormModal<T extends { name: string }>({ title, name, initial, busy, save, onClose, children }: FormModalProps<T>) {
  const [form] = Form.useForm<T>();
  const { message } = App.useApp();
  const [unplaced, setUnplaced] = useState<string[]>([]);
  const submit = async (values: T) => {
    try {
      await save(values);
      void message.success(strings.common.saved(values.name));
      onClose();
    } catch (error) {
      setUnplaced(showProblems(form, error));
    }
  };
  return (
    <Modal open title={title} okText={initial ? strings.common.save : strings.common.create} cancelText={strings.common.cancel} confirmLoading={busy} onOk={() => form.submit()} onCancel={onClose}>
      {unplaced.length > 0 && <Alert type="error" showIcon role="alert" title={unplaced.join(' ')} className="form-alert" />}
      <Form form={form} layout="vertical" initialValues={initial} onFinish={(values) => void submit(values)} name={name}>
        {children}
        {/* Enter in a field saves. */}
        <button type="submit" hidden />
      </Form>
    </Modal>
  );
}
