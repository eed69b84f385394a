import { parseStoreAddress } from '../connect/address.ts';
import { connectOnce } from '../connect/connect-once.ts';
import { checkLogin } from '../connect/login-check.ts';
import { loadMigrations, MIGRATIONS_FOLDER } from './load-migrations.ts';

/** Which form a database has, and which one this release works with. */
export interface SchemaVersions {
  /** 0 for a database that holds nothing of ours. */
  readonly present: number;
  readonly ours: number;
}

/**
 * Looks without changing anything: for those who must not bring the database of a running system to a new form.
 * @throws StoreError as `migrate` does when server or login do not fit.
 */
export async function schemaVersions(url: string): Promise<SchemaVersions> {
  const ours = (await loadMigrations(MIGRATIONS_FOLDER)).length;
  const client = await connectOnce(parseStoreAddress(url), {
    application_name: 'followme-look',
  });
  try {
    await checkLogin(client);
    const { rows } = await client.query<{ exists: boolean }>(
      `select to_regclass('followme.schema_migration') is not null as exists`,
    );
    if (rows[0]?.exists !== true) return { present: 0, ours };
    const newest = await client.query<{ version: number }>(
      'select coalesce(max(version), 0) as version from followme.schema_migration',
    );
    return { present: newest.rows[0]?.version ?? 0, ours };
  } finally {
    await client.end();
  }
}
