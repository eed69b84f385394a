import { type TenantId, type UserId } from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store, TenantScope } from '../port.ts';
import { closeSession } from './session/close-session.ts';
import { findSession } from './session/find-session.ts';
import { issueSocketKey, SOCKET_KEY_TTL_MS } from './session/issue-socket-key.ts';
import { MAX_SESSIONS_PER_USER, openSession } from './session/open-session.ts';
import { redeemSocketKey } from './session/redeem-socket-key.ts';
import type { Session } from './session/session.ts';
import { makeTenant, must, openTestStore } from './testing.ts';
import { createUser } from './user/create-user.ts';
import { findUserByEmail } from './user/find-user-by-email.ts';
import { listUsers } from './user/list-users.ts';
import { verifyPassword } from './user/password.ts';
import { setPassword } from './user/set-password.ts';

const NOW = Date.UTC(2026, 4, 20, 12);
const HOUR = 3_600_000;

let postgres: TestPostgres;
let store: Store;
let tenants = 0;
let tenantId: TenantId;
let userId: UserId;

const inTenant = <T>(work: (tenant: TenantScope) => Promise<T>): Promise<T> =>
  store.asTenant(tenantId, work);

const ANNA = {
  email: ' Anna@Example.org',
  name: 'Anna',
  password: 'first',
  role: 'operator',
  seesAll: true,
} as const;

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
});

beforeEach(async () => {
  tenants += 1;
  tenantId = await makeTenant(store, `tenant-${tenants}`);
  userId = must(await inTenant((t) => createUser(t, ANNA)));
});

describe('users', () => {
  test('an address belongs to one person of a tenant, in any spelling of case', async () => {
    expect(await inTenant((t) => createUser(t, { ...ANNA, email: 'ANNA@example.ORG' }))).toEqual({
      ok: false,
      error: { code: 'EMAIL_TAKEN', email: 'anna@example.org' },
    });
    const other = await makeTenant(store, `other-${tenants}`);
    must(await store.asTenant(other, (t) => createUser(t, ANNA)));
  });

  test('a person is found by address with their hash; lists do not carry it', async () => {
    const found = await inTenant((t) => findUserByEmail(t, 'aNNa@example.org'));
    expect(found).toMatchObject({ userId, tenantId, email: 'anna@example.org', role: 'operator' });
    expect(await verifyPassword(found?.passwordHash ?? null, 'first')).toBe(true);
    const listed = await inTenant(listUsers);
    expect(listed).toMatchObject([{ userId, name: 'Anna', seesAll: true, disabledAtMs: null }]);
    expect(listed[0]).not.toHaveProperty('passwordHash');
    expect(await inTenant((t) => findUserByEmail(t, 'nobody@example.org'))).toBeNull();
  });

  test('a new password ends the old one and all sessions', async () => {
    const { token } = await inTenant((t) => openSession(t, { userId, ttlMs: HOUR, nowMs: NOW }));
    expect(await inTenant((t) => setPassword(t, userId, 'second'))).toBe(true);
    const found = await inTenant((t) => findUserByEmail(t, ANNA.email));
    expect(await verifyPassword(found?.passwordHash ?? null, 'first')).toBe(false);
    expect(await verifyPassword(found?.passwordHash ?? null, 'second')).toBe(true);
    expect(await findSession(store, token, NOW)).toBeNull();
  });
});

describe('sessions', () => {
  const open = async (nowMs = NOW): Promise<string> =>
    (await inTenant((t) => openSession(t, { userId, ttlMs: HOUR, nowMs }))).token;
  const found = async (token: string, nowMs = NOW): Promise<Session> => {
    const session = await findSession(store, token, nowMs);
    if (session === null) throw new Error('The session was not found');
    return session;
  };

  test('a token finds its session until it is over', async () => {
    const token = await open();
    expect(await found(token, NOW + HOUR - 1)).toMatchObject({
      tenantId,
      userId,
      email: 'anna@example.org',
      role: 'operator',
      seesAll: true,
      expiresAtMs: NOW + HOUR,
    });
    expect(await findSession(store, token, NOW + HOUR)).toBeNull();
  });

  test('a token is stored nowhere', async () => {
    const token = await open();
    const { rows } = await store.asSystem(({ db }) =>
      sql<{ row: string }>`select s::text as row from followme.session s`.execute(db),
    );
    const secret = token.slice(token.lastIndexOf('_') + 1);
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.some(({ row }) => row.includes(secret))).toBe(false);
  });

  test.each([
    ['empty', () => ''],
    ['cut', (token: string) => token.slice(0, -1)],
    ['of another tenant', (token: string) => token.replace(/^fm_\d+/, 'fm_1')],
    ['of a tenant that is none', (token: string) => token.replace(/^fm_\d+/, 'fm_2147483647')],
    ['of a tenant beyond numbers', (token: string) => token.replace(/^fm_\d+/, 'fm_9999999999')],
    ['of another kind', (token: string) => token.replace(/^fm/, 'fk')],
    ['with more behind it', (token: string) => `${token}\n`],
    ['altered', (token: string) => token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A')],
  ])('a token that is %s finds nothing', async (_, alter) => {
    await makeTenant(store, `decoy-${tenants}`);
    expect(await findSession(store, alter(await open()), NOW)).toBeNull();
  });

  test('closing ends it, and closing again is harmless', async () => {
    const session = await found(await open());
    const other = await open();
    await inTenant((t) => closeSession(t, session));
    await inTenant((t) => closeSession(t, session));
    expect(await findSession(store, other, NOW)).not.toBeNull();
  });

  test('disabled people and suspended tenants have no sessions', async () => {
    const token = await open();
    await store.asSystem(({ db }) =>
      sql`update followme.app_user set disabled_at = now() where id = ${userId}`.execute(db),
    );
    expect(await findSession(store, token, NOW)).toBeNull();
    await store.asSystem(({ db }) =>
      sql`update followme.app_user set disabled_at = null where id = ${userId}`.execute(db),
    );
    expect(await findSession(store, token, NOW)).not.toBeNull();
    await store.asSystem(({ db }) =>
      sql`update followme.tenant set suspended_at = now() where id = ${tenantId}`.execute(db),
    );
    expect(await findSession(store, token, NOW)).toBeNull();
  });

  test('the last use is noted once a minute', async () => {
    const token = await open();
    const lastSeen = async (): Promise<number> => {
      const { rows } = await inTenant(({ db }) =>
        sql<{
          t: number;
        }>`select followme.epoch_ms(last_seen_at) as t from followme.session`.execute(db),
      );
      return (rows[0]?.t ?? 0) - NOW;
    };
    await found(token, NOW + 59_000);
    expect(await lastSeen()).toBe(0);
    await found(token, NOW + 61_000);
    expect(await lastSeen()).toBe(61_000);
  });

  test('one person has a bounded number of sessions; the longest unused goes', async () => {
    const tokens: string[] = [];
    for (let n = 0; n <= MAX_SESSIONS_PER_USER; n += 1) tokens.push(await open(NOW + n));
    const [first = '', second = ''] = tokens;
    expect(await findSession(store, first, NOW + 100)).toBeNull();
    expect(await findSession(store, second, NOW + 100)).not.toBeNull();
  });

  test('a socket key opens once, within a minute', async () => {
    const session = await found(await open());
    const issue = async (): Promise<string> => {
      const issued = await inTenant((t) => issueSocketKey(t, session, NOW));
      if (issued === null) throw new Error('No key was issued');
      return issued.key;
    };
    const key = await issue();
    expect(await redeemSocketKey(store, key, NOW + SOCKET_KEY_TTL_MS)).toBeNull();
    expect(await redeemSocketKey(store, key, NOW + 1)).toMatchObject({ tenantId, userId });
    expect(await redeemSocketKey(store, key, NOW + 2)).toBeNull();
    const replaced = await issue();
    const newest = await issue();
    expect(await redeemSocketKey(store, replaced, NOW)).toBeNull();
    const both = await Promise.all([newest, newest].map((k) => redeemSocketKey(store, k, NOW)));
    expect(both.filter((s) => s !== null)).toHaveLength(1);
    expect(await redeemSocketKey(store, 'fk_1_x', NOW)).toBeNull();
  });

  test('a session that is over gets no socket key', async () => {
    const session = await found(await open());
    expect(await inTenant((t) => issueSocketKey(t, session, NOW + HOUR))).toBeNull();
  });
});
