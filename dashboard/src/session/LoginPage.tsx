import { useMutation } from '@tanstack/react-query';
import { Alert, Button, Form, Input } from 'antd';
import { Navigate, useNavigate, useSearchParams } from 'react-router';
import { answer, api, type Schemas } from '../api/client';
import { strings } from '../strings';
import { EntryPage } from './EntryPage';
import { destination } from './RequireSession';
import { useSessionState } from './SessionContext';

/** Name and password. */
export function LoginPage() {
  const { session, set } = useSessionState();
  const navigate = useNavigate();
  const [search] = useSearchParams();
  const login = useMutation({
    mutationFn: (body: Schemas['login']) => answer(api.POST('/api/session', { body })),
    onSuccess: ({ value }) => {
      set(value);
      void navigate(value.must_change_password ? `/password?from=${encodeURIComponent(destination(search))}` : destination(search), { replace: true });
    },
  });

  if (session && !login.isPending) return <Navigate to={destination(search)} replace />;
  return (
    <EntryPage title={strings.login.title}>
      {search.has('from') && !login.isError && <Alert type="info" showIcon title={strings.login.needed} className="entry-alert" />}
      {login.isError && <Alert type="error" showIcon role="alert" title={login.error.message} className="entry-alert" />}
      <Form layout="vertical" requiredMark={false} onFinish={login.mutate}>
        <Form.Item name="username" label={strings.login.username} rules={[{ required: true, message: strings.login.usernameMissing }]}>
          <Input autoFocus autoComplete="username" size="large" />
        </Form.Item>
        <Form.Item name="password" label={strings.login.password} rules={[{ required: true, message: strings.login.passwordMissing }]}>
          <Input.Password autoComplete="current-password" size="large" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={login.isPending}>
          {strings.login.submit}
        </Button>
      </Form>
    </EntryPage>
  );
}
