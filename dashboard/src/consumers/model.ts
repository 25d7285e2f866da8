import { prune, type ObjectKind, type Stored } from '../objects/kinds';
import { strings } from '../strings';

export type Consumer = Stored['consumers'];

/** Consumers among the kinds of objects. */
export const consumerKind: ObjectKind<'consumers', Partial<Consumer>> = {
  name: 'consumers',
  words: strings.consumers,
  start: {},
  toEntry: ({ create_time: _created, update_time: _updated, ...rest }) => rest,
  toBody: (entry) => prune(entry) as Consumer,
};
