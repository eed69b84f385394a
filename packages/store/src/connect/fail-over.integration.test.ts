/** The primary dies, and the address comes to lead to its standby, which becomes the primary a little later. */
import { trustedId, type TenantId } from '@followme/model';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { freePort, waitUntil } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { openStore } from './open-store.ts';
import { isRetryableFailure } from './retryable.ts';
import { startFailOver, type FailOver } from './testing-fail-over.ts';

let servers: FailOver;
let store: Store;
beforeAll(async () => {
  servers = await startFailOver({
    standbyPort: await freePort(),
    until: (answers) => waitUntil(answers, 30_000, 'the standby'),
  });
  store = await openAt(servers.url);
});
afterAll(async () => {
  await store.close();
  await servers.stop();
});

function openAt(url: string): Promise<Store> {
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  return openStore({ ...deps, url, poolSize: 2 });
}

const tenants = (): Promise<number> =>
  store.asSystem(async ({ db }) => {
    const { rows } = await sql<{
      n: number;
    }>`select count(*)::int as n from followme.tenant`.execute(db);
    return rows[0]?.n ?? -1;
  });

test('a standby is refused, also for reading, until it is the primary; then work goes on by itself', async () => {
  expect(await tenants()).toBe(0);
  servers.killPrimary();
  servers.moveAddress();
  const early = tenants();
  await expect(early).rejects.toMatchObject({ code: 'READ_ONLY' });
  expect(isRetryableFailure(await early.catch((error: unknown) => error))).toBe(true);
  await expect(openAt(servers.url)).rejects.toMatchObject({
    code: 'READ_ONLY',
    message: expect.stringMatching(/takes no writes \(a standby\?\): name the primary\.$/),
  });

  await servers.promote();
  await waitUntil(
    () =>
      tenants().then(
        (n) => n === 0,
        () => false,
      ),
    20_000,
    'the new primary',
  );
  await store.asSystem(({ db }) =>
    sql`insert into followme.tenant (slug, name) values ('new', 'new')`.execute(db),
  );
  expect(await tenants()).toBe(1);
});

test('a server that turns read-only under an open connection is not asked again on it', async () => {
  const pids: number[] = [];
  const outcome = store.asTenant(trustedId<TenantId>(1), async ({ db }) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db);
    pids.push(rows[0]?.pid ?? 0);
    if (pids.length === 1) await sql`set transaction_read_only = on`.execute(db);
    await sql`update followme.tenant set registry_revision = 1 where id = 1`.execute(db);
  });
  await outcome;
  expect(new Set(pids).size).toBe(2);
});
