import { Alert } from 'antd';
import { Link } from 'react-router';
import type { Scope } from '../objects/scope';
import { objectPath } from '../paths';
import { strings } from '../strings';
import type { Reason, SplitKind } from './model';

/** That a split is shown and not edited, why, and where it can be edited. */
export function ReadOnlySplit({ scope, kind, id, reason }: { scope: Scope; kind: SplitKind; id: string; reason: Reason }) {
  return (
    <Alert
      type="info"
      showIcon
      className="form-alert"
      title={strings.canary.readOnly}
      description={
        <>
          {strings.canary.reasons[reason]} <Link to={objectPath(scope, kind, id, 'configure')}>{strings.canary.toJson}</Link>
        </>
      }
    />
  );
}
