import { useMutation } from '@tanstack/react-query';
import { Alert, App, Modal, Switch } from 'antd';
import { useState } from 'react';
import { StateText } from '../components/StateText';
import { nameOf } from '../objects/kinds';
import { patchObject, previewPatch, useObjectChange } from '../objects/queries';
import type { Scope } from '../objects/scope';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { isEnabled, type Route } from './model';

const words = strings.routes;

/** Whether a route is enabled; who may write turns it on and off. Before one that gets requests is turned off, it is said what becomes of them. `labelled`: where no title of a column says what the switch is. */
export function StatusSwitch({ scope, route, labelled = false }: { scope: Scope; route: Route; labelled?: boolean }) {
  const { message } = App.useApp();
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const [asked, setAsked] = useState<{ rate: number | null }>();
  const [id, name, on] = [String(route.id), nameOf(route), isEnabled(route)];
  const turn = useObjectChange(scope, (status: 0 | 1) => patchObject('routes', scope, { id, members: { status } }));
  const look = useMutation({ mutationFn: () => previewPatch('routes', scope, { id, members: { status: 0 } }) });

  const set = (status: 0 | 1) =>
    turn.mutate(status, {
      onSuccess: () => {
        void message.success(words.turned(name, status === 1));
        setAsked(undefined);
      },
      // The dialog shows its own.
      onError: (error) => {
        if (!asked) void message.error(error.message);
      },
    });
  const change = (next: boolean) => {
    if (next) return set(1);
    look.mutate(undefined, {
      onSuccess: ({ affected }) => (affected.requests_per_second === 0 ? set(0) : setAsked({ rate: affected.requests_per_second })),
      onError: (error) => void message.error(error.message),
    });
  };

  const state = on ? words.enabled : words.disabled;
  if (!mayWrite) return <StateText tone={on ? 'good' : 'off'}>{state}</StateText>;
  return (
    <span className="state">
      <Switch size="small" aria-label={words.enabledOf(name)} checked={on} loading={turn.isPending || look.isPending} onChange={change} />
      {labelled && state}
      {asked && (
        <Modal
          open
          title={words.turnOff.title(name)}
          okText={words.turnOff.ok}
          okButtonProps={{ danger: true }}
          cancelText={strings.common.cancel}
          confirmLoading={turn.isPending}
          onOk={() => set(0)}
          onCancel={() => {
            setAsked(undefined);
            turn.reset();
          }}
        >
          <p>{words.turnOff.does(asked.rate)}</p>
          {turn.error && <Alert type="error" showIcon role="alert" title={turn.error.message} />}
        </Modal>
      )}
    </span>
  );
}
