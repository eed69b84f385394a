/**
 * The store port: SQL behind two doors. Every statement of the system runs inside one of them, in a
 * transaction of its own; there is no third way to the database.
 *
 * - `asTenant(tenantId, work)`: role `followme_app`, `followme.tenant` set for the transaction, row-level
 *   security forced. What it cannot see does not exist.
 * - `asSystem(work)`: role `followme_system`, for what spans tenants (recorder, operator, registry,
 *   provisioning). Banned by lint in `services/client`.
 *
 * Operations are functions in `postgres/<entity>/<operation>.ts` that take a scope; what a scope allows is
 * decided by the door that made it.
 */
import type { TenantId } from '@followme/model';
import type { Kysely } from 'kysely';
import type { ClientBase } from 'pg';
import type { Database } from './postgres/schema.ts';

/** A transaction through the tenant door. */
export interface TenantScope {
  readonly door: 'tenant';
  readonly tenantId: TenantId;
  readonly db: Kysely<Database>;
}

/** A transaction through the system door. */
export interface SystemScope {
  readonly door: 'system';
  readonly db: Kysely<Database>;
  /**
   * The connection this transaction runs on, for what `db` cannot say: COPY and prepared statements of the
   * hot path. Never `BEGIN`, `COMMIT`, `ROLLBACK` or `SET ROLE` on it; savepoints are fine.
   */
  readonly client: ClientBase;
}

/** A transaction through either door; for operations that are safe behind both. */
export type Scope = TenantScope | SystemScope;

export interface Store {
  /**
   * Runs `work` in one transaction that sees one tenant; commits when it resolves, else rolls back. A passing
   * failure (deadlock, lost connection) before COMMIT runs `work` again: it must change nothing outside the
   * database before it resolves.
   * @throws StoreError `COMMIT_UNKNOWN` when the connection broke during COMMIT: it may have happened.
   */
  asTenant<T>(tenantId: TenantId, work: (scope: TenantScope) => Promise<T>): Promise<T>;
  /** Runs `work` in one transaction that sees all tenants; as `asTenant` otherwise. */
  asSystem<T>(work: (scope: SystemScope) => Promise<T>): Promise<T>;
  /** Resolves when the database answers, within `limitMs`. @throws Error when it does not. */
  check(limitMs: number): Promise<void>;
  /** Waits for statements under way, closes the pool. Does not stop an embedded server. */
  close(): Promise<void>;
}
