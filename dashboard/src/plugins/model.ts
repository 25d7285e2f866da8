import type { Problem } from '../api/errors';
import { REDACTED } from '../components/SecretField';
import { strings } from '../strings';
import { formOf, type GroupField } from './fields';
import type { Plugin, PluginScope } from './queries';
import { isObject, type Schema } from './schema';

/** `plugins` of an object: names and configurations. */
export type Plugins = Record<string, unknown>;

const metaOf = (config: unknown): Record<string, unknown> => (isObject(config) && isObject(config._meta) ? config._meta : {});

/** The names in the order in which the plugins run. */
export function inOrder(plugins: Plugins, known: readonly Plugin[]): string[] {
  const priorityOf = (name: string) => priority(plugins[name], known.find((plugin) => plugin.name === name)) ?? -Infinity;
  return Object.keys(plugins).sort((a, b) => priorityOf(b) - priorityOf(a) || (a < b ? -1 : 1));
}

/** The priority that acts: `_meta` may replace the plugin's. */
export function priority(config: unknown, plugin?: Plugin): number | undefined {
  const own = metaOf(config).priority;
  return typeof own === 'number' ? own : plugin?.priority;
}

/** Whether a plugin runs. */
export const isOn = (config: unknown): boolean => metaOf(config).disable !== true;

/** The configuration of a plugin that runs, or does not. */
export function turned(config: unknown, on: boolean): unknown {
  const { _meta: _old, ...rest } = isObject(config) ? config : {};
  const { disable: _was, ...meta } = metaOf(config);
  const next = on ? meta : { ...meta, disable: true };
  return Object.keys(next).length === 0 ? rest : { ...rest, _meta: next };
}

/** What is set, in a line; secrets are not told, whether they are stored or were just typed. */
export function summaryOf(config: unknown, plugin?: Plugin): string {
  if (!isObject(config)) return JSON.stringify(config);
  const set = Object.entries(config).filter(([name]) => name !== '_meta');
  return set.length === 0 ? strings.plugins.nothingSet : set.map(([name, value]) => `${name} ${brief(plugin?.encrypt_fields.includes(name) ? REDACTED : value)}`).join(', ');
}

function brief(value: unknown): string {
  if (value === REDACTED) return '••••';
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object') ? value.join(' ') : `[${value.length}]`;
  return isObject(value) ? `{${Object.keys(value).join(', ')}}` : String(value);
}

/** Whether a plugin may be added somewhere. */
export const isFor = (scope: PluginScope, plugin: Plugin): boolean => plugin.scopes.includes(scope);

/** The form of a plugin's configuration: consumers and credentials carry something else for plugins that find them. */
export function formFor(scope: PluginScope, plugin?: Plugin): GroupField {
  const ofConsumer = scope === 'consumer' || scope === 'credential';
  const schema = (ofConsumer ? plugin?.consumer_schema : undefined) ?? plugin?.schema ?? {};
  return formOf(schema as Schema, plugin?.encrypt_fields);
}

/** Errors of the form's field `plugins`, which begin with their place (`limit-count.count: ...`), as problems. What tells no plugin stays without a place. */
export function problemsOf(errors: readonly unknown[], plugins: Plugins): Problem[] {
  return errors.map((error) => {
    const text = String(error);
    const [, place, message] = /^([^\s:]+): (.*)$/s.exec(text) ?? [];
    const path = (place ?? '').split('.').map((step) => (/^\d+$/.test(step) ? Number(step) : step));
    return message !== undefined && path[0] !== undefined && path[0] in plugins ? { path, message } : { path: [], message: text };
  });
}
