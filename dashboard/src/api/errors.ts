import type { components } from './openapi';
import { strings } from '../strings';

/** What a refused request answers. */
export type Refusal = components['schemas']['error'];

/** One problem of what was sent: where it is in the object, and the server's words. */
export interface Problem {
  path: (string | number)[];
  message: string;
}

/** The API refused a request, or could not be reached (`status` 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly body: Refusal = {},
  ) {
    super(body.error_msg ?? (status === 0 ? strings.errors.unreachable : strings.errors.status(status)));
  }

  /** The problems whose place is known. A lone one has its place in its text. */
  get problems(): Problem[] {
    if (this.body.errors?.length) return this.body.errors.map(({ path, message }) => ({ path: path === '' ? pathInText(message) : [...pathOf(path), ...missingIn(message)], message: readable(message) }));
    const path = pathInText(this.message);
    return path.length > 0 ? [{ path, message: readable(this.message).replace(PATH_FIRST, '') }] : [];
  }
}

/** `nodes[0].port` as the steps that lead there. */
export function pathOf(path: string): (string | number)[] {
  return [...path.matchAll(/\["((?:[^"\\]|\\.)*)"\]|\[(\d+)\]|([^.[\]]+)/g)].map((step) => step[1] ?? (step[2] !== undefined ? Number(step[2]) : step[3]!));
}

/** The member that a message says is missing: its place is told as that of the object which lacks it. */
function missingIn(message: string): string[] {
  const missing = /property "([^"]+)" is required\)?$/.exec(message);
  return missing ? [missing[1]!] : [];
}

/** "http_config.url holds ..." */
const PATH_FIRST = /^([a-z_]+(?:\[\d+\]|\.[a-z_]+)+) /;

/** Messages that tell their place in words of their own. */
const PLACES: [RegExp, (found: RegExpExecArray) => (string | number)[]][] = [
  [/^wrong username|^consumer \[.*\] exists already/, () => ['username']],
  [/^the id |^wrong [a-z ]+ id$| exists already|^there is an? .+ already$/, () => ['id']],
  [/^(uris?(?:\[\d+\])?) "/, ([, path]) => pathOf(path!)],
  [/^failed to fetch ([a-z_ ]+) info by /, ([, kind]) => [`${kind!.replaceAll(' ', '_')}_id`]],
  [/^failed to validate the 'vars' expression/, () => ['vars']],
  [/ \(give (?:either )?([a-z_]+) or /, ([, member]) => [member!]],
  [/ needs an upstream: one of /, () => ['upstream_id']],
];

function pathInText(message: string): (string | number)[] {
  for (const [pattern, place] of PLACES) {
    const found = pattern.exec(message);
    if (found) return place(found);
  }
  // "PATH is ...", "(PATH: ...)"; what is to be given anew stands at the end, and is what a person can mend.
  const anew = /; give ([a-z_]+(?:\[\d+\]|\.[a-z_0-9]+)+) itself when/i.exec(message);
  const inner = anew ?? /\(([a-z_]+(?:\[\d+\]|\.[a-z_]+)+): /.exec(message) ?? PATH_FIRST.exec(message);
  if (inner) return pathOf(inner[1]!);
  const plugin = /^(?:invalid plugins configuration: )?failed to check the configuration of plugin (\S+) err: |unknown plugin \[([^\]]+)\]/.exec(message);
  const steps = [...message.matchAll(/property "([^"]+)" (?:validation failed|is required)|failed to validate item (\d+)/g)].map((step) => step[1] ?? Number(step[2]) - 1);
  return plugin ? ['plugins', plugin[1] ?? plugin[2]!, ...steps] : steps;
}

/** What APISIX puts before a refusal, and its place tells. */
const LEAD = /^invalid configuration: |^uris?(?:\[\d+\])? (?=")|^(?:invalid plugins configuration: )?failed to check the configuration of plugin \S+ err: /;

/** The end of a message of APISIX's form: what stands before it tells where, which the field shows. */
export function readable(message: string): string {
  const inner = /\([a-z_]+(?:\[\d+\]|\.[a-z_]+)+: (.*)\)$/.exec(message);
  return inner?.[1] ?? message.replace(LEAD, '').replace(/^(?:property "[^"]+" validation failed: |failed to validate item \d+: )+/, '');
}
