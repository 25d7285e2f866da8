import { explain } from './explain';
import { general } from './general';
import { groups } from './groups';
import { objects } from './objects';
import { people } from './people';
import { plugins } from './plugins';
import { upstreams } from './upstreams';

/** Every text that a person reads, in English. */
export const strings = { ...general, ...people, ...plugins, ...groups, ...objects, ...upstreams, ...explain };
