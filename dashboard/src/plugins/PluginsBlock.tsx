import { StateText } from '../components/StateText';
import { strings } from '../strings';
import { inOrder, isOn, priority, summaryOf, type Plugins } from './model';
import { usePlugins } from './queries';

const words = strings.plugins;

/** The plugins on an object, in the order in which they run, and which of them are off; nothing where there are none. */
export function PluginsBlock({ plugins = {} }: { plugins?: Plugins }) {
  const known = usePlugins().data ?? [];
  if (Object.keys(plugins).length === 0) return null;
  return (
    <section aria-labelledby="plugins" className="block">
      <h2 id="plugins">{words.title}</h2>
      <ol className="panel panel-padded plugin-lines">
        {inOrder(plugins, known).map((name) => {
          const config = plugins[name];
          const place = priority(config, known.find((plugin) => plugin.name === name));
          return (
            <li key={name}>
              <StateText tone={isOn(config) ? 'good' : 'off'}>{isOn(config) ? words.on : words.off}</StateText>
              <strong>{name}</strong>
              <code className="plugin-summary" title={summaryOf(config)}>
                {summaryOf(config)}
              </code>
              <span className="secondary numbers" title={words.priorityHint}>
                {place !== undefined && words.priority(place)}
              </span>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
