import { strings } from '../strings';
import { fieldOf, type Field } from './question';
import { shellWords } from './shellWords';

/** What a curl command line says about the request that it would send. */
export interface CurlCommand {
  method: string;
  url?: string;
  headers: Field[];
  /** What was left out, for people. */
  notes: string[];
}

/** Short options by their long names; those that take a value are in {@link VALUED}. */
const SHORT: Record<string, string> = {
  X: 'request', H: 'header', b: 'cookie', A: 'user-agent', e: 'referer', u: 'user', d: 'data', F: 'form', G: 'get', I: 'head', T: 'upload-file',
  o: 'output', w: 'write-out', m: 'max-time', x: 'proxy', U: 'proxy-user', c: 'cookie-jar', D: 'dump-header', E: 'cert', K: 'config', r: 'range', C: 'continue-at', y: 'speed-time', Y: 'speed-limit', z: 'time-cond',
  s: 'silent', S: 'show-error', v: 'verbose', i: 'include', k: 'insecure', L: 'location', f: 'fail', g: 'globoff', N: 'no-buffer', O: 'remote-name', J: 'remote-header-name', Z: 'parallel', '#': 'progress-bar',
  0: 'http1.0', 1: 'tlsv1', 4: 'ipv4', 6: 'ipv6',
};

const BODIES = ['data', 'data-raw', 'data-binary', 'data-ascii', 'data-urlencode', 'json'];

/** Options of values that do not change what is asked, or only how it is carried. */
const CARRYING = [
  'output', 'write-out', 'max-time', 'connect-timeout', 'proxy', 'cookie-jar', 'dump-header', 'cacert', 'capath', 'ciphers', 'tls-max', 'resolve', 'connect-to', 'interface', 'retry', 'retry-delay', 'retry-max-time', 'limit-rate',
  'max-redirs', 'unix-socket', 'stderr', 'trace', 'trace-ascii', 'keepalive-time', 'noproxy', 'speed-time', 'speed-limit', 'local-port', 'dns-servers',
];

const CREDENTIALS = ['user', 'proxy-user', 'oauth2-bearer', 'aws-sigv4', 'cert', 'key', 'pass', 'netrc-file', 'proxy-header'];

const VALUED = new Set(['request', 'header', 'cookie', 'user-agent', 'referer', 'url', 'form', 'form-string', 'upload-file', 'config', 'range', 'continue-at', 'time-cond', ...BODIES, ...CARRYING, ...CREDENTIALS]);

/** Options without values that do not change what is asked, or only how it is carried. */
const FLAGS = new Set([
  'silent', 'show-error', 'verbose', 'include', 'insecure', 'location', 'fail', 'fail-with-body', 'globoff', 'no-buffer', 'remote-name', 'remote-header-name', 'parallel', 'progress-bar', 'compressed', 'path-as-is',
  'http1.0', 'http1.1', 'http2', 'http2-prior-knowledge', 'http3', 'tlsv1', 'tlsv1.2', 'tlsv1.3', 'ipv4', 'ipv6', 'no-progress-meter', 'no-keepalive', 'tcp-nodelay', 'raw', 'styled-output', 'negotiate', 'digest', 'basic', 'anyauth', 'netrc',
]);

/** Reads a command line that begins with `curl`. */
export function readCurl(text: string): CurlCommand {
  const command = new Reader();
  const words = shellWords(text).slice(1);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.startsWith('--') && word.length > 2) {
      const [name = '', ...given] = word.slice(2).split('=');
      if (!VALUED.has(name)) command.flag(name, word);
      else command.value(name, word.includes('=') ? given.join('=') : (words[++at] ?? ''));
    } else if (word.startsWith('-') && word.length > 1) {
      // -sSXPOST: flags, and at last one that takes the rest or the next word.
      for (let letter = 1; letter < word.length; letter++) {
        const name = SHORT[word[letter]!];
        if (name === undefined || !VALUED.has(name)) {
          command.flag(name ?? '', '-' + word[letter]);
          continue;
        }
        command.value(name, letter + 1 < word.length ? word.slice(letter + 1) : (words[++at] ?? ''));
        break;
      }
    } else {
      command.url(word);
    }
  }
  return command.done();
}

/** What was read of a command so far. */
class Reader {
  private readonly headers: Field[] = [];
  private readonly notes: string[] = [];
  private readonly urls: string[] = [];
  private readonly query: string[] = [];
  private method?: string;
  private implied = 'GET';
  private gets = false;

  url(url: string) {
    this.urls.push(url);
  }

  flag(name: string, written: string) {
    if (name === 'get') this.gets = true;
    else if (name === 'head') this.implied = 'HEAD';
    else if (!FLAGS.has(name)) this.notes.push(strings.explain.paste.unknownOption(written));
  }

  value(name: string, value: string) {
    if (name === 'request') this.method = value;
    else if (name === 'url') this.url(value);
    else if (name === 'header') this.header(value);
    else if (name === 'user-agent') this.add('User-Agent', value);
    else if (name === 'referer') this.add('Referer', value);
    else if (name === 'range') this.add('Range', `bytes=${value}`);
    else if (name === 'cookie') this.cookie(value);
    else if (name.startsWith('form')) this.body('multipart/form-data');
    else if (name === 'upload-file') this.upload();
    else if (BODIES.includes(name)) this.data(name, value);
    else if (CREDENTIALS.includes(name)) this.notes.push(strings.explain.paste.credential(`--${name}`));
    else if (!CARRYING.includes(name)) this.notes.push(strings.explain.paste.unknownOption(`--${name}`));
  }

  done(): CurlCommand {
    const [url] = this.urls;
    if (this.urls.length > 1) this.notes.push(strings.explain.paste.severalUrls);
    const asked = this.gets && url !== undefined && this.query.length > 0 ? url + (url.includes('?') ? '&' : '?') + this.query.join('&') : url;
    return { method: this.method ?? (this.gets ? 'GET' : this.implied), ...(asked !== undefined && { url: asked }), headers: this.gets ? this.headers.filter(({ name }) => name !== 'Content-Type') : this.headers, notes: this.notes };
  }

  private header(line: string) {
    // "Name:" takes a field of curl's own away, "Name;" sends an empty one, "@file" is read from a file.
    if (line.startsWith('@')) this.notes.push(strings.explain.paste.file(line));
    else if (/^[^:]+;\s*$/.test(line)) this.add(line.slice(0, line.lastIndexOf(';')), '');
    else if (!/^[^:]+:\s*$/.test(line)) this.headers.push(fieldOf(line));
  }

  private cookie(value: string) {
    if (value.includes('=')) this.add('Cookie', value);
    else this.notes.push(strings.explain.paste.file(value));
  }

  private data(name: string, value: string) {
    this.query.push(value);
    this.body(name === 'json' ? 'application/json' : 'application/x-www-form-urlencoded');
  }

  private body(type: string) {
    if (this.implied === 'GET') this.implied = 'POST';
    this.notes.push(strings.explain.paste.body);
    if (!this.headers.some(({ name }) => name.toLowerCase() === 'content-type')) this.add('Content-Type', type);
  }

  private upload() {
    this.implied = 'PUT';
    this.notes.push(strings.explain.paste.body);
  }

  private add(name: string, value: string) {
    this.headers.push({ name, value });
  }
}
