import { useMemo } from 'react';
import { useParams } from 'react-router';
import type { Scope } from './queries';

/** The workspace of the page's address. */
export function useScope(): Scope {
  const { group, workspace } = useParams();
  return useMemo(() => ({ group: group!, workspace: workspace! }), [group, workspace]);
}
