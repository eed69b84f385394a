import { describe, expect, test } from 'vitest';
import { isSameSite } from './gate.ts';
import { presentedKey, sessionCookie } from './session-key.ts';

describe('the key a request presents', () => {
  test.each([
    [{}, null],
    [{ authorization: 'Bearer fm_1_abc' }, { key: 'fm_1_abc', by: 'bearer' }],
    [{ authorization: 'bearer fm_1_abc' }, { key: 'fm_1_abc', by: 'bearer' }],
    [{ authorization: 'Basic Zm1f' }, null],
    [{ authorization: 'Bearer a b' }, null],
    [{ authorization: `Bearer ${'x'.repeat(201)}` }, null],
    [{ cookie: 'followme_session=fm_1_abc' }, { key: 'fm_1_abc', by: 'cookie' }],
    [{ cookie: 'a=1; followme_session=k; b=2' }, { key: 'k', by: 'cookie' }],
    [{ cookie: 'xfollowme_session=k' }, null],
    [{ cookie: 'followme_session=' }, null],
    [{ cookie: 'followme_session=k"; x' }, null],
    [
      { authorization: 'Bearer one', cookie: 'followme_session=two' },
      { key: 'one', by: 'bearer' },
    ],
    [{ authorization: 'Bearer ', cookie: 'followme_session=two' }, null],
  ])('of %j is %j', (headers, expected) => {
    expect(presentedKey(headers)).toEqual(expected);
  });

  test('the cookie is kept from scripts and other sites, and over https from plain http', () => {
    expect(sessionCookie('k', { maxAgeS: 60, isHttps: true })).toBe(
      'followme_session=k; HttpOnly; SameSite=Strict; Path=/; Max-Age=60; Secure',
    );
  });
});

describe('a request with a cookie comes from our page', () => {
  test.each([
    [{ host: 'a.test' }, false],
    [{ host: 'a.test', origin: 'null' }, false],
    [{ host: 'a.test', origin: 'https://b.test' }, false],
    [{ host: 'a.test', origin: 'https://a.test.evil.test' }, false],
    [{ host: 'a.test:8080', origin: 'http://a.test:9090' }, false],
    [{ origin: 'https://a.test' }, false],
    [{ host: 'a.test', origin: 'https://a.test' }, true],
    [{ host: 'a.test:8080', origin: 'http://a.test:8080' }, true],
    [{ 'x-followme': '1' }, true],
  ])('%j: %s', (headers, expected) => {
    expect(isSameSite(headers)).toBe(expected);
  });
});
