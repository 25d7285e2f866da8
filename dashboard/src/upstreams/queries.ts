import { useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { LIVE, LIVE_ROWS } from '../api/live';
import { OBJECTS, within } from '../objects/queries';
import type { Scope } from '../objects/scope';

export type Upstream = Schemas['upstream'];
export type UpstreamNode = Schemas['node'];
export type Override = Schemas['override'];
export type NodeChange = Schemas['node_change'];

/** What nodes stand in: an upstream, or a route or service with an upstream of its own. */
export type OwnerKind = 'upstreams' | 'routes' | 'services';

// Every kind has the same operations; the document types each of them.
const nodesOf = (kind: OwnerKind) => `/api/${kind}/{id}/nodes` as '/api/upstreams/{id}/nodes';

/** Nodes on a page of the table. */
export const NODES_PAGE = 50;

/** Which nodes of an upstream are asked for. */
export interface NodeChoice {
  search?: string;
  state?: 'up' | 'down' | 'out' | 'partial';
  /** From 1. */
  page?: number;
  size?: number;
}

/** A page of the nodes of an upstream as all instances see them together, live; how many there are, and are up, is told of all that are meant. */
export const useNodes = (scope: Scope, id: string, { search, state, page = 1, size = NODES_PAGE }: NodeChoice = {}, interval: number = LIVE, kind: OwnerKind = 'upstreams') =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'nodes', id, search, state, page, size],
    queryFn: () =>
      answer(api.GET(nodesOf(kind), { params: { path: { id }, query: { ...within(scope), page, page_size: size, ...(search && { search }), ...(state && { state }) } } })),
    // The page before, but not another upstream's.
    placeholderData: (before, query) => (query?.queryKey[4] === id ? before : undefined),
    refetchInterval: interval,
    retry: false,
  });

/** What happened to a node, newest first, live. */
export const useTimeline = (scope: Scope, id: string, node: string, kind: OwnerKind = 'upstreams') =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'timeline', id, node],
    queryFn: () => answer(api.GET(`${nodesOf(kind)}/{node}/timeline`, { params: { path: { id, node }, query: within(scope) } })),
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
export const useOverrides = (scope: Scope, id: string, kind: OwnerKind = 'upstreams') =>
  useQuery({
    queryKey: [OBJECTS, scope, kind, 'overrides', id],
    queryFn: () => answer(api.GET(`/api/${kind}/{id}/overrides` as '/api/upstreams/{id}/overrides', { params: { path: { id }, query: within(scope) } })),
    select: ({ list }) => list,
    refetchInterval: LIVE,
    retry: false,
  });

/** Drains a node, or forces it up or down. */
export const orderOverride = (scope: Scope, id: string, node: string, body: Schemas['override_order'], kind: OwnerKind = 'upstreams') =>
  answer(api.PUT(`${nodesOf(kind)}/{node}/override`, { params: { path: { id, node }, query: within(scope) }, body }));

/** Takes an operator's word on a node back. */
export const releaseOverride = (scope: Scope, id: string, node: string, kind: OwnerKind = 'upstreams') =>
  answer(api.DELETE(`${nodesOf(kind)}/{node}/override`, { params: { path: { id, node }, query: within(scope) } }));
