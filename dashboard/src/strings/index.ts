import { canary } from './canary';
import { charts } from './charts';
import { conditions } from './conditions';
import { consumers } from './consumers';
import { explain } from './explain';
import { general } from './general';
import { groups } from './groups';
import { objects } from './objects';
import { people } from './people';
import { plugins } from './plugins';
import { registries } from './registries';
import { routes } from './routes';
import { upstreams } from './upstreams';

/** Every text that a person reads, in English. */
export const strings = { ...canary, ...charts, ...conditions, ...consumers, ...explain, ...general, ...groups, ...objects, ...people, ...plugins, ...registries, ...routes, ...upstreams };
