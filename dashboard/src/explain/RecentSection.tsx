import type { Scope } from '../objects/scope';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { RecentDecisions } from './RecentDecisions';

const SHOWN_MAX = 20;

/** The latest requests to an upstream, as a section of its page. They are told to who may see all of the group: any route of it may have taken them. */
export function RecentSection({ scope, upstream }: { scope: Scope; upstream: string }) {
  if (!useMay('viewer', scope.group)) return null;
  return (
    <section aria-labelledby="recent" className="block">
      <h2 id="recent">{strings.explain.recent.title}</h2>
      <RecentDecisions scope={scope} upstream={upstream} limit={SHOWN_MAX} />
    </section>
  );
}
