import { PlusOutlined } from '@ant-design/icons';
import { App, Button, Drawer } from 'antd';
import { useState } from 'react';
import { idOf, nameOf } from '../objects/kinds';
import { ObjectEditor } from '../objects/ObjectEditor';
import { ObjectPicker } from '../objects/ObjectPicker';
import { createObject, useObjectChange } from '../objects/queries';
import { useScope } from '../objects/scope';
import { strings } from '../strings';
import { toUpstream, upstreamKind, type UpstreamEntry } from '../upstreams/model';
import { UpstreamSections } from '../upstreams/UpstreamSections';
import { addressesOf } from './target';

interface UpstreamPickerProps {
  id?: string;
  value?: string | number;
  onChange?: (id?: string) => void;
}

/** Chooses an upstream, or makes one and chooses it. */
export function UpstreamPicker({ id, value, onChange }: UpstreamPickerProps) {
  const scope = useScope();
  const { message } = App.useApp();
  const [creating, setCreating] = useState(false);
  const create = useObjectChange(scope, (entry: UpstreamEntry) => createObject('upstreams', scope, toUpstream(entry)));
  const close = () => setCreating(false);
  return (
    <>
      <div className="picker-row">
        <ObjectPicker kind={upstreamKind} scope={scope} detail={addressesOf} id={id} value={value} onChange={onChange} />
        <Button icon={<PlusOutlined />} onClick={() => setCreating(true)}>
          {strings.targets.createHere}
        </Button>
      </div>
      {/* Its own form: what is written so far of the other object stays as it is. */}
      <Drawer open={creating} size={1000} title={strings.targets.createTitle} onClose={close} destroyOnHidden>
        <ObjectEditor
          kind={upstreamKind}
          initial={upstreamKind.start}
          submitText={strings.common.create}
          busy={create.isPending}
          onSubmit={async (entry) => {
            const { value: made } = await create.mutateAsync(entry);
            onChange?.(idOf(made));
            void message.success(strings.targets.created(nameOf(made)));
            close();
          }}
          onCancel={close}
        >
          <UpstreamSections isNew />
        </ObjectEditor>
      </Drawer>
    </>
  );
}
