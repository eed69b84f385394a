/** The login that is shown at each start: only as long as it opens the door. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { listUsers, openStore, setPassword, type Store } from '@followme/store';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ensureFirstLogin } from './first-login.ts';

let postgres: TestPostgres;
let store: Store;
let folder: string;

beforeAll(async () => {
  postgres = await startTestPostgres();
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  store = await openStore({ url: postgres.url, ...deps });
  folder = await mkdtemp(join(tmpdir(), 'followme-login-'));
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
  await rm(folder, { recursive: true });
});

test('the password is shown until it is another one, and who is disabled is not made again', async () => {
  const made = await ensureFirstLogin(store, folder);
  expect(made.password).toHaveLength(16);
  expect(await ensureFirstLogin(store, folder)).toEqual(made);

  const { tenantId } = made;
  const people = await store.asTenant(tenantId, listUsers);
  const [first] = people;
  if (first === undefined) throw new Error('There is no first administrator');
  await store.asTenant(tenantId, (tenant) => setPassword(tenant, first.userId, 'another one'));
  expect(await ensureFirstLogin(store, folder)).toEqual({ ...made, password: null });

  await store.asTenant(tenantId, ({ db }) =>
    db
      .updateTable('followme.app_user')
      .set({ disabled_at: new Date() })
      .where('id', '=', first.userId)
      .execute(),
  );
  expect(await ensureFirstLogin(store, folder)).toEqual({ ...made, password: null });
  expect(await store.asTenant(tenantId, listUsers)).toHaveLength(1);
});
