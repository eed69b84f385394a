/**
 * The store over PostgreSQL: a bounded pool and the two doors (`transactions.ts`).
 *
 * Values arrive as the driver gives them: int8 as text (a number would lose digits above 2⁵³, so statements
 * cast counters to float8), timestamptz as `Date`, bytea as `Buffer`.
 */
import { withDeadline, type Clock, type Logger, type Metrics } from '@followme/platform';
import type { Store, SystemScope, TenantScope } from '../port.ts';
import { parseStoreAddress, type StoreAddress } from './address.ts';
import { connectFailure } from './connect-failure.ts';
import { connectOnce } from './connect-once.ts';
import { createConnectionPool, type ConnectionPool } from './connection-pool.ts';
import { checkLogin, checkPrimary, checkRoles } from './login-check.ts';
import { createTransactions, type DoorLimits } from './transactions.ts';

/** What `openStore` needs and what may be set. */
export interface OpenStoreOptions {
  /** `postgres://login:password@host:port/database`, see `address.ts`. */
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Most connections at the same time; 10 unless told. */
  readonly poolSize?: number;
  /** Shown by `pg_stat_activity`; `followme` unless told. */
  readonly applicationName?: string;
  /** Longest time of one statement through any door; 30 s, the tenant door 20 s, unless told. */
  readonly statementTimeoutMs?: number;
  /** How much later than the server a statement is given up; 5 s unless told. */
  readonly networkGraceMs?: number;
}

/** Who comes through the system door can wait: recorder, operator, registry. */
const SYSTEM_LIMITS: DoorLimits = { statementMs: 30_000, lockMs: 10_000 };
/** People wait behind the tenant door; whoever is told early tries again or is shown why. */
const TENANT_LIMITS: DoorLimits = { statementMs: 20_000, lockMs: 2_000 };
/**
 * How much later than the server the driver gives a statement up, whoever sent it: then the network is gone,
 * not the server busy.
 */
const NETWORK_GRACE_MS = 5000;
const DEFAULT_POOL_SIZE = 10;
/** Longest wait of `close` for transactions under way. */
const CLOSE_TIMEOUT_MS = 15_000;

/** Looks at server and login over a connection of its own, which is ended also when the login fails half-way. */
async function checkServer(address: StoreAddress, applicationName: string): Promise<void> {
  const client = await connectOnce(address, { application_name: applicationName });
  try {
    const facts = await checkLogin(client);
    await checkPrimary(client, address.server);
    await checkRoles(client, facts);
  } catch (error) {
    throw connectFailure(error, address);
  } finally {
    await client.end();
  }
}

async function answers(pool: ConnectionPool): Promise<void> {
  const link = await pool.take();
  try {
    await link.send('SELECT 1');
  } finally {
    link.release();
  }
}

/**
 * Opens the store: looks at server and login, then offers the two doors. Does not migrate.
 *
 * A transaction that failed for a passing reason (`retryable.ts`) and certainly did not commit is run again,
 * so `work` may be called several times and must leave nothing behind outside the database until it resolved.
 * @throws StoreError with one sentence: `BAD_ADDRESS`, `UNREACHABLE`, `LOGIN_REFUSED`, `NO_DATABASE`, `TLS_FAILED`,
 * `READ_ONLY`, `TOO_MANY_CONNECTIONS`, `SERVER_TOO_OLD`, `UNFIT_LOGIN`.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { clock, logger, metrics, statementTimeoutMs } = options;
  const address = parseStoreAddress(options.url);
  const applicationName = options.applicationName ?? 'followme';
  const tenantLimits = {
    ...TENANT_LIMITS,
    statementMs: statementTimeoutMs ?? TENANT_LIMITS.statementMs,
  };
  await checkServer(address, applicationName);
  const pool = createConnectionPool({
    address,
    clock,
    logger,
    applicationName,
    dead: metrics
      .counter('followme_store_dead_connections_total', 'Connections that died without a word', [
        'pool',
      ])
      .of({ pool: applicationName }),
    size: options.poolSize ?? DEFAULT_POOL_SIZE,
    statementTimeoutMs: statementTimeoutMs ?? SYSTEM_LIMITS.statementMs,
    lockTimeoutMs: SYSTEM_LIMITS.lockMs,
    networkGraceMs: options.networkGraceMs ?? NETWORK_GRACE_MS,
  });
  const labels = { pool: applicationName };
  metrics.gauge('followme_store_connections', 'Connections of the pool', () => pool.size, labels);
  metrics.gauge('followme_store_waiting', 'Waits for a connection', () => pool.waiting, labels);
  const transactions = createTransactions({ pool, tenantLimits, clock, logger, metrics });
  return {
    asTenant: (tenantId, work) =>
      transactions.run({ door: 'tenant', tenantId }, (_, db): ReturnType<typeof work> => {
        const scope: TenantScope = { door: 'tenant', tenantId, db };
        return work(scope);
      }),
    asSystem: (work) =>
      transactions.run({ door: 'system' }, ({ client }, db): ReturnType<typeof work> => {
        const scope: SystemScope = { door: 'system', db, client };
        return work(scope);
      }),
    check: (limitMs) => withDeadline(clock, limitMs, 'the database', answers(pool)),
    close: () => withDeadline(clock, CLOSE_TIMEOUT_MS, 'closing the store', pool.end()),
  };
}
