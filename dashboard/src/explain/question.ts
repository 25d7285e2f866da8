import type { Schemas } from '../api/client';

/** A header field; there may be several of one name. */
export interface Field {
  name: string;
  value: string;
}

/** A request that nobody has sent, as the form has it. */
export interface Question {
  method: string;
  scheme: 'http' | 'https';
  /** With a port unless it is the standard one. */
  host: string;
  /** Path and query, percent-encoded. */
  path: string;
  headers: Field[];
  client_ip: string;
  /** Of several upstreams that a plugin may choose: the one that it is to have chosen. */
  upstream?: string;
  /** The instance that is asked; any when there is none. */
  instance?: string;
}

/** What the form begins with. */
export const emptyQuestion: Question = { method: 'GET', scheme: 'http', host: '', path: '/', headers: [], client_ip: '127.0.0.1' };

/** The question as arguments of the page's address, so that it can be shared; what is as at the beginning stays out. */
export function toSearch({ method, scheme, host, path, headers, client_ip, upstream, instance }: Question): URLSearchParams {
  const search = new URLSearchParams();
  if (method !== emptyQuestion.method) search.set('method', method);
  if (scheme !== emptyQuestion.scheme) search.set('scheme', scheme);
  search.set('host', host);
  search.set('path', path);
  for (const { name, value } of headers) search.append('header', `${name}: ${value}`);
  if (client_ip !== emptyQuestion.client_ip) search.set('client_ip', client_ip);
  if (upstream !== undefined) search.set('upstream', upstream);
  if (instance !== undefined) search.set('instance_id', instance);
  return search;
}

/** The question that an address has; undefined when it has none. */
export function fromSearch(search: URLSearchParams): Question | undefined {
  const host = search.get('host');
  if (host === null) return undefined;
  return {
    method: search.get('method') ?? emptyQuestion.method,
    scheme: search.get('scheme') === 'https' ? 'https' : 'http',
    host,
    path: search.get('path') ?? emptyQuestion.path,
    headers: search.getAll('header').map(fieldOf),
    client_ip: search.get('client_ip') ?? emptyQuestion.client_ip,
    ...(search.get('upstream') && { upstream: search.get('upstream')! }),
    ...(search.get('instance_id') && { instance: search.get('instance_id')! }),
  };
}

/** A header field as a line of a request has it. */
export function fieldOf(line: string): Field {
  const colon = line.indexOf(':');
  return colon < 0 ? { name: line.trim(), value: '' } : { name: line.slice(0, colon).trim(), value: line.slice(colon + 1).trim() };
}

/** The question as the API takes it. */
export function toBody({ method, scheme, host, path, headers, client_ip, upstream }: Question): Schemas['explain_request'] {
  const fields = new Map<string, { name: string; values: string[] }>();
  for (const { name, value } of headers) {
    const known = fields.get(name.toLowerCase());
    if (known) known.values.push(value);
    else fields.set(name.toLowerCase(), { name, values: [value] });
  }
  return {
    method,
    scheme,
    host,
    path,
    ...(fields.size > 0 && { headers: Object.fromEntries([...fields.values()].map(({ name, values }) => [name, values])) }),
    client_ip,
    ...(upstream !== undefined && { upstream }),
  };
}
