/** Floods of people nobody knows: what they may cost, and that others are served meanwhile. */
import { waitUntil } from '@followme/testkit';
import type { TenantId } from '@followme/model';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClientWorld, PASSWORD, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';
import { KEYS } from './gate.ts';
import { LOGINS } from './password-guard.ts';

const WAIT_MS = 10_000;

let world: ClientWorld;
let app: FastifyInstance;
/** Whose part of the store does not answer until `release` is called. */
let held: TenantId | null = null;
let release: () => void = () => undefined;
let free: Promise<void> = Promise.resolve();
let most = 0;
let underWay = 0;

const hold = (tenantId: TenantId): void => {
  held = tenantId;
  free = new Promise((resolve) => (release = resolve));
};

beforeAll(async () => {
  world = await createClientWorld();
});
afterAll(async () => world.stop());
beforeEach(async () => {
  most = 0;
  const store: typeof world.store = {
    ...world.store,
    async asTenant(tenantId, work) {
      if (tenantId !== held) return world.store.asTenant(tenantId, work);
      underWay += 1;
      most = Math.max(most, underWay);
      try {
        await free;
        return await world.store.asTenant(tenantId, work);
      } finally {
        underWay -= 1;
      }
    },
  };
  // nobody gives up waiting, however slow the machine
  const clock: typeof world.clock = { ...world.clock, after: () => () => undefined };
  app = await createHttpApp({ ...world.deps, store, clock }, () => true);
});
afterEach(async () => {
  release();
  held = null;
  await app.close();
});

const logIn = (host: string, n = 0, password = PASSWORD) =>
  app.inject({
    method: 'POST',
    url: '/api/login',
    headers: { host },
    remoteAddress: `10.0.${n >> 8}.${n & 255}`,
    payload: { email: `admin@${host}`, password },
  });
const ask = (key: string) =>
  app.inject({ url: '/api/session', headers: { authorization: `Bearer ${key}` } });
/** Fires `count` requests; tells how many were answered before the store was. */
function fire(count: number, send: (n: number) => ReturnType<typeof logIn>) {
  const refused: number[] = [];
  const all = Array.from({ length: count }, async (_, n) => {
    const reply = await send(n);
    if (reply.statusCode === 503) refused.push(n);
    return reply;
  });
  return { refused, all: Promise.all(all) };
}
const counted = (kind: string, outcome: string) =>
  world.metrics.read('followme_strangers_total', { kind, outcome });

describe('a burst of logins', () => {
  test('has so many passwords checked at a time, so many wait, and the others come again later', async () => {
    const { beta } = world;
    const extra = 20;
    hold(beta.tenantId);
    const { refused, all } = fire(LOGINS.atOnce + LOGINS.waiting + extra, (n) =>
      logIn(beta.host, n),
    );
    await waitUntil(() => refused.length === extra, WAIT_MS);
    await waitUntil(() => most === LOGINS.atOnce, WAIT_MS);
    expect(await counted('login', 'overloaded')).toBe(extra);
    // the places of those who wait are of this kind only: a key is looked up meanwhile
    expect((await ask(world.alpha.admin.key)).statusCode).toBe(200);
    release();
    const replies = await all;
    expect(most).toBe(LOGINS.atOnce);
    const last = replies.at(-1);
    expect([last?.json().code, last?.headers['retry-after']]).toEqual(['OVERLOADED', '1']);
    expect(replies.filter((r) => r.statusCode === 200).length).toBe(LOGINS.atOnce + LOGINS.waiting);
    expect(await world.metrics.read('followme_logins_total', { outcome: 'overloaded' })).toBe(
      extra,
    );
  });

  test('of wrong passwords from one address is over when the account is closed to it', async () => {
    const { beta } = world;
    const { all } = fire(60, () => logIn(beta.host, 0, 'wrong'));
    const statuses = (await all).map((r) => r.statusCode);
    // those in line when the tenth failed are not checked any more, only those at it
    expect(statuses.filter((s) => s === 401).length).toBeLessThan(10 + LOGINS.atOnce);
    expect(statuses.filter((s) => s === 429).length).toBeGreaterThan(40);
  });
});

describe('a flood of made-up keys', () => {
  test('takes a few places of the store; who was known before and who logs in is served', async () => {
    const { alpha, beta } = world;
    expect((await ask(alpha.admin.key)).statusCode).toBe(200);
    const extra = 50;
    hold(beta.tenantId);
    const made = (n: number) => `fm_${beta.tenantId}_${String(n).padStart(43, 'A')}`;
    const { refused, all } = fire(KEYS.atOnce + KEYS.waiting + extra, (n) => ask(made(n)));
    await waitUntil(() => refused.length === extra, WAIT_MS);
    await waitUntil(() => most === KEYS.atOnce, WAIT_MS);
    expect(await counted('httpKey', 'overloaded')).toBe(extra);

    expect((await ask(alpha.admin.key)).statusCode).toBe(200);
    const login = await logIn(alpha.host);
    expect(login.statusCode).toBe(200);
    expect((await ask(login.json().sessionKey)).statusCode).toBe(200);
    const stranger = await ask(alpha.member.key);
    expect([stranger.statusCode, stranger.json().code]).toEqual([503, 'OVERLOADED']);

    release();
    await all;
    expect(most).toBe(KEYS.atOnce);
    expect((await ask(alpha.member.key)).statusCode).toBe(200);
  });

  test('a known key whose session was closed opens nothing', async () => {
    const { alpha } = world;
    const key = await world.openSession(alpha, alpha.member);
    const headers = { authorization: `Bearer ${key}` };
    expect((await ask(key)).statusCode).toBe(200);
    await app.inject({ method: 'POST', url: '/api/logout', headers });
    expect((await ask(key)).statusCode).toBe(401);
    expect((await ask(key)).statusCode).toBe(401);
  });
});
