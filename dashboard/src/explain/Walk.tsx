import type { ReactNode } from 'react';
import { ObjectLink } from '../objects/Users';
import type { Scope } from '../objects/scope';
import { StateText } from '../components/StateText';
import { strings } from '../strings';
import { Candidates } from './Candidates';
import { Choices } from './Choices';
import { Facts } from './Facts';
import { Pick } from './Pick';
import type { ExplainedUpstream, Explanation } from './queries';
import { typeName } from './typeName';

interface WalkProps {
  scope: Scope;
  explanation: Explanation;
  /** One of several upstreams is to be taken as chosen. */
  onChoose: (upstream: string) => void;
}

/** What is done with the request, step by step, as far as it gets. */
export function Walk({ scope, explanation, onChoose }: WalkProps) {
  const { route, upstream, revision } = explanation;
  const words = strings.explain;
  // Objects of a route stay in its workspace.
  const ofRoute = route ? { group: scope.group, workspace: route.workspace_id } : scope;
  return (
    <section aria-labelledby="answer" className="block">
      <div className="block-header">
        <h2 id="answer">{words.answer}</h2>
        <span className="secondary numbers">{words.atRevision(revision)}</span>
      </div>
      <div className="panel panel-padded walk-outcome" role="status">
        <Outcome explanation={explanation} />
      </div>
      <ol className="walk">
        <Step title={words.steps.route}>{route ? <Route scope={ofRoute} route={route} /> : explanation.status === 404 ? words.noRoute : words.beforeRoute}</Step>
        {explanation.upstream_chosen_by !== undefined && (
          <Step title={words.steps.choice}>
            <Choices scope={ofRoute} explanation={explanation} onChoose={onChoose} />
          </Step>
        )}
        {upstream && (
          <>
            <Step title={words.steps.upstream}>
              <Upstream scope={ofRoute} upstream={upstream} />
            </Step>
            <Step title={words.steps.nodes} wide>
              <Candidates upstream={upstream} />
            </Step>
            <Step title={words.steps.pick}>
              <Pick upstream={upstream} />
            </Step>
          </>
        )}
        {route && !upstream && explanation.outcome === 'refused' && <Step title={words.steps.upstream}>{words.notReached}</Step>}
      </ol>
    </section>
  );
}

function Step({ title, wide, children }: { title: string; wide?: boolean; children: ReactNode }) {
  return (
    <li>
      <h3>{title}</h3>
      <div className={wide ? '' : 'panel panel-padded'}>{children}</div>
    </li>
  );
}

function Outcome({ explanation: { outcome, status, reason, upstream, upstream_chosen_by } }: { explanation: Explanation }) {
  const words = strings.explain.outcomes;
  if (outcome === 'refused')
    return (
      <div className="name-and-id">
        <StateText tone="bad">{words.refused(status ?? 0)}</StateText>
        {reason !== null && <span>{reason}</span>}
      </div>
    );
  if (outcome === 'queued') return <StateText tone="warning">{words.queued}</StateText>;
  if (!upstream) return <StateText tone="good">{words.chosenLater(upstream_chosen_by ?? '')}</StateText>;
  return <StateText tone={upstream.uses_unusable ? 'warning' : 'good'}>{words.goesTo(upstream.picks[0] ?? '')}</StateText>;
}

function Route({ scope, route: { id, name, hosts, uris, priority } }: { scope: Scope; route: NonNullable<Explanation['route']> }) {
  const words = strings.explain.route;
  return (
    <>
      <p className="walk-object">
        <ObjectLink scope={scope} objectKey={`routes/${id}`} />
        {name !== null && name !== id && <span className="secondary"> {name}</span>}
      </p>
      <Facts items={[[words.hosts, hosts.length === 0 ? strings.explain.anyHost : hosts.join(', ')], [words.uris, uris.join(', ')], [words.priority, priority]]} />
    </>
  );
}

function Upstream({ scope, upstream: { key, type, tries_max, limits, uses_unusable } }: { scope: Scope; upstream: ExplainedUpstream }) {
  const words = strings.explain;
  const { rate_limit: rate, circuit_breaker: circuit, queue } = limits;
  return (
    <>
      <p className="walk-object">
        <ObjectLink scope={scope} objectKey={key} />
      </p>
      <Facts
        items={[
          [words.upstream.type, typeName(type)],
          [words.upstream.tries, tries_max],
          rate && [words.upstream.rateLimit, words.rateLeft(rate.left, rate.retry_after)],
          circuit && [words.upstream.circuitBreaker, circuit.admits ? words.circuit[circuit.state] : `${words.circuit[circuit.state]}; ${words.circuitRefuses(circuit.retry_after)}`],
          queue && [words.upstream.queue, words.queue(queue.waiting, queue.size)],
        ]}
      />
      {uses_unusable && <StateText tone="warning">{words.panic}</StateText>}
    </>
  );
}
