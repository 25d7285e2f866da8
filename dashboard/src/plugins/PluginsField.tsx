import { PlusOutlined } from '@ant-design/icons';
import { Button, Form, Skeleton } from 'antd';
import { useState } from 'react';
import { ErrorPanel } from '../components/ErrorPanel';
import { below } from './controls/control';
import { strings } from '../strings';
import { AddPlugin } from './AddPlugin';
import { inOrder, isFor, problemsOf, type Plugins } from './model';
import { PluginCard } from './PluginCard';
import { PluginDrawer } from './PluginDrawer';
import { usePlugins, type PluginScope } from './queries';

interface PluginsFieldProps {
  scope: PluginScope;
  /** Given by the form. */
  id?: string;
  value?: Plugins;
  onChange?: (plugins: Plugins | undefined) => void;
}

/** The plugins of an object, as a field of its form: cards in the order in which they run. What the server refuses is told at the card and in its form. */
export function PluginsField({ scope, id, value = {}, onChange = () => {} }: PluginsFieldProps) {
  const known = usePlugins();
  const problems = problemsOf(Form.Item.useStatus().errors ?? [], value);
  const [adding, setAdding] = useState(false);
  const [edited, setEdited] = useState<string>();

  if (known.error) return <ErrorPanel error={known.error} retry={() => void known.refetch()} />;
  if (!known.data) return <Skeleton active paragraph={{ rows: 2 }} title={false} />;
  const find = (name: string) => known.data.find((plugin) => plugin.name === name);
  const remove = (name: string) => {
    const { [name]: _gone, ...rest } = value;
    onChange(Object.keys(rest).length === 0 ? undefined : rest);
  };

  return (
    <div id={id}>
      {problems
        .filter(({ path }) => path.length === 0)
        .map(({ message }) => (
          <div key={message} className="field-problem" role="alert">
            {message}
          </div>
        ))}
      {Object.keys(value).length === 0 ? (
        <p className="secondary">{strings.plugins.none}</p>
      ) : (
        <ol className="plugin-cards">
          {inOrder(value, known.data).map((name) => (
            <PluginCard
              key={name}
              name={name}
              plugin={find(name)}
              config={value[name]}
              problems={below(problems, name)}
              onChange={(config) => onChange({ ...value, [name]: config })}
              onEdit={() => setEdited(name)}
              onRemove={() => remove(name)}
            />
          ))}
        </ol>
      )}
      <Button icon={<PlusOutlined />} onClick={() => setAdding(true)}>
        {strings.plugins.add}
      </Button>
      {adding && (
        <AddPlugin
          offered={known.data.filter((plugin) => isFor(scope, plugin))}
          present={Object.keys(value)}
          onPick={({ name }) => {
            setAdding(false);
            setEdited(name);
          }}
          onClose={() => setAdding(false)}
        />
      )}
      {edited !== undefined && (
        <PluginDrawer
          key={edited}
          scope={scope}
          name={edited}
          plugin={find(edited)}
          config={value[edited] ?? {}}
          problems={below(problems, edited)}
          onDone={(config) => {
            onChange({ ...value, [edited]: config });
            setEdited(undefined);
          }}
          onClose={() => setEdited(undefined)}
        />
      )}
    </div>
  );
}
