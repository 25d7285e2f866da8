import { Link } from 'react-router';
import { strings } from '../strings';
import { objectOf, pageOf } from './objectKey';
import type { Scope } from './scope';

/** An object that uses another, and what it gets; null = nobody knows. */
export interface User {
  key: string;
  /** Whose it is, where objects of several workspaces may be users. */
  workspace_id?: string;
  requests_per_second?: number | null;
}

interface UsersProps {
  scope: Scope;
  users: User[];
  /** Names a list that may be long: it gets an end, and scrolls. */
  label?: string;
}

/** Who uses an object, each with the way to it. */
export function Users({ scope, users, label }: UsersProps) {
  return (
    <ul className={label === undefined ? 'users' : 'users users-scroll'} {...(label !== undefined && { tabIndex: 0, 'aria-label': label })}>
      {users.map(({ key, workspace_id, requests_per_second }) => (
        <li key={key}>
          <ObjectLink scope={{ ...scope, ...(workspace_id !== undefined && { workspace: workspace_id }) }} objectKey={key} />
          {scope.workspace === '' && workspace_id !== undefined && <span className="secondary"> {strings.objects.inWorkspace(workspace_id)}</span>}
          {typeof requests_per_second === 'number' && <span className="secondary numbers"> {strings.rateOf(requests_per_second)}</span>}
        </li>
      ))}
    </ul>
  );
}

/** An object's kind and id, and the way to its page if its kind has one. */
export function ObjectLink({ scope, objectKey }: { scope: Scope; objectKey: string }) {
  const object = objectOf(objectKey);
  const page = pageOf(scope, object);
  return page === undefined ? object.text : <Link to={page}>{object.text}</Link>;
}
