import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { OBJECTS, within } from '../objects/queries';
import type { Scope } from '../objects/scope';

/** How many routes name a service. The answer holds the fewest that a page may have: only their number is asked for. */
export const useRouteCount = (scope: Scope, id: string) =>
  useQuery({
    queryKey: [OBJECTS, scope, 'services', 'routes', id],
    queryFn: () => answer(api.GET('/api/routes', { params: { query: { ...within(scope), page: 1, page_size: 10, filter: new URLSearchParams({ service_id: id }).toString() } } })),
    select: ({ total }) => total,
  });
