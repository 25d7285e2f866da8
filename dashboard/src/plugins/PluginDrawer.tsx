import { Button, Drawer } from 'antd';
import { useCallback, useState } from 'react';
import type { Problem } from '../api/errors';
import { strings } from '../strings';
import { FaultsContext } from './faults';
import { formFor } from './model';
import { PluginForm } from './PluginForm';
import type { Plugin, PluginScope } from './queries';

interface PluginDrawerProps {
  scope: PluginScope;
  name: string;
  /** Undefined of one that this gateway does not have. */
  plugin?: Plugin;
  config: unknown;
  problems: Problem[];
  onDone: (config: unknown) => void;
  onClose: () => void;
}

/** Edits a plugin's configuration; nothing counts before Done. */
export function PluginDrawer({ scope, name, plugin, config, problems, onDone, onClose }: PluginDrawerProps) {
  const [draft, setDraft] = useState(config);
  const [faults, setFaults] = useState<ReadonlySet<string>>(new Set());
  const report = useCallback((id: string, faulty: boolean) => {
    setFaults((now) => {
      if (now.has(id) === faulty) return now;
      const next = new Set(now);
      if (faulty) next.add(id);
      else next.delete(id);
      return next;
    });
  }, []);

  return (
    <Drawer
      open
      size={720}
      title={name}
      onClose={onClose}
      footer={
        <div className="drawer-actions">
          <span className="secondary">{strings.plugins.doneHint}</span>
          <Button onClick={onClose}>{strings.common.cancel}</Button>
          <Button type="primary" disabled={faults.size > 0} onClick={() => onDone(draft)}>
            {strings.plugins.done}
          </Button>
        </div>
      }
    >
      <p className="secondary">{plugin ? strings.plugins.does[name] : strings.plugins.unknown}</p>
      <FaultsContext value={report}>
        <PluginForm name={name} field={formFor(scope, plugin)} value={draft} onChange={setDraft} problems={problems} />
      </FaultsContext>
    </Drawer>
  );
}
