import { strings } from '../strings';
import { inOrder, isOn, summaryOf, type Plugins } from './model';
import { usePlugins } from './queries';

/** The plugins of an object, in the order in which they run, for reading. */
export function PluginList({ plugins = {}, none = strings.plugins.none }: { plugins?: Plugins; none?: string }) {
  const known = usePlugins().data ?? [];
  const names = inOrder(plugins, known);
  if (names.length === 0) return <div className="panel panel-padded secondary">{none}</div>;
  return (
    <ol className="plugin-cards panel panel-padded">
      {names.map((name) => (
        <li key={name} className="plugin-text">
          <div className="plugin-name">
            <strong>{name}</strong>
            <span className="secondary">{isOn(plugins[name]) ? strings.plugins.does[name] : strings.plugins.off}</span>
          </div>
          <code className="plugin-summary" title={summaryOf(plugins[name], known.find((plugin) => plugin.name === name))}>
            {summaryOf(plugins[name], known.find((plugin) => plugin.name === name))}
          </code>
        </li>
      ))}
    </ol>
  );
}
