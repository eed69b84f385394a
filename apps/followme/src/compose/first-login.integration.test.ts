/** The login that is shown at each start: only as long as it opens the door. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { trustedId, type TenantId } from '@followme/model';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import {
  findUserByEmail,
  listUsers,
  openStore,
  setPassword,
  verifyPassword,
  type Store,
} from '@followme/store';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { ensureFirstLogin, type FirstLoginPlace } from './first-login.ts';

let postgres: TestPostgres;
let store: Store;
let folder: string;
let place: FirstLoginPlace;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  store = await openStore({ url: postgres.url, ...deps });
  folder = await mkdtemp(join(tmpdir(), 'followme-login-'));
  place = { store, dataFolder: folder, wanted: { email: null, password: null } };
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

afterEach(async () => {
  await rm(join(folder, 'login.json'), { force: true });
  await store.asSystem(async ({ db }) => {
    await db.deleteFrom('followme.app_user').execute();
  });
});

test('the password is shown until it is another one, and who is disabled is not made again', async () => {
  const made = await ensureFirstLogin(place);
  expect(made).toMatchObject({ email: 'admin@followme.local', isNew: true });
  expect(made.password).toHaveLength(16);
  const shown = { ...made, isNew: false };
  expect(await ensureFirstLogin(place)).toEqual(shown);

  const { tenantId } = made;
  const people = await store.asTenant(tenantId, listUsers);
  const [first] = people;
  if (first === undefined) throw new Error('There is no first administrator');
  await store.asTenant(tenantId, (tenant) => setPassword(tenant, first.userId, 'another one'));
  expect(await ensureFirstLogin(place)).toEqual({ ...shown, password: null });

  await store.asTenant(tenantId, ({ db }) =>
    db
      .updateTable('followme.app_user')
      .set({ disabled_at: new Date() })
      .where('id', '=', first.userId)
      .execute(),
  );
  expect(await ensureFirstLogin(place)).toEqual({ ...shown, password: null });
  expect(await store.asTenant(tenantId, listUsers)).toHaveLength(1);
});

test('a start that was killed before the database heard of the password goes on with the one in the file', async () => {
  await writeFile(
    join(folder, 'login.json'),
    '{"email":"admin@followme.local","password":"written before"}',
  );
  expect(await ensureFirstLogin(place)).toMatchObject({ password: 'written before', isNew: true });
});

test('of processes that start together on engines by address one makes the login, and only it knows the password', async () => {
  const together = { ...place, dataFolder: null };
  const logins = await Promise.all(Array.from({ length: 6 }, () => ensureFirstLogin(together)));
  const made = logins.filter(({ isNew }) => isNew);
  expect(made).toHaveLength(1);
  const others = logins.filter(({ isNew }) => !isNew);
  expect(others.map(({ password }) => password)).toEqual(Array.from({ length: 5 }, () => null));
  const [{ tenantId, password } = { tenantId: trustedId<TenantId>(0), password: null }] = made;
  const person = await store.asTenant(tenantId, (tenant) =>
    findUserByEmail(tenant, 'admin@followme.local'),
  );
  expect(await verifyPassword(person?.passwordHash ?? null, password ?? '')).toBe(true);
  expect(await ensureFirstLogin(together)).toMatchObject({ password: null, isNew: false });
});

test('the operator chooses address and password of the first login, and only the first', async () => {
  const wanted = { email: 'Boss@Example.org', password: 'chosen by the boss' };
  const made = await ensureFirstLogin({ ...place, wanted });
  expect(made).toMatchObject({ email: 'Boss@Example.org', password: null, isNew: true });
  const again = { email: 'other@example.org', password: 'not this one any more' };
  expect(await ensureFirstLogin({ ...place, wanted: again })).toMatchObject({ isNew: false });
  const people = await store.asTenant(made.tenantId, listUsers);
  expect(people.map(({ email }) => email)).toEqual(['boss@example.org']);
  const person = await store.asTenant(made.tenantId, (tenant) =>
    findUserByEmail(tenant, 'boss@example.org'),
  );
  expect(await verifyPassword(person?.passwordHash ?? null, 'chosen by the boss')).toBe(true);
  await expect(readFile(join(folder, 'login.json'))).rejects.toThrow('ENOENT');
});
