import { Alert } from 'antd';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import { useNodes } from '../upstreams/queries';
import type { SplitKind, Splittable } from './model';
import { useOwnerName } from './OwnerText';
import type { Sides } from './useSides';
import { useSplitBelow } from './useSplitBelow';

/** What is to be known before requests move to an upstream. */
export function MoveNotes({ scope, upstreamId }: { scope: Scope; upstreamId: string }) {
  const up = useNodes(scope, upstreamId, { state: 'up', size: 1 });
  const partial = useNodes(scope, upstreamId, { state: 'partial', size: 1 });
  const name = useOwnerName(scope, `upstreams/${upstreamId}`);
  if (!up.data || !partial.data || up.data.total + partial.data.total > 0) return null;
  return <Alert type="warning" showIcon className="form-alert" title={strings.canary.nothingUp(name)} />;
}

interface NotesProps {
  scope: Scope;
  kind: SplitKind;
  object: Splittable;
  split: Sides;
}

/** What 'all to the new' touches. */
export function ReleaseNotes({ scope, kind, object, split, upstreamId }: NotesProps & { upstreamId: string }) {
  const words = strings.canary;
  const next = useOwnerName(scope, `upstreams/${upstreamId}`);
  const own = useOwnerName(scope, split.own);
  const below = useSplitBelow(scope, kind, object, split);
  return (
    <>
      <MoveNotes scope={scope} upstreamId={upstreamId} />
      <p>{words.releaseNote(words.one[kind], next, own)}</p>
      {split.rules.some(({ conditions }) => conditions.length > 0) && <p>{words.releaseRule}</p>}
      {object.upstream !== undefined && <p>{words.releaseInline(words.one[kind])}</p>}
      {kind === 'routes' && split.service && object.upstream_id === undefined && object.upstream === undefined && <p>{words.releaseService}</p>}
      {split.routes.withUpstream.length > 0 && <p>{words.releaseRoutes(split.routes.withUpstream.join(', '))}</p>}
      {below && <p>{words.uncovers(below.name)}</p>}
    </>
  );
}

/** What 'back to the old' touches. */
export function ReturnNotes({ scope, kind, object, split }: NotesProps) {
  const words = strings.canary;
  const own = useOwnerName(scope, split.own);
  const below = useSplitBelow(scope, kind, object, split);
  return (
    <>
      <p>{words.backNote(own)}</p>
      {below && <p>{words.uncovers(below.name)}</p>}
    </>
  );
}
