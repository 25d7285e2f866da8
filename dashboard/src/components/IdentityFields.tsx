import { Form, Input } from 'antd';
import { strings } from '../strings';

interface IdentityFieldsProps {
  /** Whether it is being made: an id is chosen once, then. */
  isNew: boolean;
  /** Which of them has to be given. */
  required?: 'name' | 'id';
  /** Letters that a name may have. */
  nameMax?: number;
  /** What is said of the id. */
  idHint?: string;
}

/** Name, id and description of what a form is about. */
export function IdentityFields({ isNew, required, nameMax = 256, idHint = strings.common.idHint }: IdentityFieldsProps) {
  return (
    <>
      <Form.Item name="name" label={strings.common.name} rules={[{ required: required === 'name', message: strings.common.nameMissing }]}>
        {/* Forms that need a name are dialogs which begin with it. */}
        <Input autoFocus={required === 'name'} autoComplete="off" maxLength={nameMax} />
      </Form.Item>
      {isNew && (
        <Form.Item name="id" label={strings.common.id} extra={idHint} rules={[{ required: required === 'id', message: strings.common.idMissing }]}>
          <Input autoComplete="off" spellCheck={false} maxLength={64} />
        </Form.Item>
      )}
      <Form.Item name="desc" label={strings.common.description}>
        <Input.TextArea rows={2} maxLength={256} />
      </Form.Item>
    </>
  );
}
