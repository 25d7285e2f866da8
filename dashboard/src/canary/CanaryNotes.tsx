import { Alert } from 'antd';
import { Link } from 'react-router';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { isOff, type SplitKind, type Splittable } from './model';
import type { Sides } from './useSides';
import { useSplitBelow } from './useSplitBelow';

/** What else says where requests go: that the split is switched off, that another acts, or would. */
export function CanaryNotes({ scope, kind, object, split }: { scope: Scope; kind: SplitKind; object: Splittable; split: Sides }) {
  const words = strings.canary;
  const below = useSplitBelow(scope, kind, object, split);
  return (
    <>
      {split.config && isOff(split.config) && <Alert type="warning" showIcon className="form-alert" title={words.off} />}
      {below && (
        <Alert
          type="info"
          showIcon
          className="form-alert"
          title={split.config ? words.covers(below.name) : words.acts(below.name)}
          {...(below.path !== undefined && { action: <Link to={below.path}>{words.lookAtIt}</Link> })}
        />
      )}
    </>
  );
}
