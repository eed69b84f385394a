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
import { Pool, type PoolClient, type QueryResult } from 'pg';
import type { Database } from '../postgres/schema.ts';
import type { Store, SystemScope, TenantScope } from '../port.ts';
import { createClientDialect } from './client-dialect.ts';
import { APP_ROLE, checkLogin, checkRoles, SYSTEM_ROLE } from './login-check.ts';
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
  /** `postgres://login:password@host:port/database`. */
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Most connections at the same time; 10 unless told. */
  readonly poolSize?: number;
  /** Shown by `pg_stat_activity`; `followme` unless told. */
  readonly applicationName?: string;
  /** Longest time of one statement; 30 s unless told. */
  readonly statementTimeoutMs?: number;
  /** How much later than the server a statement is given up; 5 s unless told. */
  readonly networkGraceMs?: number;
}

/** Longest wait for a free or new connection. */
const CONNECT_TIMEOUT_MS = 5000;
/** Longest wait for a lock another transaction holds. */
const LOCK_TIMEOUT_MS = 10_000;
/** A transaction that does nothing for so long was forgotten; the server ends it. */
const IDLE_IN_TRANSACTION_MS = 60_000;
/**
 * How much later than the server the driver gives a statement up, whoever sent it: then the network is gone,
 * not the server busy.
 */
const NETWORK_GRACE_MS = 5000;
/** Longest wait of `close` for transactions under way. */
const CLOSE_TIMEOUT_MS = 15_000;

type Door = { readonly door: 'tenant'; readonly tenantId: number } | { readonly door: 'system' };

function openingSql(door: Door): string {
  if (door.door === 'system') {
    return `BEGIN; SET LOCAL ROLE ${SYSTEM_ROLE}; SELECT set_config('followme.tenant', '', true)`;
  }
  const { tenantId } = door;
  if (!Number.isInteger(tenantId) || tenantId < 1) throw new Error(`Got tenant id ${tenantId}`);
  return `BEGIN; SET LOCAL ROLE ${APP_ROLE}; SELECT set_config('followme.tenant', '${tenantId}', true)`;
}

/** A failed transaction: what went wrong and whether it may be run again. */
class TransactionFailure extends Error {
  readonly certain: boolean;
  constructor(cause: unknown, certain: boolean) {
    super('transaction failed', { cause });
    this.certain = certain;
  }
}

interface Link {
  readonly client: PoolClient;
  /** Sends one statement. */
  send(text: string, values?: readonly unknown[]): Promise<QueryResult>;
  /** Gives the connection back; a broken one is closed instead of used again. */
  release(): void;
  /** Ends the transaction without its effects; a connection on which that fails is closed. */
  rollback(): Promise<void>;
  /** From here on the connection is not fit for another transaction. */
  giveUp(): void;
}

async function takeConnection(pool: Pool): Promise<Link> {
  const client = await pool.connect();
  let broken = false;
  const onError = (): void => {
    broken = true;
  };
  // without a listener a connection that breaks while it is out would end the process
  client.on('error', onError);
  const send: Link['send'] = async (text, values = []) => {
    try {
      return await (values.length === 0 ? client.query(text) : client.query(text, [...values]));
    } catch (error) {
      // neither the server nor the system said anything, so the answer may still come
      const code = failureCode(error);
      broken ||= code === undefined || code === 'no_answer';
      throw error;
    }
  };
  return {
    client,
    send,
    async rollback() {
      if (!broken) await send('ROLLBACK').catch(onError);
    },
    giveUp: onError,
    release() {
      client.off('error', onError);
      client.release(broken);
    },
  };
}

/** BEGIN … COMMIT once. @throws TransactionFailure with the error of the work or of the database. */
async function runOnce<T>(
  link: Link,
  door: Door,
  work: (link: Link, db: Kysely<Database>) => Promise<T>,
): Promise<T> {
  let committing = false;
  try {
    await link.send(openingSql(door));
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

function createPool(options: OpenStoreOptions): Pool {
  const { statementTimeoutMs = 30_000, networkGraceMs = NETWORK_GRACE_MS } = options;
  const pool = new Pool({
    connectionString: options.url,
    max: options.poolSize ?? 10,
    application_name: options.applicationName ?? 'followme',
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: 30_000,
    statement_timeout: statementTimeoutMs,
    query_timeout: statementTimeoutMs + networkGraceMs,
    lock_timeout: LOCK_TIMEOUT_MS,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // an idle connection that ends (server restart) is replaced at the next use
  pool.on('error', (error) => options.logger.warn('store.connectionLost', { error }));
  return pool;
}

async function checkServer(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await checkRoles(client, await checkLogin(client));
  } finally {
    client.release();
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
 * @throws StoreError `SERVER_TOO_OLD`, `UNFIT_LOGIN`; the error of the driver when the server is away.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { clock, logger, metrics } = options;
  // processes that failed together must not come back together
  const random = createRandom(randomToken(8));
  const pool = createPool(options);
  try {
    await checkServer(pool);
  } catch (error) {
    await pool.end();
    throw error;
  }
  const labels = { pool: options.applicationName ?? 'followme' };
  metrics.gauge(
    'followme_store_connections',
    'Connections of the pool',
    () => pool.totalCount,
    labels,
  );
  metrics.gauge(
    'followme_store_waiting',
    'Waits for a connection',
    () => pool.waitingCount,
    labels,
  );
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
        const link = await takeConnection(pool);
        const result = await runOnce(link, door, work);
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
    async check(limitMs) {
      await withDeadline(clock, limitMs, 'the database', pool.query('SELECT 1'));
    },
    close: () => withDeadline(clock, CLOSE_TIMEOUT_MS, 'closing the store', pool.end()),
  };
}
