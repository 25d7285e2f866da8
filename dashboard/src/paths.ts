/** Addresses of the pages. */

export const groupsPath = () => '/gateway-groups';

export const profilePath = () => '/profile';

export const usersPath = () => '/users';

/** Where changes of people and places are looked up. */
export const auditPath = () => '/audit';

/** Where one changes one's password, and goes on from there. */
export const passwordPath = (from: string) => `/password?from=${encodeURIComponent(from)}`;

/** A page of a gateway group. */
export const groupPath = (group: string, page: 'instances' | 'instance-tokens' | 'workspaces' | 'audit') => `${groupsPath()}/${encodeURIComponent(group)}/${page}`;

/** A page of a workspace. */
export const workspacePath = (group: string, workspace: string, page: 'upstreams' | 'revisions') => `${groupPath(group, 'workspaces')}/${encodeURIComponent(workspace)}/${page}`;

/** An upstream's page, or one below it. */
export const upstreamPath = (group: string, workspace: string, id: string, page?: 'configure' | 'history') =>
  `${workspacePath(group, workspace, 'upstreams')}/${encodeURIComponent(id)}${page === undefined ? '' : '/' + page}`;

/** Where an upstream is made. `+` is in no id. */
export const newUpstreamPath = (group: string, workspace: string) => `${workspacePath(group, workspace, 'upstreams')}/+new`;
