import type { Schemas } from '../api/client';
import type { ObjectKind } from '../objects/kinds';
import { strings } from '../strings';
import { pruneTarget, toTargetEntry } from '../targets/target';
import type { UpstreamEntry } from '../upstreams/model';

export type Service = Schemas['service'];

/** A service as the form edits it. */
export type ServiceEntry = Omit<Service, 'upstream'> & { upstream?: UpstreamEntry };

/** Services among the kinds of objects. */
export const serviceKind: ObjectKind<'services', ServiceEntry> = {
  name: 'services',
  words: strings.services,
  start: {},
  toEntry: toTargetEntry,
  toBody: (entry) => pruneTarget(entry) as Service,
};
