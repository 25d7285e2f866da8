import { conditionText } from '../conditions/words';
import type { Scope } from '../objects/scope';
import { strings } from '../strings';
import type { Rule } from './model';
import { OwnerText } from './OwnerText';
import { shareText } from './shareText';

/** The rules of a split, as they act. */
export function RulesInWords({ scope, rules, own }: { scope: Scope; rules: Rule[]; own?: string }) {
  const words = strings.canary;
  return (
    <ol className="panel panel-padded split-rules">
      {rules.map(({ conditions, targets }, at) => (
        <li key={at} aria-label={words.rule(at + 1)}>
          <div className="wrap">
            {typeof conditions === 'string' ? (
              <>
                {words.where('')}
                <code>{conditions}</code>
              </>
            ) : conditions.length === 0 ? (
              words.everyRequest
            ) : (
              words.where(conditions.map(conditionText).join(words.and))
            )}
          </div>
          <ul>
            {targets.map(({ owner, share }) => (
              <li key={owner ?? ''}>
                <span className="numbers">{shareText(share)}</span> <OwnerText scope={scope} owner={owner ?? own} />
              </li>
            ))}
          </ul>
        </li>
      ))}
    </ol>
  );
}
