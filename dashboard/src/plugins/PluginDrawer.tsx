import { Button, Drawer } from 'antd';
import { useState } from 'react';
import type { Problem } from '../api/errors';
import { strings } from '../strings';
import { unanswered } from './controls/control';
import { FaultsContext, useFaultyFields } from './faults';
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
  const [open, setOpen] = useState(problems);
  const { report, isFaulty } = useFaultyFields();

  const change = (next: unknown) => {
    setOpen(unanswered(open, draft, next));
    setDraft(next);
  };

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
          <Button type="primary" disabled={isFaulty} onClick={() => onDone(draft)}>
            {strings.plugins.done}
          </Button>
        </div>
      }
    >
      <p className="secondary drawer-about">{plugin ? strings.plugins.does[name] : strings.plugins.unknown}</p>
      <FaultsContext value={report}>
        <PluginForm name={name} field={formFor(scope, plugin)} value={draft} onChange={change} problems={open} />
      </FaultsContext>
    </Drawer>
  );
}
