import { strings } from '../strings';
import { Facts } from './Facts';
import type { ExplainedUpstream } from './queries';

/** How the policy comes to a node, and the node of each try. */
export function Pick({ upstream: { type, random, hash, picks } }: { upstream: ExplainedUpstream }) {
  const words = strings.explain;
  return (
    <>
      {words.how[type] !== undefined && <p>{words.how[type]}</p>}
      {hash && (
        <Facts
          items={[
            [words.hash.key, hash.key === '' ? words.emptyKey : <code className="wrap">{hash.key}</code>],
            [words.hash.value, <span className="numbers">{hash.value}</span>],
            [words.hash.position, <span className="numbers">{words.hash.of(hash.position, hash.positions, hash.node)}</span>],
          ]}
        />
      )}
      {picks.length === 0 ? (
        <p>{words.noPick}</p>
      ) : (
        <ol className="picks">
          {picks.map((node, index) => (
            <li key={index}>
              <strong className="numbers">{node}</strong> <span className="secondary">{index === 0 ? words.first : words.later}</span>
            </li>
          ))}
        </ol>
      )}
      {picks.length > 0 && (random || !hash) && <p className="secondary">{random ? words.random : words.holds}</p>}
    </>
  );
}
