import { expect, test } from 'vitest';
import { objectOf, pageOf } from './objectKey';

const scope = { group: 'g', workspace: 'w' };

test('an object is told by kind and id, and leads to its page where there is one', () => {
  expect(objectOf('/apisix/routes/r1').text).toBe('route r1');
  expect(objectOf('/apisix/plugin_configs/2').text).toBe('plugin config 2');
  expect(pageOf(scope, objectOf('/apisix/routes/r 1'))).toBe('/gateway-groups/g/workspaces/w/routes/r%201');
  expect(pageOf(scope, objectOf('/apisix/consumers/jane/credentials/c1'))).toBe('/gateway-groups/g/workspaces/w/consumers/jane');
  expect(pageOf(scope, objectOf('/apisix/plugin_configs/2'))).toBeUndefined();
});
