/** What a proxy in front of the service says of a request, and whom it is believed. */
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientWorld, PASSWORD, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';
import { FAILURES_PER_ACCOUNT } from './login-limit.ts';

const PROXY = '10.1.1.1';
const STRANGER = '198.51.100.7';

let world: ClientWorld;
let app: FastifyInstance;
let person = 0;

beforeAll(async () => {
  world = await createClientWorld();
  const config = { ...world.deps.config, trustedProxies: [PROXY, '127.0.0.1', '::1'] };
  app = await createHttpApp({ ...world.deps, config }, () => true);
});
afterAll(async () => {
  await app.close();
  await world.stop();
});

interface Sent {
  readonly from: string;
  readonly forwarded?: Readonly<Record<string, string>>;
}
const forwardedFor = (list: string) => ({ 'x-forwarded-for': list });
const logIn = ({ from, forwarded = {} }: Sent, email: string, password = 'wrong') =>
  app.inject({
    method: 'POST',
    url: '/api/login',
    headers: { host: 'alpha.test', ...forwarded },
    remoteAddress: from,
    payload: { email, password },
  });
/** An account nobody has touched yet, closed to whoever `sent` is taken for. */
async function closeAccount(sent: Sent): Promise<string> {
  person += 1;
  const email = `nobody${person}@alpha.test`;
  for (let n = 0; n < FAILURES_PER_ACCOUNT; n += 1) await logIn(sent, email);
  expect((await logIn(sent, email)).statusCode).toBe(429);
  return email;
}

describe('the limit of failed logins', () => {
  test('counts by the address that a trusted proxy says, not by the proxy’s own', async () => {
    const email = await closeAccount({ from: PROXY, forwarded: forwardedFor('203.0.113.1') });
    const other = await logIn({ from: PROXY, forwarded: forwardedFor('203.0.113.2') }, email);
    expect(other.statusCode).toBe(401);
    expect((await logIn({ from: '203.0.113.1' }, email)).statusCode).toBe(429);
  });

  test('takes the address nearest to the proxy: what a client put before it is passed over', async () => {
    const of = (forged: string) => ({
      from: PROXY,
      forwarded: forwardedFor(`${forged}, 203.0.113.3`),
    });
    const email = await closeAccount(of('1.1.1.1'));
    expect((await logIn(of('2.2.2.2'), email)).statusCode).toBe(429);
    expect((await logIn({ from: '1.1.1.1' }, email)).statusCode).toBe(401);
  });

  test('does not listen to a peer that is no trusted proxy', async () => {
    const of = (forged: string) => ({ from: STRANGER, forwarded: forwardedFor(forged) });
    const email = await closeAccount(of('203.0.113.4'));
    expect((await logIn(of('203.0.113.5'), email)).statusCode).toBe(429);
    expect((await logIn({ from: '203.0.113.4' }, email)).statusCode).toBe(401);
  });

  test.each(['127.0.0.1', '::1', '::ffff:127.0.0.1'])(
    'a program at %s that forges an address is taken for that address, and moves no other’s count',
    async (from) => {
      const email = await closeAccount({ from, forwarded: forwardedFor('203.0.113.6') });
      expect((await logIn({ from }, email)).statusCode).toBe(401);
      expect((await logIn({ from: STRANGER }, email)).statusCode).toBe(401);
    },
  );

  test.each(['unknown', 'x'.repeat(5_000), '203.0.113.9:1234'])(
    'what is no address counts for the proxy itself: %.20s',
    async (text) => {
      const email = await closeAccount({ from: PROXY, forwarded: forwardedFor(text) });
      expect((await logIn({ from: PROXY }, email)).statusCode).toBe(429);
    },
  );
});

describe('https at the proxy', () => {
  const cookieOf = async (sent: Sent) => {
    const reply = await logIn(sent, 'admin@alpha.test', PASSWORD);
    expect(reply.statusCode).toBe(200);
    return {
      isSecure: String(reply.headers['set-cookie']).endsWith('; Secure'),
      hsts: reply.headers['strict-transport-security'],
    };
  };

  test('makes the cookie Secure and is told to browsers', async () => {
    const forwarded = { 'x-forwarded-proto': 'https', ...forwardedFor('203.0.113.10') };
    expect(await cookieOf({ from: PROXY, forwarded })).toEqual({
      isSecure: true,
      hsts: 'max-age=31536000',
    });
    const session = await logIn({ from: PROXY, forwarded }, 'admin@alpha.test', PASSWORD);
    const out = await app.inject({
      method: 'POST',
      url: '/api/logout',
      headers: {
        ...forwarded,
        cookie: String(session.headers['set-cookie']).split(';')[0],
        'x-followme': '1',
      },
      remoteAddress: PROXY,
    });
    expect(out.statusCode).toBe(204);
    expect(out.headers['set-cookie']).toContain('Max-Age=0; Secure');
  });

  test.each([
    ['http', { from: PROXY, forwarded: { 'x-forwarded-proto': 'http' } }],
    ['nothing', { from: PROXY }],
    ['https by a client before the proxy', proto('https, http')],
    ['https by a stranger', { from: STRANGER, forwarded: { 'x-forwarded-proto': 'https' } }],
  ])('is not assumed when the word is %s', async (_, sent) => {
    expect(await cookieOf(sent)).toEqual({ isSecure: false, hsts: undefined });
  });

  test('is not believed of anybody when no proxy is trusted', async () => {
    const bare = await createHttpApp(world.deps, () => true);
    for (const remoteAddress of ['127.0.0.1', PROXY]) {
      const reply = await bare.inject({
        method: 'POST',
        url: '/api/login',
        headers: { host: 'alpha.test', 'x-forwarded-proto': 'https' },
        remoteAddress,
        payload: { email: 'admin@alpha.test', password: PASSWORD },
      });
      expect(reply.statusCode).toBe(200);
      expect(reply.headers['set-cookie']).not.toContain('Secure');
      expect(reply.headers['strict-transport-security']).toBeUndefined();
    }
    await bare.close();
  });

  function proto(words: string): Sent {
    return { from: PROXY, forwarded: { 'x-forwarded-proto': words } };
  }
});
