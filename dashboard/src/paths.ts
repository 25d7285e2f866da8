import { isOfGroup, type KindName } from './objects/kinds';
import type { Scope } from './objects/scope';

/** Addresses of the pages. */

export const groupsPath = () => '/gateway-groups';

export const profilePath = () => '/profile';

export const usersPath = () => '/users';

/** Where changes of people and places are looked up. */
export const auditPath = () => '/audit';

/** Where one changes one's password, and goes on from there. */
export const passwordPath = (from: string) => `/password?from=${encodeURIComponent(from)}`;

/** A page of a gateway group. */
export const groupPath = (group: string, page: 'instances' | 'instance-tokens' | 'workspaces' | 'service-registries' | 'audit') => `${groupsPath()}/${encodeURIComponent(group)}/${page}`;

/** A page of a workspace. */
export const workspacePath = (group: string, workspace: string, page: KindName | 'revisions' | 'canary' | 'explain') => `${groupPath(group, 'workspaces')}/${encodeURIComponent(workspace)}/${page}`;

/** The list of a kind. */
export const listPath = ({ group, workspace }: Scope, kind: KindName) => (isOfGroup(kind) ? groupPath(group, 'service-registries') : workspacePath(group, workspace, kind));

/** An object's page, or one below it. */
export const objectPath = (scope: Scope, kind: KindName, id: string, page?: 'configure' | 'history') => `${listPath(scope, kind)}/${encodeURIComponent(id)}${page === undefined ? '' : '/' + page}`;

/** Where requests of a route or a service are moved to another upstream. */
export const canaryPath = ({ group, workspace }: Scope, kind: 'routes' | 'services', id: string) => `${workspacePath(group, workspace, kind)}/${encodeURIComponent(id)}/canary`;

/** Where an object is made; `from`: as a copy of another. `+` is in no id. */
export const newObjectPath = (scope: Scope, kind: KindName, from?: string) => `${listPath(scope, kind)}/+new${from === undefined ? '' : '?from=' + encodeURIComponent(from)}`;

/** Where one asks what is done with a request; `question`: what is asked. */
export const explainPath = ({ group, workspace }: Scope, question?: URLSearchParams) => workspacePath(group, workspace, 'explain') + (question === undefined ? '' : `?${question}`);
