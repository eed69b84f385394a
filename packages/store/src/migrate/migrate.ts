/**
 * Brings a database to the form this release expects: each migration in a transaction of its own, one
 * migrator at a time, and never on a database that a newer release or an altered migration has touched.
 */
import type { Client } from 'pg';
import { parseStoreAddress } from '../connect/address.ts';
import { connectOnce } from '../connect/connect-once.ts';
import { checkLogin, checkPrimary, checkRoles } from '../connect/login-check.ts';
import { StoreError } from '../connect/store-error.ts';
import { loadMigrations, MIGRATIONS_FOLDER, type Migration } from './load-migrations.ts';
import { ensureRoles } from './roles.ts';

/** Any number will do as long as nobody else uses it: the letters "follow" as bytes. */
const MIGRATION_LOCK = 0x666f6c6c6f77;
/** How long one migrator waits for another. */
const LOCK_WAIT_MS = 60_000;

/** What a migration run did. */
export interface MigrationReport {
  /** Migrations applied now, in order; empty when the database was up to date. */
  readonly applied: readonly { readonly version: number; readonly name: string }[];
  /** The version the database has now, 0 when there are no migrations. */
  readonly version: number;
}

interface AppliedRow {
  version: number;
  name: string;
  checksum: string;
}

async function readApplied(client: Client): Promise<readonly AppliedRow[]> {
  await client.query(
    `CREATE SCHEMA IF NOT EXISTS followme;
     CREATE TABLE IF NOT EXISTS followme.schema_migration (
       version int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL,
       applied_at timestamptz NOT NULL DEFAULT now())`,
  );
  const { rows } = await client.query<AppliedRow>(
    'SELECT version, name, checksum FROM followme.schema_migration ORDER BY version',
  );
  return rows;
}

/** The migrations still to apply. @throws StoreError when the applied ones are not a prefix of ours. */
export function pendingMigrations(
  ours: readonly Migration[],
  applied: readonly AppliedRow[],
): readonly Migration[] {
  const newest = applied.at(-1);
  if (newest !== undefined && newest.version > ours.length) {
    throw new StoreError(
      'MIGRATED_BY_NEWER_RELEASE',
      `The database is at version ${newest.version} ("${newest.name}"), made by a newer release; ` +
        `this one knows versions up to ${ours.length}: run the newer release or restore a backup.`,
    );
  }
  for (const [index, row] of applied.entries()) {
    const mine = ours[index];
    if (mine?.version !== row.version || mine.checksum !== row.checksum) {
      throw new StoreError(
        'MIGRATION_CHANGED',
        `Migration ${row.version} ("${row.name}") was applied in another form than this release has it; ` +
          'applied migrations must never be edited.',
      );
    }
  }
  return ours.slice(applied.length);
}

async function applyOne(client: Client, migration: Migration): Promise<void> {
  const { version, name, sql, checksum } = migration;
  try {
    await client.query('BEGIN');
    await client.query(sql);
    await client.query(
      'INSERT INTO followme.schema_migration (version, name, checksum) VALUES ($1, $2, $3)',
      [version, name, checksum],
    );
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    const reason = error instanceof Error ? error.message : String(error);
    throw new StoreError('MIGRATION_FAILED', `Migration ${version} ("${name}") failed: ${reason}`, {
      cause: error,
    });
  }
}

/**
 * Applies what is missing. Safe to call at every start and from several processes at once.
 * @param folder where the migrations are; only tests name another one.
 * @throws StoreError with one sentence: as `openStore`, or `MIGRATED_BY_NEWER_RELEASE`, `MIGRATION_CHANGED`,
 * `MIGRATION_FAILED`.
 */
export async function migrate(url: string, folder = MIGRATIONS_FOLDER): Promise<MigrationReport> {
  const ours = await loadMigrations(folder);
  const address = parseStoreAddress(url);
  const client = await connectOnce(address, {
    application_name: 'followme-migrate',
    lock_timeout: LOCK_WAIT_MS,
  });
  try {
    const who = await checkLogin(client);
    await checkPrimary(client, address.server);
    await client.query(`SELECT pg_advisory_lock(${MIGRATION_LOCK})`);
    await ensureRoles(client, who.login);
    await checkRoles(client, who);
    const applied = await readApplied(client);
    const pending = pendingMigrations(ours, applied);
    for (const migration of pending) await applyOne(client, migration);
    return {
      applied: pending.map(({ version, name }) => ({ version, name })),
      version: applied.length + pending.length,
    };
  } finally {
    await client.end();
  }
}
