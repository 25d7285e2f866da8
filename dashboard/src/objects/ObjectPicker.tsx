import { Select } from 'antd';
import { useState } from 'react';
import { TwoLines } from '../components/TwoLines';
import { strings } from '../strings';
import { idOf, nameOf, type KindName, type ObjectKind, type Stored } from './kinds';
import { useObject } from './queries';
import type { Scope } from './scope';
import { useFound } from './useFound';

interface ObjectPickerProps<K extends KindName> {
  kind: Pick<ObjectKind<K>, 'name' | 'words'>;
  scope: Scope;
  /** What is told of an object beside its name and id. */
  detail?: (object: Stored[K]) => string | undefined;
  allowClear?: boolean;
  id?: string;
  value?: string | number;
  onChange?: (id?: string) => void;
}

/** Chooses an object of a kind by its name or id; the server looks for it. The value is its id. */
export function ObjectPicker<K extends KindName>({ kind, scope, detail, allowClear, id, value, onChange }: ObjectPickerProps<K>) {
  const [typed, setTyped] = useState('');
  const chosenId = value === undefined ? undefined : String(value);
  const chosen = useObject(kind.name, scope, chosenId);
  const found = useFound(kind.name, scope, typed);
  const option = (object: Stored[K]) => ({ value: idOf(object), label: nameOf(object), object });
  const options = found.list.map(option);

  return (
    <Select
      id={id}
      showSearch={{ filterOption: false, searchValue: typed, onSearch: setTyped }}
      allowClear={allowClear}
      placeholder={strings.picker.placeholder}
      // What is chosen need not be among what is found: its name is asked for.
      value={chosenId ?? null}
      labelRender={({ value: shown }) => (chosen.data ? nameOf(chosen.data.value) : shown)}
      onChange={(next?: string | null) => onChange?.(next ?? undefined)}
      onOpenChange={(open) => !open && setTyped('')}
      loading={found.isFetching}
      options={options}
      notFoundContent={found.isPending ? strings.common.loading : strings.picker.none(kind.words.one)}
      optionRender={({ data }) => <TwoLines first={data.label} second={[data.label !== data.value && data.value, detail?.(data.object)].filter(Boolean).join(' · ')} />}
      popupRender={(menu) => (
        <>
          {menu}
          {found.named.total > found.named.shown && <p className="secondary picker-more">{strings.picker.more(found.named.shown, found.named.total)}</p>}
        </>
      )}
    />
  );
}
