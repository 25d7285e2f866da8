import { Form, Input } from 'antd';
import { strings } from '../strings';

/** Name, id and description of what a form is about. An id is chosen once, when it is made. */
export function IdentityFields({ isNew }: { isNew: boolean }) {
  return (
    <>
      <Form.Item name="name" label={strings.common.name} rules={[{ required: true, message: strings.common.nameMissing }]}>
        <Input autoFocus autoComplete="off" maxLength={1024} />
      </Form.Item>
      {isNew && (
        <Form.Item name="id" label={strings.common.id} extra={strings.common.idHint}>
          <Input autoComplete="off" />
        </Form.Item>
      )}
      <Form.Item name="desc" label={strings.common.description}>
        <Input.TextArea rows={2} maxLength={256} />
      </Form.Item>
    </>
  );
}
