import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { LIVE } from '../api/live';
import { toBody, type Question } from './question';

export type Explanation = Schemas['explanation'];
export type ExplainedUpstream = Schemas['explained_upstream'];
export type Candidate = Schemas['pick_candidate'];
export type RecentRequest = Schemas['recent_request'];

const EXPLAIN = 'explain';

/** What the instances of a group do with a request: asked once a question, and again when somebody asks again. */
export const useExplanation = (group: string, question?: Question) =>
  useQuery({
    queryKey: [EXPLAIN, group, question],
    queryFn: () => answer(api.POST('/api/explain', { params: { query: { gateway_group_id: group, ...(question!.instance && { instance_id: question!.instance }) } }, body: toBody(question!) })),
    enabled: question !== undefined,
    placeholderData: (before) => (question === undefined ? undefined : keepPreviousData(before)),
    staleTime: Infinity,
    retry: false,
  });

/** Whose requests are meant, and how many of them. */
export interface RecentFilter {
  /** Key of the upstream's owner: `upstreams/1`. */
  upstream?: string;
  instance?: string;
  limit: number;
}

/** What was done with the latest requests of a group, live. */
export const useRecent = (group: string, { upstream, instance, limit }: RecentFilter) =>
  useQuery({
    queryKey: [EXPLAIN, group, 'recent', upstream, instance, limit],
    queryFn: () => answer(api.GET('/api/explain/recent', { params: { query: { gateway_group_id: group, limit, ...(upstream && { upstream }), ...(instance && { instance_id: instance }) } } })),
    refetchInterval: LIVE,
    retry: false,
  });
