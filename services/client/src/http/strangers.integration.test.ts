/** Floods of people nobody knows: what they may cost, and that others are served meanwhile. */
import { waitUntil } from '@followme/testkit';
import type { TenantId } from '@followme/model';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClientWorld, PASSWORD, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';
import { KEYS, REQUESTS } from './gate.ts';
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
  world.metrics.read('followme_admission_total', { kind, outcome });
/** Those who found the line full, or lost their place in it to who asked for less. */
const refusedOf = async (kind: string) =>
  (await counted(kind, 'refused')) + (await counted(kind, 'displaced'));

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
    expect(await refusedOf('login')).toBe(extra);
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
    const { refused, all } = fire(KEYS.perTenant + KEYS.waiting + extra, (n) => ask(made(n)));
    await waitUntil(() => refused.length === extra, WAIT_MS);
    await waitUntil(() => most === KEYS.perTenant, WAIT_MS);
    expect(await refusedOf('httpKey')).toBe(extra);

    expect((await ask(alpha.admin.key)).statusCode).toBe(200);
    const login = await logIn(alpha.host);
    expect(login.statusCode).toBe(200);
    expect((await ask(login.json().sessionKey)).statusCode).toBe(200);
    // who was never here before stands in the same line, but behind nobody of another customer
    expect((await ask(alpha.member.key)).statusCode).toBe(200);

    release();
    await all;
    expect(most).toBe(KEYS.perTenant);
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

describe('a flood of somebody who is known', () => {
  test('takes some places of the store and its own part of the line; others are served at once', async () => {
    const { alpha, beta } = world;
    const flooding = await world.openSession(beta, beta.admin);
    for (const key of [alpha.admin.key, flooding, beta.member.key]) {
      expect((await ask(key)).statusCode).toBe(200);
    }
    const extra = 40;
    hold(beta.tenantId);
    const { refused, all } = fire(REQUESTS.perTenant + REQUESTS.waiting + extra, () =>
      ask(flooding),
    );
    await waitUntil(() => refused.length === extra, WAIT_MS);
    await waitUntil(() => most === REQUESTS.perTenant, WAIT_MS);
    expect(await refusedOf('request')).toBe(extra);
    // another customer passes, a colleague takes the place of one who asks too much
    expect((await ask(alpha.admin.key)).statusCode).toBe(200);
    const colleague = ask(beta.member.key);
    await waitUntil(() => refused.length === extra + 1, WAIT_MS);
    release();
    expect((await colleague).statusCode).toBe(200);
    const replies = await all;
    expect(most).toBe(REQUESTS.perTenant);
    const loser = replies[refused[0] ?? 0];
    expect([loser?.json().code, loser?.headers['retry-after']]).toEqual(['OVERLOADED', '1']);
  });
});

describe('a store that does not answer', () => {
  test('is told with 503 and when to come again', async () => {
    const store: typeof world.store = {
      ...world.store,
      asTenant: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    };
    const other = await createHttpApp({ ...world.deps, store }, () => true);
    const reply = await other.inject({
      url: '/api/trackers',
      headers: { authorization: `Bearer ${world.alpha.admin.key}` },
    });
    await other.close();
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'STORE_UNAVAILABLE']);
    expect(reply.headers['retry-after']).toBe('1');
  });
});
