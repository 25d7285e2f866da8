import { Form, Select } from 'antd';
import { useState } from 'react';
import { TwoLines } from '../components/TwoLines';
import { useSettled } from '../components/useSettled';
import { idOf, nameOf } from '../objects/kinds';
import { useObjects } from '../objects/queries';
import { strings } from '../strings';
import { registryIdOf, type ServiceOf } from './followedBy';
import { isFixed } from './model';

const words = strings.registries;
const OFFERED = 50;

interface RegistrySelectProps {
  group: string;
  // Given by the form, of the field discovery_type.
  id?: string;
  value?: string;
  onChange?: (value: string | undefined) => void;
}

/** A registry of the gateway group. It stands for two members of an upstream: the type, which is the field's, and the id of a connection. */
export function RegistrySelect({ group, id, value, onChange, ...rest }: RegistrySelectProps) {
  const form = Form.useFormInstance<ServiceOf>();
  const connection = Form.useWatch('service_registry_id', { form, preserve: true });
  const [search, setSearch] = useState('');
  const registries = useObjects('service_registries', { group, workspace: '' }, 1, useSettled(search), OFFERED);
  const chosen = registryIdOf({ discovery_type: value, service_registry_id: connection });
  const offered = (registries.data?.list ?? []).map((registry) => ({ value: idOf(registry), label: nameOf(registry), registry, about: [words.types[registry.type].name, ...(isFixed(registry) ? [words.fromSettings] : [])].join(', ') }));
  // What is chosen is shown by its id while its page of the list is not there.
  const missing = chosen === undefined || offered.some((option) => option.value === chosen) ? [] : [{ value: chosen, label: chosen, registry: undefined, about: value ?? '' }];
  return (
    <Select
      {...rest}
      id={id}
      showSearch={{ filterOption: false, onSearch: setSearch }}
      loading={registries.isFetching}
      options={[...offered, ...missing]}
      value={chosen}
      onChange={(next) => {
        const registry = offered.find((option) => option.value === next)?.registry;
        if (registry === undefined) return;
        form.setFieldsValue({ service_registry_id: isFixed(registry) ? undefined : registry.id, discovery_args: undefined });
        onChange?.(registry.type);
      }}
      optionRender={({ data }) => <TwoLines first={data.label} second={data.about} />}
      notFoundContent={registries.isPending ? strings.common.loading : words.empty}
    />
  );
}
