/**
 * A database of its own for each test file, cloned from a template that is migrated once per release of the
 * migrations. Stopping it fails when the code under test kept a connection.
 */
import { createHash, randomBytes } from 'node:crypto';
import { APP_ROLE, loadMigrations, migrate, MIGRATIONS_FOLDER, SYSTEM_ROLE } from '@followme/store';
import { Client } from 'pg';
import { findSharedPostgres, type SharedPostgres } from './shared-postgres.ts';
import { waitUntil } from './wait-until.ts';

/** A database for one test file. */
export interface TestPostgres {
  /** The store's login, for `migrate` and `openStore`. */
  readonly url: string;
  /** A superuser on the same database, to look behind row-level security. */
  readonly adminUrl: string;
  /** `server_version_num`, e.g. 180004. */
  readonly serverVersion: number;
  /**
   * Drops the database.
   * @throws Error naming the connections that are still open: a pool or client was not closed.
   */
  stop(): Promise<void>;
}

export interface TestPostgresOptions {
  /** True for a database without tables, to test migrations. */
  readonly empty?: boolean;
}

/** Any number nobody else locks: one worker makes the template, the others wait. */
const TEMPLATE_LOCK = 0x74656d706c;
/** Ended connections leave `pg_stat_activity` a moment after the client has gone. */
const LEAVE_LIMIT_MS = 3000;

async function withAdmin<T>(adminUrl: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    connectionString: adminUrl,
    application_name: 'followme-testkit',
    connectionTimeoutMillis: 10_000,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function has(client: Client, text: string, name: string): Promise<boolean> {
  return (await client.query(text, [name])).rows.length > 0;
}

const ROLE = 'SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = $1';
const DATABASE = 'SELECT 1 FROM pg_catalog.pg_database WHERE datname = $1';

async function ensureLogin(client: Client, { login, password }: SharedPostgres): Promise<void> {
  for (const role of [APP_ROLE, SYSTEM_ROLE]) {
    if (!(await has(client, ROLE, role))) await client.query(`CREATE ROLE ${role} NOLOGIN`);
  }
  if (await has(client, ROLE, login)) return;
  const secret = client.escapeLiteral(password);
  await client.query(`CREATE ROLE ${login} LOGIN NOINHERIT PASSWORD ${secret}`);
  await client.query(`GRANT ${APP_ROLE}, ${SYSTEM_ROLE} TO ${login}`);
}

function urlOf(adminUrl: string, database: string, login?: SharedPostgres): string {
  const url = new URL(adminUrl);
  url.pathname = `/${database}`;
  if (login !== undefined) {
    url.username = login.login;
    url.password = login.password;
  }
  return url.href;
}

/** Makes the template when it is missing: under another name first, so that a half one is never cloned. */
async function ensureTemplate(client: Client, shared: SharedPostgres): Promise<string> {
  const checksums = (await loadMigrations(MIGRATIONS_FOLDER)).map(({ checksum }) => checksum);
  const digest = createHash('sha256').update(checksums.join()).digest('hex').slice(0, 12);
  const template = `followme_template_${digest}`;
  if (await has(client, DATABASE, template)) return template;
  const making = `${template}_making`;
  await client.query(`DROP DATABASE IF EXISTS ${making} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${making} OWNER ${shared.login}`);
  await migrate(urlOf(shared.adminUrl, making, shared));
  await client.query(`ALTER DATABASE ${making} WITH ALLOW_CONNECTIONS false`);
  await client.query(`ALTER DATABASE ${making} RENAME TO ${template}`);
  return template;
}

/** Readies the server: login and template, one worker at a time. Answers what to clone. */
async function prepare(shared: SharedPostgres, empty: boolean): Promise<string> {
  return withAdmin(shared.adminUrl, async (client) => {
    await client.query(`SELECT pg_advisory_lock(${TEMPLATE_LOCK})`);
    await ensureLogin(client, shared);
    return empty ? 'template1' : ensureTemplate(client, shared);
  });
}

interface OpenConnection {
  application_name: string;
  state: string | null;
  query: string;
}

async function findLeaks(client: Client, database: string): Promise<readonly OpenConnection[]> {
  const read = async () =>
    (
      await client.query<OpenConnection>(
        `SELECT application_name, state, left(query, 80) AS query FROM pg_catalog.pg_stat_activity
         WHERE datname = $1 AND backend_type = 'client backend'`,
        [database],
      )
    ).rows;
  try {
    await waitUntil(async () => (await read()).length === 0, LEAVE_LIMIT_MS);
    return [];
  } catch {
    return read();
  }
}

async function drop(shared: SharedPostgres, database: string): Promise<void> {
  const leaks = await withAdmin(shared.adminUrl, async (client) => {
    const found = await findLeaks(client, database);
    await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
    return found;
  });
  if (leaks.length === 0) return;
  const list = leaks.map((one) => `${one.application_name} (${one.state}): ${one.query}`);
  throw new Error(`${leaks.length} connections were left open: ${list.join('; ')}`);
}

/**
 * A migrated database on the server of this run (`shared-postgres.ts`). Call in `beforeAll`, stop in
 * `afterAll`.
 */
export async function startTestPostgres(options: TestPostgresOptions = {}): Promise<TestPostgres> {
  const shared = await findSharedPostgres();
  const source = await prepare(shared, options.empty ?? false);
  const database = `followme_test_${randomBytes(6).toString('hex')}`;
  const serverVersion = await withAdmin(shared.adminUrl, async (client) => {
    await client.query(`CREATE DATABASE ${database} TEMPLATE ${source} OWNER ${shared.login}`);
    const { rows } = await client.query<{ version: number }>(
      "SELECT current_setting('server_version_num')::int AS version",
    );
    return rows[0]?.version ?? 0;
  });
  return {
    url: urlOf(shared.adminUrl, database, shared),
    adminUrl: urlOf(shared.adminUrl, database),
    serverVersion,
    stop: () => drop(shared, database),
  };
}
