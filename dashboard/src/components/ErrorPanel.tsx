import { Alert, Button } from 'antd';
import { strings } from '../strings';

/** That something could not be read, why, and the way to try again. */
export function ErrorPanel({ error, retry }: { error: Error; retry?: () => void }) {
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="panel"
      title={strings.errors.title}
      description={error.message}
      action={retry && <Button onClick={retry}>{strings.common.retry}</Button>}
    />
  );
}
