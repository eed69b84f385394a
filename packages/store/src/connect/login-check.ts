/**
 * Row-level security is only a wall for a login that cannot walk around it. This looks at the login before
 * anything else is done with it, and says what to type when it is unfit.
 */
import type { ClientBase } from 'pg';
import { readOnlySentence } from './connect-failure.ts';
import { StoreError } from './store-error.ts';

/** The role of the tenant door: sees the tenant named in `followme.tenant`. */
export const APP_ROLE = 'followme_app';
/** The role of the system door: sees every tenant. */
export const SYSTEM_ROLE = 'followme_system';

/** Least `server_version_num` that works: 15. */
const OLDEST_SERVER = 150_000;
/** From 16 on, membership and the right to take a role are told apart. */
const SEPARATE_SET_RIGHT = 160_000;

/** How an administrator makes a login that fits; also shown by the documentation. */
export function fitLoginSql(login = 'followme'): string {
  const name = `"${login.replaceAll('"', '""')}"`;
  return [
    `CREATE ROLE ${APP_ROLE} NOLOGIN;`,
    `CREATE ROLE ${SYSTEM_ROLE} NOLOGIN;`,
    `CREATE ROLE ${name} LOGIN NOINHERIT PASSWORD '…';`,
    `GRANT ${APP_ROLE}, ${SYSTEM_ROLE} TO ${name};`,
    `CREATE DATABASE followme OWNER ${name};`,
  ].join(' ');
}

/** A login as its server describes it. */
export interface LoginFacts {
  readonly login: string;
  /** `server_version_num`, e.g. 150004. */
  readonly version: number;
  readonly superuser: boolean;
  /** Has BYPASSRLS. */
  readonly bypasses: boolean;
}

/** Why the store does not work with this login or server, or null when it does. */
export function judgeLogin({ login, version, superuser, bypasses }: LoginFacts): StoreError | null {
  if (version < OLDEST_SERVER) {
    return new StoreError(
      'SERVER_TOO_OLD',
      `The server is PostgreSQL ${Math.floor(version / 10_000)}, and 15 is the oldest that works.`,
    );
  }
  if (!superuser && !bypasses) return null;
  const why = superuser ? 'is a superuser' : 'has BYPASSRLS';
  return new StoreError(
    'UNFIT_LOGIN',
    `The database login "${login}" ${why}, so row-level security would not bind it; ` +
      `use a login made like this: ${fitLoginSql()}`,
  );
}

/**
 * Who the connection belongs to.
 * @throws StoreError `SERVER_TOO_OLD`, or `UNFIT_LOGIN` when it is a superuser or bypasses row security.
 */
export async function checkLogin(client: ClientBase): Promise<LoginFacts> {
  const { rows } = await client.query<LoginFacts>(
    `SELECT rolname AS login, rolsuper AS superuser, rolbypassrls AS bypasses,
            current_setting('server_version_num')::int AS version
     FROM pg_catalog.pg_roles WHERE rolname = session_user`,
  );
  const facts = rows[0];
  if (facts === undefined) throw new Error('The server does not know the role it let in');
  const refusal = judgeLogin(facts);
  if (refusal !== null) throw refusal;
  return facts;
}

/**
 * Whether the server takes writes. A standby answers reads and would let the start go on until the first one.
 * @throws StoreError `READ_ONLY` naming `server` (host:port).
 */
export async function checkPrimary(client: ClientBase, server: string): Promise<void> {
  const { rows } = await client.query<{ standby: boolean }>(
    'SELECT pg_is_in_recovery() AS standby',
  );
  if (rows[0]?.standby !== false) throw new StoreError('READ_ONLY', readOnlySentence(server));
}

/**
 * Whether the login can take both roles and has nothing of them without taking them.
 * @throws StoreError `UNFIT_LOGIN` with the statement that puts it right.
 */
export async function checkRoles(
  client: ClientBase,
  { login, version }: Pick<LoginFacts, 'login' | 'version'>,
): Promise<void> {
  const right = version >= SEPARATE_SET_RIGHT ? 'SET' : 'MEMBER';
  const { rows } = await client.query<{ takes: boolean; inherits: boolean }>(
    `SELECT pg_has_role(session_user, oid, $3) AS takes, pg_has_role(session_user, oid, 'USAGE') AS inherits
     FROM pg_catalog.pg_roles WHERE rolname IN ($1, $2)`,
    [APP_ROLE, SYSTEM_ROLE, right],
  );
  if (rows.length < 2 || rows.some((row) => !row.takes)) {
    throw new StoreError(
      'UNFIT_LOGIN',
      `The database login "${login}" may not take the roles of the store; ` +
        `let an administrator run: GRANT ${APP_ROLE}, ${SYSTEM_ROLE} TO "${login}";`,
    );
  }
  if (rows.some((row) => row.inherits)) {
    throw new StoreError(
      'UNFIT_LOGIN',
      `The database login "${login}" inherits the roles of the store and so passes its doors by; let an ` +
        `administrator run: REVOKE ${APP_ROLE}, ${SYSTEM_ROLE} FROM "${login}"; ` +
        `ALTER ROLE "${login}" NOINHERIT; GRANT ${APP_ROLE}, ${SYSTEM_ROLE} TO "${login}";`,
    );
  }
}
