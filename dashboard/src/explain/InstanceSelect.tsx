import { Select } from 'antd';
import { useInstances } from '../groups/queries';
import { strings } from '../strings';

interface InstanceSelectProps {
  group: string;
  /** Absent = any. */
  value?: string;
  onChange: (instance?: string) => void;
  id?: string;
}

/** Which instance of the group is asked; nothing where there is no choice. */
export function InstanceSelect({ group, value, onChange, id }: InstanceSelectProps) {
  const instances = useInstances(group).data?.list ?? [];
  if (instances.length < 2 && value === undefined) return null;
  const options = [
    { value: '', label: strings.explain.anyInstance },
    ...instances.map((instance) => ({ value: instance.id, label: strings.explain.instanceOf(instance.id, instance.hostname), disabled: !instance.connected })),
  ];
  return <Select id={id} aria-label={strings.explain.fields.instance} className="instance-select" value={value ?? ''} options={options} onChange={(chosen) => onChange(chosen === '' ? undefined : chosen)} />;
}
