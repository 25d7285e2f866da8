import { useState } from 'react';
import type { Problem } from '../api/errors';
import { FormDrawer } from '../components/FormDrawer';
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
    <FormDrawer title={name} hint={strings.plugins.doneHint} submitText={strings.plugins.done} disabled={isFaulty} onSubmit={() => onDone(draft)} onClose={onClose}>
      <p className="secondary drawer-about">{plugin ? strings.plugins.does[name] : strings.plugins.unknown}</p>
      <FaultsContext value={report}>
        <PluginForm name={name} field={formFor(scope, plugin)} value={draft} onChange={change} problems={open} />
      </FaultsContext>
    </FormDrawer>
  );
}
