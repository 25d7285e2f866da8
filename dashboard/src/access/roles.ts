import { strings } from '../strings';
import { ROLES } from '../session/SessionContext';

/** What a role can be chosen from, from the least. */
export const ROLE_OPTIONS = ROLES.map((value) => ({ value, label: strings.access.roles[value].name, title: strings.access.roles[value].may }));
