import { DeleteOutlined, EditOutlined } from '@ant-design/icons';
import { Button, Switch } from 'antd';
import type { Problem } from '../api/errors';
import { strings } from '../strings';
import { isOn, priority, summaryOf, turned } from './model';
import type { Plugin } from './queries';

interface PluginCardProps {
  name: string;
  /** Undefined of one that this gateway does not have. */
  plugin?: Plugin;
  config: unknown;
  problems: Problem[];
  onChange: (config: unknown) => void;
  onEdit: () => void;
  onRemove: () => void;
}

const words = strings.plugins;

/** A plugin where it is used: what it does, what is set, whether it runs. */
export function PluginCard({ name, plugin, config, problems, onChange, onEdit, onRemove }: PluginCardProps) {
  const place = priority(config, plugin);
  const on = isOn(config);
  return (
    <li className="plugin-card" data-wrong={problems.length > 0}>
      <div className="plugin-text">
        <div className="plugin-name">
          <strong>{name}</strong>
          {place !== undefined && (
            <span className="secondary numbers" title={words.priorityHint}>
              {words.priority(place)}
            </span>
          )}
          {!on && <span className="secondary">{words.off}</span>}
        </div>
        <div className="secondary">{plugin ? words.does[name] : words.unknown}</div>
        <code className="plugin-summary" title={summaryOf(config, plugin)}>
          {summaryOf(config, plugin)}
        </code>
        {problems.map(({ path, message }) => (
          <div key={path.join('.') + message} className="field-problem" role="alert">
            {[...(path.length > 0 ? [path.join('.')] : []), message].join(': ')}
          </div>
        ))}
      </div>
      <div className="plugin-actions">
        <Switch size="small" aria-label={words.enabled(name)} title={words.enabled(name)} checked={on} onChange={(next) => onChange(turned(config, next))} />
        <Button type="text" icon={<EditOutlined />} aria-label={words.edit(name)} title={words.edit(name)} onClick={onEdit} />
        <Button type="text" danger icon={<DeleteOutlined />} aria-label={words.remove(name)} title={words.remove(name)} onClick={onRemove} />
      </div>
    </li>
  );
}
