import { strings } from '../strings';
import { scoreText } from './Candidates';
import type { RecentRequest } from './queries';
import { typeName } from './typeName';

/** Why a request got its nodes, as far as it was kept: what was picked from and by which policy, what it compared, who was left out. */
export function WhyThisNode({ request: { type, candidates_count, uses_unusable, tries, excluded } }: { request: RecentRequest }) {
  const words = strings.explain.recent;
  if (type === null) return strings.common.none;
  return (
    <div className="name-and-id">
      <span>
        {words.among(typeName(type), candidates_count)}
        {uses_unusable && `, ${words.panic}`}
      </span>
      {tries.map(({ score, drawn, hash }, index) => {
        const [first, challenger] = drawn ?? [];
        const known = [
          score !== undefined && words.score(scoreText(score)),
          first !== undefined && challenger !== undefined && words.drawn(first, challenger),
          hash !== undefined && words.hash(hash),
        ].filter((text) => text !== false);
        return known.length === 0 ? null : (
          <span key={index} className="secondary numbers">
            {tries.length > 1 && `${index + 1}: `}
            {known.join('; ')}
          </span>
        );
      })}
      {excluded.map(({ node, why }) => (
        <span key={node} className="secondary">
          {words.leftOut(node, why.map((one) => strings.explain.exclusions[one].toLowerCase()).join(', '))}
        </span>
      ))}
    </div>
  );
}
