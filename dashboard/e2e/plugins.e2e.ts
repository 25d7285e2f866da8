// @vitest-environment jsdom
import { cleanup, render, screen } from '@testing-library/react';
import { createElement } from 'react';
import { beforeAll, expect, test } from 'vitest';
import { formOf, type Field } from '../src/plugins/fields';
import { fits } from '../src/plugins/fits';
import { PluginForm } from '../src/plugins/PluginForm';
import type { Plugin } from '../src/plugins/queries';
import type { Schema } from '../src/plugins/schema';
import '../src/testing/setup';
import { strings } from '../src/strings';
import { Gateway } from './gateway';

let gateway: Gateway;
let plugins: Plugin[];

beforeAll(async () => {
  gateway = await Gateway.start();
  plugins = ((await gateway.api('GET', '/api/plugins')) as { list: Plugin[] }).list;
});

/** A value of every member of a field, and of each shape that a member may have the one that `turn` says. */
function sampleOf(field: Field, turn: number): unknown {
  switch (field.kind) {
    case 'text':
      return turn > 0 && field.orNumber ? 7 : 'text';
    case 'number':
      return field.min ?? field.max ?? 7;
    case 'switch':
      return field.fallback !== true;
    case 'choice':
      return field.options.at(-1);
    case 'tags':
      return field.options ?? (field.item === 'number' ? [200, 301] : ['one', 'two']);
    case 'list':
      return [sampleOf(field.item, turn), sampleOf(field.item, turn + 1)];
    case 'map':
      return { 'a.b': sampleOf(field.value, turn), c: sampleOf(field.value, turn + 1) };
    case 'group':
      return Object.fromEntries(field.members.map(({ name, field: member }) => [name, sampleOf(member, turn)]));
    case 'alternatives':
      return sampleOf(field.options[turn % field.options.length]!, turn);
    case 'json':
      return [{ any: ['thing', null] }];
  }
}

/** Fields below, with their paths. */
function all(field: Field, path = ''): [string, Field][] {
  const inner = field.kind === 'group' ? field.members.flatMap(({ name, field: member }) => all(member, `${path}.${name}`)) : field.kind === 'list' ? all(field.item, path + '[]') : [];
  return [[path, field], ...inner];
}

const forms = (plugin: Plugin) => [plugin.schema, plugin.consumer_schema].flatMap((schema) => (schema ? [{ name: plugin.name, form: formOf(schema as Schema, plugin.encrypt_fields) }] : []));

test('the form of every plugin that is served shows every value of its schema, and changes none of it by being shown', () => {
  expect(plugins.length).toBeGreaterThan(30);
  for (const { name, form } of plugins.flatMap(forms)) {
    for (const turn of [0, 1]) {
      const value = { ...(sampleOf(form, turn) as object), stranger: [1], _meta: { priority: 7 } };
      const changes: unknown[] = [];
      const { container } = render(createElement(PluginForm, { name, field: form, value, onChange: (next) => changes.push(next), problems: [] }));
      expect(changes, name).toEqual([]);
      for (const { name: member, field } of form.members) {
        const one = (value as Record<string, unknown>)[member];
        expect(fits(field, one), `${name}.${member}`).toBe(true);
        const control = () => screen.getByLabelText<HTMLInputElement>(member, { selector: 'input:not([type=radio]), textarea, button[role=switch]' });
        if (field.kind === 'text') expect(control().value, `${name}.${member}`).toBe(String(one));
        if (field.kind === 'number') expect(Number(control().value), `${name}.${member}`).toBe(one);
        if (field.kind === 'switch') expect(control().getAttribute('aria-checked'), `${name}.${member}`).toBe(String(one));
        if (field.kind === 'json') expect(JSON.parse(control().value), `${name}.${member}`).toEqual(one);
      }
      expect(JSON.parse(screen.getByLabelText<HTMLTextAreaElement>('stranger').value)).toEqual([1]);
      expect(JSON.parse(screen.getByLabelText<HTMLTextAreaElement>(strings.plugins.meta).value)).toEqual({ priority: 7 });
      expect(container.querySelectorAll('.ant-form-item-has-error')).toHaveLength(0);
      cleanup();
    }
  }
});

test('few members are left to JSON: those that may hold anything', () => {
  const json = plugins.flatMap(forms).flatMap(({ name, form }) => all(form).flatMap(([path, field]) => (field.kind === 'json' ? [name + path] : [])));
  expect(json).toMatchInlineSnapshot(`
    [
      "fault-injection.abort.vars",
      "fault-injection.delay.vars",
      "mocking.response_schema",
      "request-validation.header_schema",
      "request-validation.body_schema",
      "multi-auth.auth_plugins",
      "traffic-label.rules[].match",
      "traffic-label.rules[].actions[].set_headers",
      "traffic-split.rules[].match[].vars",
      "traffic-split.rules[].weighted_upstreams[].upstream",
      "response-rewrite.vars",
      "echo.headers",
      "http-logger.include_req_body_expr",
      "http-logger.include_resp_body_expr",
      "syslog.include_req_body_expr",
      "syslog.include_resp_body_expr",
      "file-logger.include_req_body_expr",
      "file-logger.include_resp_body_expr",
    ]
  `);
});

test('every plugin that is served is told in a line, and has its place among those that may be added', () => {
  const { does, groups } = strings.plugins;
  expect(plugins.filter(({ name }) => does[name] === undefined).map(({ name }) => name)).toEqual([]);
  expect(groups.flatMap(({ names }) => names).sort()).toEqual(plugins.map(({ name }) => name).sort());
});
