import { trustedId, type TenantId } from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { copyInto } from '../postgres/position/copy-into.ts';
import { openStore, type OpenStoreOptions } from './open-store.ts';
import { createSilencer, type Silencer } from './testing-silencer.ts';

const TENANT = trustedId<TenantId>(7);
const OTHER = trustedId<TenantId>(8);

let postgres: TestPostgres;
let metrics: Metrics;
let store: Store;
let admin: Client;

function open(options: Partial<OpenStoreOptions> = {}): Promise<Store> {
  return openStore({
    url: postgres.url,
    clock: systemClock,
    logger: silentLogger,
    metrics,
    ...options,
  });
}

/** A table guarded the way every tenant table is, made by the login as a migration would. */
const GUARDED = `
  CREATE TABLE followme.thing (tenant_id int NOT NULL, name text PRIMARY KEY);
  ALTER TABLE followme.thing ENABLE ROW LEVEL SECURITY;
  ALTER TABLE followme.thing FORCE ROW LEVEL SECURITY;
  CREATE POLICY app ON followme.thing TO followme_app
    USING (tenant_id = current_setting('followme.tenant')::int);
  CREATE POLICY system ON followme.thing TO followme_system USING (true);
  GRANT USAGE ON SCHEMA followme TO followme_app, followme_system;
  GRANT SELECT, INSERT, UPDATE, DELETE ON followme.thing TO followme_app, followme_system;`;

async function asLogin<T>(work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: postgres.url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const add = (tenantId: TenantId, name: string) =>
  sql`INSERT INTO followme.thing (tenant_id, name) VALUES (${tenantId}, ${name})`;
const names = sql<{ name: string }>`SELECT name FROM followme.thing ORDER BY name`;

beforeAll(async () => {
  postgres = await startTestPostgres();
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
  await asLogin((client) => client.query(GUARDED));
});
afterAll(async () => {
  await admin.end();
  await postgres.stop();
});
beforeEach(async () => {
  metrics = createMetrics();
  store = await open();
  await store.asSystem(async ({ db }) => {
    await add(TENANT, 'ours').execute(db);
    await add(OTHER, 'theirs').execute(db);
  });
});
afterEach(async () => {
  await admin.query('TRUNCATE followme.thing');
  await store.close();
});

describe('the two doors', () => {
  test('the tenant door sees its tenant and nothing else', async () => {
    const seen = await store.asTenant(TENANT, async ({ db }) => (await names.execute(db)).rows);
    expect(seen).toEqual([{ name: 'ours' }]);
  });

  test('the tenant door cannot write into another tenant', async () => {
    const foreign = store.asTenant(TENANT, ({ db }) => add(OTHER, 'smuggled').execute(db));
    await expect(foreign).rejects.toThrow('row-level security');
  });

  test('the system door sees all tenants', async () => {
    const seen = await store.asSystem(async ({ db }) => (await names.execute(db)).rows);
    expect(seen).toEqual([{ name: 'ours' }, { name: 'theirs' }]);
  });

  test('work runs as the role of its door, and role and tenant are gone after it', async () => {
    const single = await open({ poolSize: 1 });
    const who = `SELECT current_user AS role, current_setting('followme.tenant', true) AS tenant,
                        pg_backend_pid() AS pid`;
    const system = await single.asSystem(async ({ client }) => {
      return { client, row: (await client.query<{ pid: number }>(who)).rows[0] };
    });
    const pid = system.row?.pid;
    expect(system.row).toEqual({ role: 'followme_system', tenant: '', pid });
    const tenant = await single.asTenant(TENANT, ({ db }) => sql.raw(who).execute(db));
    expect(tenant.rows).toEqual([{ role: 'followme_app', tenant: '7', pid }]);
    // the one connection of the pool, now outside of any door
    const outside = await system.client.query(who);
    const login = new URL(postgres.url).username;
    expect(outside.rows).toEqual([{ role: login, tenant: '', pid }]);
    await single.close();
  });

  test('the login sees nothing without a door, though it owns the table', async () => {
    const { rows } = await asLogin((client) => client.query('SELECT * FROM followme.thing'));
    expect(rows).toEqual([]);
  });

  test('a tenant id that is none is a mistake of the caller', async () => {
    const wrong = store.asTenant(trustedId<TenantId>(1.5), () => Promise.resolve());
    await expect(wrong).rejects.toThrow('Got tenant id 1.5');
  });
});

describe('a transaction', () => {
  test('leaves nothing behind when its work fails', async () => {
    const failing = store.asTenant(TENANT, async ({ db }) => {
      await add(TENANT, 'half').execute(db);
      throw new Error('the other half failed');
    });
    await expect(failing).rejects.toThrow('the other half failed');
    const seen = await store.asTenant(TENANT, async ({ db }) => (await names.execute(db)).rows);
    expect(seen).toEqual([{ name: 'ours' }]);
  });

  test('whose work swallowed an error is not taken for done', async () => {
    const swallowing = store.asTenant(TENANT, async ({ db }) => {
      await add(TENANT, 'new').execute(db);
      await add(TENANT, 'ours')
        .execute(db)
        .catch(() => undefined);
    });
    await expect(swallowing).rejects.toMatchObject({ code: 'ROLLED_BACK' });
  });

  test('takes statements sent together one after the other', async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error): void => void warnings.push(warning);
    process.on('warning', onWarning);
    const answers = await store.asSystem(({ db }) =>
      Promise.all([1, 2, 3].map((n) => sql<{ n: number }>`SELECT ${n}::int AS n`.execute(db))),
    );
    expect(answers.map(({ rows }) => rows[0]?.n)).toEqual([1, 2, 3]);
    process.off('warning', onWarning);
    expect(warnings).toEqual([]);
  });

  test('counts the rows a statement changed', async () => {
    const { numAffectedRows } = await store.asSystem(({ db }) =>
      sql`UPDATE followme.thing SET name = name || '!'`.execute(db),
    );
    expect(numAffectedRows).toBe(2n);
  });

  test('cannot be ended or nested by the operation', async () => {
    const nested = store.asSystem(({ db }) => db.transaction().execute(() => Promise.resolve()));
    await expect(nested).rejects.toThrow('The door begins and ends the transaction');
  });

  test('is run again after a serialization failure, and only then counts once', async () => {
    let tries = 0;
    await store.asTenant(TENANT, async ({ db }) => {
      tries += 1;
      await add(TENANT, `try ${tries}`).execute(db);
      if (tries < 3) {
        await sql`DO $$ BEGIN RAISE SQLSTATE '40001'; END $$`.execute(db);
      }
    });
    const seen = await store.asTenant(TENANT, async ({ db }) => (await names.execute(db)).rows);
    expect(seen).toEqual([{ name: 'ours' }, { name: 'try 3' }]);
    const retried = { door: 'tenant', outcome: 'retried' };
    expect(await metrics.read('followme_store_transactions_total', retried)).toBe(2);
  });

  test('is run again on another connection when its own was cut before COMMIT', async () => {
    const pids: number[] = [];
    await store.asSystem(async ({ db }) => {
      const { rows } = await sql<{ pid: number }>`SELECT pg_backend_pid() AS pid`.execute(db);
      pids.push(rows[0]?.pid ?? 0);
      if (pids.length === 1) await admin.query('SELECT pg_terminate_backend($1)', [pids[0]]);
      await add(TENANT, 'after the cut').execute(db);
    });
    expect(new Set(pids).size).toBe(2);
    const seen = await store.asTenant(TENANT, async ({ db }) => (await names.execute(db)).rows);
    expect(seen).toContainEqual({ name: 'after the cut' });
  });

  test('is never run again when the connection was cut during COMMIT', async () => {
    await admin.query(`
      CREATE FUNCTION public.cut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS
        $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;
      CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON followme.thing DEFERRABLE INITIALLY DEFERRED
        FOR EACH ROW EXECUTE FUNCTION public.cut()`);
    let tries = 0;
    const cut = store.asTenant(TENANT, ({ db }) => {
      tries += 1;
      return add(TENANT, 'who knows').execute(db);
    });
    await expect(cut).rejects.toMatchObject({ code: 'COMMIT_UNKNOWN' });
    expect(tries).toBe(1);
    await admin.query('DROP TRIGGER cut ON followme.thing; DROP FUNCTION public.cut()');
    await store.check(5000);
  });

  test('fails when a statement takes longer than it may, and the connection is used again', async () => {
    const hasty = await open({ statementTimeoutMs: 50, poolSize: 1 });
    const slow = hasty.asSystem(({ db }) => sql`SELECT pg_sleep(10)`.execute(db));
    await expect(slow).rejects.toMatchObject({ code: '57014' });
    await hasty.check(5000);
    await hasty.close();
  });
});

describe('a network that goes silent', () => {
  let silencer: Silencer;
  let cutOff: Store;
  beforeEach(async () => {
    silencer = await createSilencer(new URL(postgres.url));
    cutOff = await open({
      url: silencer.url,
      poolSize: 1,
      statementTimeoutMs: 100,
      networkGraceMs: 100,
    });
  });
  afterEach(async () => {
    await silencer.close();
    await cutOff.close();
  });

  test.each(['a statement', 'a COPY', 'COMMIT'])(
    'ends %s with an error, and the connection is not used again',
    async (which) => {
      const pids: number[] = [];
      const work = cutOff.asSystem(async ({ client }) => {
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        pids.push(rows[0]?.pid ?? 0);
        silencer.silence();
        if (which === 'a statement') await client.query('SELECT 1');
        if (which === 'a COPY')
          await copyInto(client, 'followme.thing (name)', Buffer.from('no matter'));
      });
      await expect(work).rejects.toMatchObject(
        which === 'COMMIT' ? { code: 'COMMIT_UNKNOWN' } : { message: 'Query read timeout' },
      );
      silencer.speak();
      await cutOff.asSystem(async ({ client }) => {
        const { rows } = await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
        pids.push(rows[0]?.pid ?? 0);
      });
      expect(new Set(pids).size).toBe(2);
    },
  );
});

describe('connections that died without a word', () => {
  let silencer: Silencer;
  let patient: Store;
  beforeEach(async () => {
    silencer = await createSilencer(new URL(postgres.url));
    patient = await open({
      url: silencer.url,
      poolSize: 2,
      statementTimeoutMs: 600_000,
    });
  });
  afterEach(async () => {
    await silencer.close();
    await patient.close();
  });

  const dead = async (): Promise<number> => {
    const line = /^followme_store_dead_connections_total\{.*\} (\d+)$/m;
    return Number(line.exec(await metrics.text())?.[1] ?? 0);
  };

  test.each(['a statement', 'a COPY'])(
    'are found in %s, their locks are freed, and the transaction is run again on another',
    async (which) => {
      await admin.query(`INSERT INTO followme.thing (tenant_id, name) VALUES (${TENANT}, 'held')`);
      // a second connection that will have died as well, and lies in the pool
      await Promise.all([patient.check(5000), patient.check(5000)]);
      let tries = 0;
      await patient.asSystem(async ({ client }) => {
        tries += 1;
        await client.query(`SELECT FROM followme.thing WHERE name = 'held' FOR UPDATE`);
        if (tries > 1) return;
        silencer.silence();
        silencer.speak();
        if (which === 'a statement') await client.query('SELECT 1');
        else await copyInto(client, 'followme.thing (name)', Buffer.alloc(1_000_000));
      });
      expect(tries).toBe(2);
      await Promise.all([patient.check(5000), patient.check(5000)]);
      expect(await dead()).toBe(1);
    },
  );

  test('free what the server holds for them when it was not told of their end', async () => {
    await admin.query(`INSERT INTO followme.thing (tenant_id, name) VALUES (${TENANT}, 'left')`);
    const lock = `SELECT FROM followme.thing WHERE name = 'left' FOR UPDATE`;
    let tries = 0;
    await patient.asSystem(async ({ client }) => {
      tries += 1;
      await client.query(lock);
      if (tries > 1) return;
      silencer.breakHere();
      await client.query('SELECT 1');
    });
    // left to itself the server holds the lock for 15 s, and a third try would have been needed
    expect(tries).toBe(2);
  });

  test('do not keep the store from closing: what is under way on them ends with an error', async () => {
    const closing = await open({ url: silencer.url, statementTimeoutMs: 600_000 });
    await Promise.all([closing.check(5000), closing.check(5000)]);
    let close = Promise.resolve();
    const work = closing.asSystem(async ({ client }) => {
      silencer.silence();
      silencer.speak();
      close = closing.close();
      await client.query('SELECT 1');
    });
    await expect(work).rejects.toThrow();
    await close;
    expect(await dead()).toBe(1);
  });

  test('are told from statements that take long and from waits for a lock', async () => {
    await admin.query(
      `INSERT INTO followme.thing (tenant_id, name) VALUES (${TENANT}, 'contended')`,
    );
    const lock = `SELECT FROM followme.thing WHERE name = 'contended' FOR UPDATE`;
    let tries = 0;
    const long = patient.asSystem(async ({ client }) => {
      tries += 1;
      await client.query(lock);
      await client.query('SELECT pg_sleep(5)');
    });
    const waiting = patient.asSystem(async ({ client }) => {
      tries += 1;
      await client.query(lock);
    });
    await Promise.all([long, waiting]);
    expect(tries).toBe(2);
    expect(await dead()).toBe(0);
  });

  test('are told from others also when times are written in another way since they were made', async () => {
    const login = `"${new URL(postgres.url).username}"`;
    await admin.query(`ALTER ROLE ${login} SET datestyle = 'SQL'`);
    await admin.query(`ALTER ROLE ${login} SET timezone = 'Asia/Kolkata'`);
    const older = await open({ poolSize: 1 });
    await older.check(5000);
    await admin.query(`ALTER ROLE ${login} RESET ALL`);
    let tries = 0;
    await older.asSystem(async ({ client }) => {
      tries += 1;
      const { rows } = await client.query('SHOW timezone');
      expect(rows).toEqual([{ TimeZone: 'Asia/Kolkata' }]);
      await client.query('SELECT pg_sleep(5)');
    });
    await older.close();
    expect([tries, await dead()]).toEqual([1, 0]);
  });
});

test('people wait less long than services: for locks and for statements, and only inside their door', async () => {
  const single = await open({ poolSize: 1 });
  const limits = `SELECT current_setting('lock_timeout') AS lock, current_setting('statement_timeout') AS statement`;
  const tenant = await single.asTenant(TENANT, ({ db }) => sql.raw(limits).execute(db));
  const system = await single.asSystem(({ db }) => sql.raw(limits).execute(db));
  expect(tenant.rows).toEqual([{ lock: '2s', statement: '20s' }]);
  expect(system.rows).toEqual([{ lock: '10s', statement: '30s' }]);
  await single.close();
});

describe('opening', () => {
  test('is refused with a superuser, naming the SQL for a fit login', async () => {
    await expect(open({ url: postgres.adminUrl })).rejects.toMatchObject({
      code: 'UNFIT_LOGIN',
      message: expect.stringContaining('CREATE ROLE "followme" LOGIN NOINHERIT'),
    });
  });

  test('is refused with a login that has the rights of the doors without going through one', async () => {
    await admin.query(`CREATE ROLE followme_careless LOGIN INHERIT PASSWORD 'careless'`);
    await admin.query('GRANT followme_app, followme_system TO followme_careless');
    const url = new URL(postgres.url);
    url.username = 'followme_careless';
    url.password = 'careless';
    await expect(open({ url: url.href })).rejects.toMatchObject({
      code: 'UNFIT_LOGIN',
      message: expect.stringContaining('inherits the roles'),
    });
    await admin.query('DROP ROLE followme_careless');
  });

  test('is refused with a login that may not take the roles', async () => {
    await admin.query(`CREATE ROLE followme_stranger LOGIN NOINHERIT PASSWORD 'stranger'`);
    const url = new URL(postgres.url);
    url.username = 'followme_stranger';
    url.password = 'stranger';
    await expect(open({ url: url.href })).rejects.toMatchObject({
      code: 'UNFIT_LOGIN',
      message: expect.stringContaining(
        'GRANT followme_app, followme_system TO "followme_stranger"',
      ),
    });
    await admin.query('DROP ROLE followme_stranger');
  });

  test('names itself to the server', async () => {
    const named = await open({ applicationName: 'followme-recorder' });
    const { rows } = await named.asSystem(({ client }) => client.query('SHOW application_name'));
    expect(rows).toEqual([{ application_name: 'followme-recorder' }]);
    await named.close();
  });
});
