import { expect, test } from 'vitest';
import { readPasted } from './pasted';
import type { Question } from './question';

const read = (text: string): { question: Question; notes: string[] } => {
  const pasted = readPasted(text);
  if ('error' in pasted) throw new Error(pasted.error);
  return pasted;
};
const fields = (text: string) => read(text).question.headers.map(({ name, value }) => `${name}: ${value}`);

test('a URL is host, path and query as they are written', () => {
  expect(read('https://a.test:8443/a%20b/../c?x=1&y=%2F#there').question).toMatchObject({ method: 'GET', scheme: 'https', host: 'a.test:8443', path: '/a%20b/../c?x=1&y=%2F', headers: [] });
  expect(read('a.test').question).toMatchObject({ scheme: 'http', host: 'a.test', path: '/' });
  expect(read('http://a.test?x=1').question.path).toBe('/?x=1');
  expect(read('http://[::1]:9080/x').question.host).toBe('[::1]:9080');
});

test('a head of a request is read up to its end', () => {
  const { question, notes } = read('PUT /orders?x=1 HTTP/1.1\r\nHost: a.test:80\r\nX-User: 7\r\nCookie: a=b; c=d\r\n\r\n{"a": 1}');
  expect(question).toMatchObject({ method: 'PUT', scheme: 'http', host: 'a.test:80', path: '/orders?x=1' });
  expect(question.headers).toEqual([
    { name: 'X-User', value: '7' },
    { name: 'Cookie', value: 'a=b; c=d' },
  ]);
  expect(notes).toEqual(['The body is left out: it is not looked at.']);
  expect(read('GET http://b.test/x HTTP/1.1\n').question).toMatchObject({ host: 'b.test', path: '/x' });
});

test('a curl command is read as a shell and curl read it', () => {
  const { question, notes } = read(`curl -sS --compressed -XPATCH 'https://a.test/o?x=1&y=2' \\
    -H 'X-User: it'\\''s me' --header "X-Two: \\"a\\" \\$b" -H"X-Three:3" -b 'sid=1; t=2' -A "me 1" -o out.json --max-time 5`);
  expect(question).toMatchObject({ method: 'PATCH', scheme: 'https', host: 'a.test', path: '/o?x=1&y=2' });
  expect(question.headers.map(({ name, value }) => `${name}: ${value}`)).toEqual(["X-User: it's me", 'X-Two: "a" $b', 'X-Three: 3', 'Cookie: sid=1; t=2', 'User-Agent: me 1']);
  expect(notes).toEqual([]);
});

test('a body makes it a POST, and with -G a query', () => {
  expect(read("curl a.test/x -d 'a=1' --data-raw b=2")).toMatchObject({ question: { method: 'POST', headers: [{ name: 'Content-Type', value: 'application/x-www-form-urlencoded' }] }, notes: [expect.stringContaining('body')] });
  expect(read("curl --json '{}' -X PUT a.test/x").question).toMatchObject({ method: 'PUT', headers: [{ name: 'Content-Type', value: 'application/json' }] });
  expect(read('curl -G a.test/x?c=3 -d a=1 -d b=2').question).toMatchObject({ method: 'GET', path: '/x?c=3&a=1&b=2', headers: [] });
  expect(read('curl -I a.test').question.method).toBe('HEAD');
});

test('credentials stay behind, and it is said', () => {
  const { question, notes } = read("curl -u jane:secret http://joe:hidden@a.test/ -H 'Authorization: Bearer abc' -H 'apikey: k' -H 'X-User: 7' --oauth2-bearer tok");
  expect(question.headers).toEqual([{ name: 'X-User', value: '7' }]);
  expect(JSON.stringify({ question, notes })).not.toMatch(/secret|hidden|abc|tok\b/);
  expect(notes.map((note) => note.split(' is left')[0])).toEqual(['Authorization', 'apikey', '--user', '--oauth2-bearer', 'What stands before @ in the URL']);
});

test('what is not known is named', () => {
  expect(read('curl --what -Q a.test/x http://b.test').notes).toEqual(['--what is not known here and is left out.', '-Q is not known here and is left out.', 'Only the first URL is taken.']);
  expect(read('curl a.test -b jar.txt').notes).toEqual(['jar.txt is a file, which cannot be read here.']);
});

test('a Host field goes before the host of the URL, and empty fields are told apart', () => {
  expect(read("curl http://127.0.0.1:9080/x -H 'host: a.test' -H 'Accept:' -H 'X-Empty;'").question).toMatchObject({ host: 'a.test', headers: [{ name: 'X-Empty', value: '' }] });
  expect(fields("curl $'http://a.test/' -H $'X-A: a\\'b'")).toEqual(["X-A: a'b"]);
});

test.each([
  ['', 'Nothing was pasted.'],
  ['curl -s', 'The command has no URL.'],
  ['GET / HTTP/1.1\nX: 1', 'There is no host in it.'],
  ['ftp://a.test/', 'A gateway takes http and https, not ftp.'],
  ['some words', 'This is neither a URL, nor a curl command, nor the head of a request.'],
])('%j is no request', (text, error) => expect(readPasted(text)).toEqual({ error }));
