import { useQuery } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { LIVE } from '../api/live';
import type { Scope } from '../objects/scope';
import { ratesOf, type Rates } from '../upstreams/traffic';

/** What these routes get, live, by their ids. Of routes only requests are counted. */
export function useRouteRates({ group, workspace }: Scope, ids: string[]): Rates {
  const route = ids.join(',');
  const query = useQuery({
    queryKey: ['traffic', group, workspace, 'route', route],
    queryFn: () => answer(api.GET('/api/gateway_groups/{group}/traffic', { params: { path: { group }, query: { by: 'route', route, workspace_id: workspace, page_size: 500 } } })),
    enabled: ids.length > 0,
    refetchInterval: LIVE,
    retry: false,
  });
  return ratesOf(query, (row) => row.route);
}
