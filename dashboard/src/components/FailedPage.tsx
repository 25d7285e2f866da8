import { Result } from 'antd';
import { Link, useRouteError } from 'react-router';
import { groupsPath } from '../paths';
import { strings } from '../strings';

/** An address that leads nowhere. */
export function NotFoundPage() {
  return <Result status="404" icon={null} title={strings.errors.notFoundTitle} subTitle={strings.errors.notFound} extra={<Link to={groupsPath()}>{strings.errors.home}</Link>} />;
}

/** A page that threw: the rest of the dashboard goes on. */
export function FailedPage() {
  const error = useRouteError();
  return <Result status="error" title={strings.errors.broken} subTitle={error instanceof Error ? error.message : String(error)} extra={<Link to={groupsPath()}>{strings.errors.home}</Link>} />;
}
