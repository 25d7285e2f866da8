import { useMutation } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input } from 'antd';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { answer, api } from '../api/client';
import { strings } from '../strings';
import { EntryPage } from './EntryPage';
import { destination } from './RequireSession';
import { useSessionState } from './SessionContext';

interface PasswordForm {
  old_password: string;
  new_password: string;
}

/** A new password: at the first login, and whenever one wants it. */
export function PasswordPage() {
  const { session, set } = useSessionState();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const { message } = App.useApp();
  const change = useMutation({
    mutationFn: ({ old_password, new_password }: PasswordForm) => answer(api.PUT('/api/session/password', { body: { old_password, new_password } })),
    onSuccess: ({ value }) => {
      set(value);
      void message.success(strings.password.done);
      void navigate(destination(search), { replace: true });
    },
  });

  if (session === null) return <Navigate to="/login" replace />;
  const forced = session?.must_change_password ?? false;
  return (
    <EntryPage title={strings.password.title}>
      {forced && !change.isError && <Alert type="info" showIcon title={strings.password.forced} className="entry-alert" />}
      {change.isError && <Alert type="error" showIcon role="alert" title={change.error.message} className="entry-alert" />}
      <Form<PasswordForm> layout="vertical" requiredMark={false} onFinish={change.mutate}>
        <Form.Item name="old_password" label={strings.password.old} rules={[{ required: true, message: strings.password.oldMissing }]}>
          <Input.Password autoFocus autoComplete="current-password" size="large" />
        </Form.Item>
        <Form.Item name="new_password" label={strings.password.new} extra={strings.password.rules} rules={[{ required: true, min: 12, max: 256, message: strings.password.length }]}>
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <Form.Item
          name="again"
          label={strings.password.again}
          dependencies={['new_password']}
          rules={[({ getFieldValue }) => ({ validator: (_, value) => (value === getFieldValue('new_password') ? Promise.resolve() : Promise.reject(new Error(strings.password.differs))) })]}
        >
          <Input.Password autoComplete="new-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={change.isPending}>
          {strings.password.submit}
        </Button>
        {!forced && (
          <Button type="text" block onClick={() => void navigate(destination(search))}>
            {strings.common.cancel}
          </Button>
        )}
      </Form>
    </EntryPage>
  );
}
