import type { Schemas } from '../api/client';
import { strings } from '../strings';
import { placeText } from './place';

/** Roles, each with where it counts. */
export function RoleList({ roles }: { roles: Schemas['role'][] }) {
  if (roles.length === 0) return <span className="secondary">{strings.access.noRoles}</span>;
  return (
    <ul className="role-list">
      {roles.map((role, index) => (
        <li key={index}>
          <strong>{strings.access.roles[role.role].name}</strong> <span className="secondary">{placeText(role)}</span>
        </li>
      ))}
    </ul>
  );
}
