import { strings } from '../strings';
import { readCurl } from './curl';
import { emptyQuestion, fieldOf, type Field, type Question } from './question';

/** What was made of a pasted text: a question with what was left out of it, or why there is none. */
export type Pasted = { question: Question; notes: string[] } | { error: string };

/** Fields that say who one is: they would stand in the page's address. */
const CREDENTIALS = new Set(['authorization', 'proxy-authorization', 'x-api-key', 'apikey', 'x-headgate-explain']);

/** Reads a curl command line, the head of an HTTP request, or a URL. */
export function readPasted(text: string): Pasted {
  const trimmed = text.trim().replace(/^\$\s+/, '');
  if (trimmed === '') return { error: strings.explain.paste.nothing };
  if (/^curl(\.exe)?\s/.test(trimmed)) return readCommand(trimmed);
  if (/^[^\s]+ [^\s]+ HTTP\/\d/.test(trimmed)) return readHead(trimmed);
  return /\s/.test(trimmed) ? { error: strings.explain.paste.unreadable } : complete('GET', trimmed, [], []);
}

function readCommand(text: string): Pasted {
  const { method, url, headers, notes } = readCurl(text);
  return url === undefined ? { error: strings.explain.paste.noUrl } : complete(method, url, headers, notes);
}

function readHead(text: string): Pasted {
  const [first = '', ...lines] = text.split(/\r?\n/);
  const [method = '', target = ''] = first.split(' ');
  const end = lines.findIndex((line) => line.trim() === '');
  const headers = (end < 0 ? lines : lines.slice(0, end)).map(fieldOf);
  const notes = end >= 0 && lines.slice(end).some((line) => line.trim() !== '') ? [strings.explain.paste.body] : [];
  if (/^https?:\/\//i.test(target)) return complete(method, target, headers, notes);
  const host = headers.find(isHost)?.value;
  return host === undefined ? { error: strings.explain.paste.noHost } : finish({ method, scheme: 'http', host, path: target }, headers, notes);
}

function complete(method: string, url: string, headers: Field[], notes: string[]): Pasted {
  const parts = /^(?:([a-z][a-z\d+.-]*):\/\/)?([^/?#]*)([^#]*)/i.exec(url)!;
  const scheme = (parts[1] ?? 'http').toLowerCase();
  if (scheme !== 'http' && scheme !== 'https') return { error: strings.explain.paste.scheme(scheme) };
  const authority = parts[2]!;
  const at = authority.lastIndexOf('@');
  if (at >= 0) notes.push(strings.explain.paste.credential(strings.explain.paste.inUrl));
  const path = parts[3]!;
  const host = headers.find(isHost)?.value ?? authority.slice(at + 1);
  if (host === '') return { error: strings.explain.paste.noHost };
  return finish({ method, scheme, host, path: path.startsWith('/') ? path : '/' + path }, headers, notes);
}

function finish(request: Pick<Question, 'method' | 'scheme' | 'host' | 'path'>, headers: Field[], notes: string[]): Pasted {
  const dropped = headers.filter(({ name }) => CREDENTIALS.has(name.toLowerCase())).map(({ name }) => strings.explain.paste.credential(name));
  const kept = headers.filter((field) => !isHost(field) && !CREDENTIALS.has(field.name.toLowerCase()) && field.name !== '' && !field.name.startsWith(':'));
  return { question: { ...emptyQuestion, ...request, headers: kept }, notes: [...new Set([...dropped, ...notes])] };
}

const isHost = ({ name }: Field) => name.toLowerCase() === 'host';
