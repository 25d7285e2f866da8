import { general } from './general';
import { groups } from './groups';
import { people } from './people';
import { upstreams } from './upstreams';

/** Every text that a person reads, in English. */
export const strings = { ...general, ...people, ...groups, ...upstreams };
