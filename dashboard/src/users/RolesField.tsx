import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Form, Select } from 'antd';
import { OPEN_PLACE } from '../access/place';
import { PlaceFields } from '../access/PlaceFields';
import { ROLE_OPTIONS } from '../access/roles';
import { strings } from '../strings';

/** What a role begins as. */
export const NEW_ROLE = { role: 'viewer', ...OPEN_PLACE } as const;

/** A user's roles in a form: each with its place. */
export function RolesField() {
  return (
    <fieldset className="roles-field">
      <legend>{strings.access.rolesTitle}</legend>
      <p className="secondary">{strings.users.rolesHint}</p>
      <Form.List name="roles">
        {(fields, { add, remove }) => (
          <>
            {fields.map(({ key, name }) => (
              <div key={key} className="role-row" role="group" aria-label={strings.users.roleNumber(name + 1)}>
                <Form.Item name={[name, 'role']} label={strings.access.role}>
                  <Select options={ROLE_OPTIONS} />
                </Form.Item>
                <PlaceFields at={['roles', name]} name={[name]} everywhere={strings.access.everywhere} />
                <Button type="text" danger className="node-remove" icon={<DeleteOutlined />} aria-label={strings.users.removeRole(name + 1)} onClick={() => remove(name)} />
              </div>
            ))}
            <Button icon={<PlusOutlined />} onClick={() => add(NEW_ROLE)}>
              {strings.users.addRole}
            </Button>
          </>
        )}
      </Form.List>
    </fieldset>
  );
}
