import { Form, Select } from 'antd';
import type { NamePath } from 'antd/es/form/interface';
import { useGroups } from '../groups/queries';
import { strings } from '../strings';
import { useWorkspaces } from '../workspaces/queries';

interface PlaceFieldsProps {
  /** Where in the form the two fields are; empty = at its top. */
  at: (string | number)[];
  /** The same for `Form.Item`, which inside of a list is told without the list's name. */
  name: (string | number)[];
  /** What no group means. */
  everywhere: string;
}

/** Chooses a gateway group and, within it, a workspace; both may stay open; the form begins with OPEN_PLACE or a place. */
export function PlaceFields({ at, name, everywhere }: PlaceFieldsProps) {
  const form = Form.useFormInstance();
  const group = Form.useWatch<string | undefined>([...at, 'gateway_group_id'] as NamePath, form);
  const groups = useGroups();
  const named = (list: { id?: string; name: string }[] = []) => list.map(({ id, name: label }) => ({ value: id!, label: label === id ? label : `${label} (${id})` }));
  return (
    <>
      <Form.Item name={[...name, 'gateway_group_id']} label={strings.access.group}>
        <Select options={[{ value: '', label: everywhere }, ...named(groups.data?.list)]} onChange={() => form.setFieldValue([...at, 'workspace_id'], '')} />
      </Form.Item>
      <Form.Item name={[...name, 'workspace_id']} label={strings.access.workspace}>
        {group ? <WorkspaceSelect group={group} named={named} /> : <Select disabled options={[{ value: '', label: strings.access.all }]} />}
      </Form.Item>
    </>
  );
}

interface WorkspaceSelectProps {
  group: string;
  named: (list?: { id?: string; name: string }[]) => { value: string; label: string }[];
  id?: string;
  value?: string;
  onChange?: (value: string) => void;
}

function WorkspaceSelect({ group, named, ...field }: WorkspaceSelectProps) {
  const workspaces = useWorkspaces(group);
  return <Select {...field} options={[{ value: '', label: strings.access.all }, ...named(workspaces.data?.list)]} />;
}
