import { Button, Result, Spin } from 'antd';
import { Navigate, Outlet, useLocation } from 'react-router';
import { strings } from '../strings';
import { useSessionState } from './SessionContext';

/** Leads to the login, and to the change of a password that somebody else gave, before anything else is shown. */
export function RequireSession() {
  const { session, error, retry } = useSessionState();
  const location = useLocation();
  if (error)
    return <Result status="warning" title={strings.errors.noGateway} subTitle={error.message} extra={<Button type="primary" onClick={retry}>{strings.common.retry}</Button>} />;
  if (session === undefined) return <Spin fullscreen description={strings.common.loading} />;
  const from = location.pathname + location.search;
  if (session === null) return <Navigate to={loginPath(from)} replace />;
  if (session.must_change_password) return <Navigate to={`/password?from=${encodeURIComponent(from)}`} replace />;
  return <Outlet />;
}

/** The login page that leads back to where one was. */
export function loginPath(from: string): string {
  return from === '/' ? '/login' : `/login?from=${encodeURIComponent(from)}`;
}

/** Where a login leads: only to paths of this page, never to another site. */
export function destination(search: URLSearchParams): string {
  const from = search.get('from') ?? '/';
  return from.startsWith('/') && !from.startsWith('//') && !from.startsWith('/\\') ? from : '/';
}
