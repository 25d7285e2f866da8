import { CopyOutlined, DeleteOutlined, DownOutlined, ForkOutlined, HistoryOutlined, SettingOutlined } from '@ant-design/icons';
import { Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useNavigate } from 'react-router';
import { canaryPath, listPath, newObjectPath, objectPath } from '../paths';
import { useMay } from '../session/SessionContext';
import { strings } from '../strings';
import { DeleteObject } from './DeleteObject';
import type { ObjectKind } from './kinds';
import type { Scope } from './scope';

interface ObjectActionsProps {
  kind: Pick<ObjectKind, 'name' | 'words'>;
  scope: Scope;
  id: string;
  name: string;
}

/** What can be done with the object of a page: configure; and behind More a canary of a route or a service, its history, a copy, the deletion. */
export function ObjectActions({ kind, scope, id, name }: ObjectActionsProps) {
  const navigate = useNavigate();
  const mayWrite = useMay('editor', scope.group, scope.workspace);
  const [deleting, setDeleting] = useState(false);
  const split = kind.name === 'routes' || kind.name === 'services' ? kind.name : undefined;
  return (
    <>
      {mayWrite && (
        <Button type="primary" icon={<SettingOutlined />} onClick={() => void navigate(objectPath(scope, kind.name, id, 'configure'))}>
          {strings.objects.configure}
        </Button>
      )}
      <Dropdown
        trigger={['click']}
        menu={{
          items: [
            ...(split !== undefined
              ? [{ key: 'canary', icon: <ForkOutlined aria-hidden />, label: strings.canary.title, onClick: () => void navigate(canaryPath(scope, split, id)) }]
              : []),
            { key: 'history', icon: <HistoryOutlined aria-hidden />, label: strings.history.menu, onClick: () => void navigate(objectPath(scope, kind.name, id, 'history')) },
            ...(mayWrite
              ? [
                  { key: 'duplicate', icon: <CopyOutlined aria-hidden />, label: strings.objects.duplicate, onClick: () => void navigate(newObjectPath(scope, kind.name, id)) },
                  { key: 'delete', danger: true, icon: <DeleteOutlined aria-hidden />, label: strings.common.delete, onClick: () => setDeleting(true) },
                ]
              : []),
          ],
        }}
      >
        <Button icon={<DownOutlined />} iconPlacement="end">
          {strings.common.more}
        </Button>
      </Dropdown>
      {deleting && (
        <DeleteObject
          kind={kind}
          scope={scope}
          id={id}
          name={name}
          onDeleted={() => void navigate(listPath(scope, kind.name), { replace: true })}
          onClose={() => setDeleting(false)}
        />
      )}
    </>
  );
}
