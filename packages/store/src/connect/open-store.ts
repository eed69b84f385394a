/**
 * The store over PostgreSQL: a bounded pool and the two doors. One transaction of a door is
 * `BEGIN; SET LOCAL ROLE …; set_config('followme.tenant', …, true)` in one round trip, the work, `COMMIT`.
 *
 * Values arrive as the driver gives them: int8 as text (a number would lose digits above 2⁵³, so statements
 * cast counters to float8), timestamptz as `Date`, bytea as `Buffer`.
 */
import {
  createRandom,
  randomToken,
  retryDelayMs,
  withDeadline,
  type Clock,
  type Logger,
  type Metrics,
  type RetryPolicy,
} from '@followme/platform';
import { Kysely } from 'kysely';
import type { Database } from '../postgres/schema.ts';
import type { Store, SystemScope, TenantScope } from '../port.ts';
import { parseStoreAddress, type StoreAddress } from './address.ts';
import { createClientDialect } from './client-dialect.ts';
import { connectFailure } from './connect-failure.ts';
import { connectOnce } from './connect-once.ts';
import { createConnectionPool, type ConnectionPool, type Link } from './connection-pool.ts';
import { APP_ROLE, checkLogin, checkPrimary, checkRoles, SYSTEM_ROLE } from './login-check.ts';
import {
  failureCode,
  FIRST_RETRY_DELAY_MS,
  isCertainRollback,
  passesAtOnce,
  MAX_RETRY_DELAY_MS,
  TRANSACTION_ATTEMPTS,
} from './retryable.ts';
import { StoreError } from './store-error.ts';

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

/** Longest time of a statement, and longest wait for a lock, ms. */
interface DoorLimits {
  readonly statementMs: number;
  readonly lockMs: number;
}

type Door = { readonly door: 'tenant'; readonly tenantId: number } | { readonly door: 'system' };

/** The limits of the system door are those of the connection, so that it has nothing to say of them. */
function openingSql(door: Door, tenantLimits: DoorLimits): string {
  if (door.door === 'system') {
    return `BEGIN; SET LOCAL ROLE ${SYSTEM_ROLE}; SELECT set_config('followme.tenant', '', true)`;
  }
  const { tenantId } = door;
  if (!Number.isInteger(tenantId) || tenantId < 1) throw new Error(`Got tenant id ${tenantId}`);
  const { statementMs, lockMs } = tenantLimits;
  return (
    `BEGIN; SET LOCAL ROLE ${APP_ROLE}; SET LOCAL statement_timeout = ${statementMs}; ` +
    `SET LOCAL lock_timeout = ${lockMs}; SELECT set_config('followme.tenant', '${tenantId}', true)`
  );
}

/** A failed transaction: what went wrong and whether it may be run again. */
class TransactionFailure extends Error {
  readonly certain: boolean;
  constructor(cause: unknown, certain: boolean) {
    super('transaction failed', { cause });
    this.certain = certain;
  }
}

/** BEGIN … COMMIT once. @throws TransactionFailure with the error of the work or of the database. */
async function runOnce<T>(
  link: Link,
  opening: string,
  work: (link: Link, db: Kysely<Database>) => Promise<T>,
): Promise<T> {
  let committing = false;
  try {
    await link.send(opening);
    const dialect = createClientDialect((text, values) => link.send(text, values));
    const result = await work(link, new Kysely<Database>({ dialect }));
    committing = true;
    const { command } = await link.send('COMMIT');
    if (command !== 'COMMIT') {
      throw new StoreError('ROLLED_BACK', 'A statement failed and its error was not passed on.');
    }
    return result;
  } catch (error) {
    if (error instanceof StoreError && committing) throw new TransactionFailure(error, false);
    if (committing && !isCertainRollback(error)) {
      link.giveUp();
      const message = 'The connection broke during COMMIT; the transaction may have happened.';
      throw new TransactionFailure(
        new StoreError('COMMIT_UNKNOWN', message, { cause: error }),
        false,
      );
    }
    // also when the statement was sent on the connection itself: what comes now may be its late answer
    if (failureCode(error) === 'no_answer') link.giveUp();
    if (!committing) await link.rollback();
    throw new TransactionFailure(error, true);
  } finally {
    link.release();
  }
}

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

function countTransactions(metrics: Metrics): (door: Door['door'], outcome: string) => void {
  const counter = metrics.counter(
    'followme_store_transactions_total',
    'Transactions by door and outcome; "retried" is a try that was run again',
    ['door', 'outcome'],
  );
  return (door, outcome) => counter.of({ door, outcome }).inc();
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
  // processes that failed together must not come back together
  const random = createRandom(randomToken(8));
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
  const count = countTransactions(metrics);
  const policy: RetryPolicy = {
    attempts: TRANSACTION_ATTEMPTS,
    firstDelayMs: FIRST_RETRY_DELAY_MS,
    maxDelayMs: MAX_RETRY_DELAY_MS,
    isRetryable: passesAtOnce,
  };

  async function runDoor<T>(
    door: Door,
    work: (link: Link, db: Kysely<Database>) => Promise<T>,
  ): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        const opening = openingSql(door, tenantLimits);
        const result = await runOnce(await pool.take(), opening, work);
        count(door.door, 'committed');
        return result;
      } catch (failure) {
        const error = failure instanceof TransactionFailure ? failure.cause : failure;
        const certain = !(failure instanceof TransactionFailure) || failure.certain;
        if (!certain || attempt >= policy.attempts || !policy.isRetryable(error)) {
          count(door.door, 'failed');
          throw error;
        }
        count(door.door, 'retried');
        logger.debug('store.retry', { attempt, code: failureCode(error) });
        await clock.sleep(retryDelayMs(policy, attempt, random));
      }
    }
  }

  return {
    asTenant: (tenantId, work) =>
      runDoor({ door: 'tenant', tenantId }, (_, db): ReturnType<typeof work> => {
        const scope: TenantScope = { door: 'tenant', tenantId, db };
        return work(scope);
      }),
    asSystem: (work) =>
      runDoor({ door: 'system' }, ({ client }, db): ReturnType<typeof work> => {
        const scope: SystemScope = { door: 'system', db, client };
        return work(scope);
      }),
    check: (limitMs) => withDeadline(clock, limitMs, 'the database', answers(pool)),
    close: () => withDeadline(clock, CLOSE_TIMEOUT_MS, 'closing the store', pool.end()),
  };
}
