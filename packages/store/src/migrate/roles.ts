/** The two roles every policy names. They belong to the server, so another database may have made them. */
import type { ClientBase } from 'pg';
import { failureCode } from '../connect/retryable.ts';
import { APP_ROLE, SYSTEM_ROLE } from '../connect/login-check.ts';

/** duplicate_object, and unique_violation when two migrators of two databases create the role at once. */
const EXISTS_ALREADY: ReadonlySet<string | undefined> = new Set(['42710', '23505']);
const INSUFFICIENT_PRIVILEGE = '42501';

async function tryTo(client: ClientBase, statement: string, fine: ReadonlySet<string | undefined>) {
  try {
    await client.query(statement);
  } catch (error) {
    if (!fine.has(failureCode(error))) throw error;
  }
}

/**
 * Creates what is missing of the roles and of the login's membership, as far as the login may. What it may
 * not do an administrator has done, or `checkRoles` says what is left to do.
 */
export async function ensureRoles(client: ClientBase, login: string): Promise<void> {
  const mayFail = new Set([...EXISTS_ALREADY, INSUFFICIENT_PRIVILEGE]);
  const member = client.escapeIdentifier(login);
  for (const role of [APP_ROLE, SYSTEM_ROLE]) {
    const { rows } = await client.query<{ exists: boolean; member: boolean }>(
      `SELECT true AS exists, pg_has_role(session_user, oid, 'MEMBER') AS member
       FROM pg_catalog.pg_roles WHERE rolname = $1`,
      [role],
    );
    const found = rows[0];
    if (found === undefined) await tryTo(client, `CREATE ROLE ${role} NOLOGIN`, mayFail);
    if (found?.member !== true) await tryTo(client, `GRANT ${role} TO ${member}`, mayFail);
  }
}
