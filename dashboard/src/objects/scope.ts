import { useMemo } from 'react';
import { useParams } from 'react-router';

/** Which workspace's objects are meant. */
export interface Scope {
  group: string;
  /** '' for what belongs to the gateway group as a whole. */
  workspace: string;
}

/** The workspace, or the gateway group, of the page's address. */
export function useScope(): Scope {
  const { group, workspace } = useParams();
  return useMemo(() => ({ group: group!, workspace: workspace ?? '' }), [group, workspace]);
}
