import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { LIVE, LIVE_ROWS } from '../api/live';
import { OBJECTS, within } from '../objects/queries';
import type { Scope } from '../objects/scope';

export type Upstream = Schemas['upstream'];
export type UpstreamNode = Schemas['node'];
export type Override = Schemas['override'];
export type NodeChange = Schemas['node_change'];

/** The nodes of an upstream as an instance sees them, live. */
export const useNodes = (scope: Scope, id: string, interval: number = LIVE) =>
  useQuery({
    queryKey: [OBJECTS, scope, 'upstreams', 'nodes', id],
    queryFn: () => answer(api.GET('/api/upstreams/{id}/nodes', { params: { path: { id }, query: within(scope) } })),
    refetchInterval: interval,
    retry: false,
  });

/** What happened to a node, newest first, live. */
export const useTimeline = (scope: Scope, id: string, node: string) =>
  useQuery({
    queryKey: [OBJECTS, scope, 'upstreams', 'timeline', id, node],
    queryFn: () => answer(api.GET('/api/upstreams/{id}/nodes/{node}/timeline', { params: { path: { id, node }, query: within(scope) } })),
    refetchInterval: LIVE,
    retry: false,
  });

/** What happened to all nodes of an upstream, newest first, live. */
export const useUpstreamTimeline = (scope: Scope, id: string) =>
  useQuery({
    queryKey: [OBJECTS, scope, 'upstreams', 'timeline', id],
    queryFn: () => answer(api.GET('/api/upstreams/{id}/timeline', { params: { path: { id }, query: within(scope) } })),
    refetchInterval: LIVE_ROWS,
    retry: false,
  });

/** The overrides of an upstream's nodes, live. */
export const useOverrides = (scope: Scope, id: string) =>
  useQuery({
    queryKey: [OBJECTS, scope, 'upstreams', 'overrides', id],
    queryFn: () => answer(api.GET('/api/overrides', { params: { query: within(scope) } })),
    select: ({ list }) => list.filter((override) => override.upstream === `upstreams/${id}`),
    refetchInterval: LIVE,
    retry: false,
  });

/** Drains a node, or forces it up or down. */
export const orderOverride = (scope: Scope, id: string, node: string, body: Schemas['override_order']) =>
  answer(api.PUT('/api/upstreams/{id}/nodes/{node}/override', { params: { path: { id, node }, query: within(scope) }, body }));

/** Takes an operator's word on a node back. */
export const releaseOverride = (scope: Scope, id: string, node: string) =>
  answer(api.DELETE('/api/upstreams/{id}/nodes/{node}/override', { params: { path: { id, node }, query: within(scope) } }));
