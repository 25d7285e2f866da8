import { Drawer, Input } from 'antd';
import { useState } from 'react';
import { strings } from '../strings';
import type { Plugin } from './queries';

interface AddPluginProps {
  /** Those that may be added. */
  offered: Plugin[];
  /** Names of those that are there. */
  present: string[];
  onPick: (plugin: Plugin) => void;
  onClose: () => void;
}

const words = strings.plugins;

/** The plugins that may be added, by what they are for; search goes by name and by what they do. */
export function AddPlugin({ offered, present, onPick, onClose }: AddPluginProps) {
  const [search, setSearch] = useState('');
  const wanted = search.trim().toLowerCase();
  const found = offered.filter(({ name }) => `${name} ${words.does[name] ?? ''}`.toLowerCase().includes(wanted));
  const grouped = new Set(words.groups.flatMap(({ names }) => names));
  const groups = [...words.groups, { title: words.others, names: offered.map(({ name }) => name).filter((name) => !grouped.has(name)) }]
    .map(({ title, names }) => ({ title, plugins: names.flatMap((name) => found.filter((plugin) => plugin.name === name)) }))
    .filter(({ plugins }) => plugins.length > 0);

  return (
    <Drawer open size={560} title={words.add} onClose={onClose}>
      <Input.Search autoFocus allowClear aria-label={words.search} placeholder={words.search} value={search} onChange={({ target }) => setSearch(target.value)} />
      {groups.length === 0 && <p className="secondary">{words.noMatch(search.trim())}</p>}
      {groups.map(({ title, plugins }) => (
        <section key={title} aria-label={title} className="plugin-group">
          <h3>{title}</h3>
          <ul>
            {plugins.map((plugin) => (
              <li key={plugin.name}>
                <button type="button" disabled={present.includes(plugin.name)} onClick={() => onPick(plugin)}>
                  <strong>{plugin.name}</strong>
                  <span className="secondary">{present.includes(plugin.name) ? words.here : words.does[plugin.name]}</span>
                </button>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </Drawer>
  );
}
