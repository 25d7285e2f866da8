// Makes tokens.json: keys, and tokens signed with them by jose. See README.md.
import { writeFile } from 'node:fs/promises';
import { CompactSign, SignJWT, exportSPKI, generateKeyPair, generateSecret, exportJWK } from 'jose';

const now = 1767225600; // 2026-01-01T00:00:00Z, where the tests' clock stands
const encoder = new TextEncoder();
const sign = (claims, header, key) => new SignJWT(claims).setProtectedHeader(header).sign(key);

const algorithms = {};
for (const alg of ['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'ES512']) {
  const claims = { key: 'jack', sub: 'someone', iat: now, exp: now + 3600, nbf: now };
  if (alg.startsWith('HS')) {
    const key = await generateSecret(alg, { extractable: true });
    algorithms[alg] = { secret: (await exportJWK(key)).k, token: await sign(claims, { alg, typ: 'JWT' }, key) };
  } else {
    const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
    const other = await generateKeyPair(alg, { extractable: true });
    algorithms[alg] = {
      publicKey: await exportSPKI(publicKey),
      token: await sign(claims, { alg, typ: 'JWT' }, privateKey),
      ofAnotherKey: await sign(claims, { alg, typ: 'JWT' }, other.privateKey),
      // What a server takes that lets the token choose: the public key's text used as the secret of an HMAC.
      confused: await sign(claims, { alg: 'HS256' }, encoder.encode(await exportSPKI(publicKey))),
    };
  }
}

const secret = 'a secret of thirty-two bytes, ok';
const key = encoder.encode(secret);
const hs = { alg: 'HS256' };
const raw = (text, header = hs) => new CompactSign(encoder.encode(text)).setProtectedHeader(header).sign(key);
const claims = {
  plain: await sign({ key: 'jack' }, hs, key),
  valid: await sign({ key: 'jack', exp: now + 60, nbf: now }, hs, key),
  expiring: await sign({ key: 'jack', exp: now }, hs, key),
  expired: await sign({ key: 'jack', exp: now - 10 }, hs, key),
  early: await sign({ key: 'jack', nbf: now + 10 }, hs, key),
  fractions: await sign({ key: 'jack', exp: now + 0.5, nbf: now - 0.5 }, hs, key),
  expiryIsText: await raw(`{"key":"jack","exp":"${now + 60}"}`),
  expiryIsNull: await raw('{"key":"jack","exp":null}'),
  earlyIsText: await raw(`{"key":"jack","nbf":"${now}"}`),
  noKey: await sign({ sub: 'jack' }, hs, key),
  otherKey: await sign({ key: 'jim' }, hs, key),
  numberAsKey: await sign({ key: 1 }, hs, key),
  escapedKey: await raw(String.raw`{"\u006bey":"j\u0061ck"}`),
  otherClaim: await sign({ iss: 'jack', key: 'jim' }, hs, key),
  nested: await sign({ key: 'jack', realm_access: { roles: ['a', { deep: [1, 2, { key: 'jim', exp: 1 }] }] } }, hs, key),
  twice: await raw('{"key":"jim","key":"jack"}'),
  twiceEscaped: await raw(String.raw`{"key":"jim","k\u0065y":"jack"}`),
  isArray: await raw('["key","jack"]'),
  isNoJson: await raw('{"key":"jack"'),
  hasMore: await raw('{"key":"jack"} {}'),
  tooDeep: await raw(`{"key":"jack","a":${'['.repeat(40)}${']'.repeat(40)}}`),
  tooMany: await raw(`{"key":"jack",${Array.from({ length: 101 }, (_, i) => `"c${i}":${i}`).join(',')}}`),
  many: await raw(`{"key":"jack",${Array.from({ length: 99 }, (_, i) => `"c${i}":${i}`).join(',')}}`),
  loneSurrogate: await raw(String.raw`{"key":"\ud800"}`),
  long: await sign({ key: 'jack', text: 'x'.repeat(5900) }, hs, key),
  tooLong: await sign({ key: 'jack', text: 'x'.repeat(6200) }, hs, key),
  critical: await new CompactSign(encoder.encode('{"key":"jack"}')).setProtectedHeader({ alg: 'HS256', crit: ['b64'], b64: true }).sign(key),
};

await writeFile(new URL('tokens.json', import.meta.url), JSON.stringify({ now, algorithms, secret, claims }, null, 1) + '\n');
