import { expect, test } from 'vitest';
import { ApiError, pathOf } from './errors';

test('a path of the server is told as steps', () => {
  expect(pathOf('nodes[0].port')).toEqual(['nodes', 0, 'port']);
  expect(pathOf('checks.active.healthy.interval')).toEqual(['checks', 'active', 'healthy', 'interval']);
  expect(pathOf('labels["a.b"]')).toEqual(['labels', 'a.b']);
});

test('every problem has its place and only the words that the place does not say', () => {
  const error = new ApiError(400, {
    error_msg: 'the first',
    errors: [
      { path: 'nodes[0].port', message: 'invalid configuration: property "nodes" validation failed: object matches none of the required (nodes[0].port: expected 70000 to be at most 65535)' },
      { path: 'timeout', message: 'invalid configuration: property "timeout" validation failed: property "read" is required' },
    ],
  });
  expect(error.problems).toEqual([
    { path: ['nodes', 0, 'port'], message: 'expected 70000 to be at most 65535' },
    { path: ['timeout', 'read'], message: 'property "read" is required' },
  ]);
});

test('a lone problem has its place in its text', () => {
  const name = 'invalid configuration: property "name" validation failed: string too short, expected at least 1, got 0';
  expect(new ApiError(400, { error_msg: name }).problems).toEqual([{ path: ['name'], message: 'string too short, expected at least 1, got 0' }]);
  expect(new ApiError(412, { error_msg: 'upstream [a] exists already, its modifiedIndex is 2' }).problems[0]!.path).toEqual(['id']);
  expect(new ApiError(412, { error_msg: 'consumer [jack] exists already, its modifiedIndex is 2, and If-None-Match is *' }).problems[0]!.path).toEqual(['username']);
  expect(new ApiError(400, { error_msg: 'http_config.url holds user information' }).problems).toEqual([{ path: ['http_config', 'url'], message: 'holds user information' }]);
  const moved = 'consul_config.servers[0] is http://b:80, and the stored consul_config.token was given for http://a:80; give consul_config.token itself when the server changes';
  expect(new ApiError(400, { error_msg: moved }).problems[0]!.path).toEqual(['consul_config', 'token']);
  expect(new ApiError(503, { error_msg: 'no instance is connected' }).problems).toEqual([]);
});

test('a lone problem of a plugin is told at the plugin', () => {
  const error = (error_msg: string) => new ApiError(400, { error_msg }).problems[0]!;
  expect(error('failed to check the configuration of plugin limit-count err: property "count" validation failed: expected -1 to be at least 1')).toEqual({
    path: ['plugins', 'limit-count', 'count'],
    message: 'expected -1 to be at least 1',
  });
  expect(error('failed to check the configuration of plugin ip-restriction err: property "whitelist" validation failed: failed to validate item 2: wrong')).toEqual({
    path: ['plugins', 'ip-restriction', 'whitelist', 1],
    message: 'wrong',
  });
  expect(error('failed to check the configuration of plugin ip-restriction err: value should match only one schema, but matches none').path).toEqual(['plugins', 'ip-restriction']);
  expect(error('invalid plugins configuration: failed to check the configuration of plugin key-auth err: property "key" is required').path).toEqual(['plugins', 'key-auth', 'key']);
  expect(error('unknown plugin [nope]').path).toEqual(['plugins', 'nope']);
});

test.each([
  ['uris[1] "b" can never match: a path begins with /', ['uris', 1], '"b" can never match: a path begins with /'],
  ['uri "b" can never match: a path begins with /', ['uri'], '"b" can never match: a path begins with /'],
  ['invalid configuration: property "hosts" validation failed: failed to validate item 2: failed to match pattern', ['hosts', 1], 'failed to match pattern'],
  ['invalid configuration: allOf 1 failed: value should match only one schema, but matches none (give uri or uris)', ['uri'], 'allOf 1 failed: value should match only one schema, but matches none (give uri or uris)'],
  ["failed to validate the 'vars' expression: > compares with a number", ['vars'], "failed to validate the 'vars' expression: > compares with a number"],
  ['failed to fetch plugin config info by plugin config id [x], response code: 404', ['plugin_config_id'], 'failed to fetch plugin config info by plugin config id [x], response code: 404'],
  ['a service needs an upstream: one of upstream, upstream_id', ['upstream_id'], 'a service needs an upstream: one of upstream, upstream_id'],
])('what is refused of a route or service has its place: %s', (text, path, message) => expect(new ApiError(400, { error_msg: text }).problems).toEqual([{ path, message }]));

test('a problem of the whole object has the place that its words tell', () => {
  const { problems } = new ApiError(400, { error_msg: 'x', errors: [{ path: '', message: 'a route needs an upstream: one of upstream, upstream_id, service_id' }, { path: 'priority', message: 'is wrong' }] });
  expect(problems.map(({ path }) => path)).toEqual([['upstream_id'], ['priority']]);
});
