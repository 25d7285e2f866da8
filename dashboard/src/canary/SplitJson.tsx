import { Commands } from '../components/Commands';
import { strings } from '../strings';
import { PLUGIN, type SplitConfig } from './model';

/** The plugin's JSON, as it is and as it would be. */
export function SplitJson({ now, then }: { now?: SplitConfig; then?: SplitConfig }) {
  const words = strings.canary;
  return (
    <section aria-labelledby="split-json" className="block">
      <h2 id="split-json">{words.json}</h2>
      <div className="split-json">
        <Commands label={words.now} text={now ? textOf(now) : words.absent} />
        {then && <Commands label={words.then} text={textOf(then)} />}
      </div>
    </section>
  );
}

const textOf = (config: SplitConfig) => JSON.stringify({ [PLUGIN]: config }, null, 2);
