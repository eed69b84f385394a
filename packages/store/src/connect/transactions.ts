/**
 * Transactions through the two doors: `BEGIN; SET LOCAL ROLE …; set_config('followme.tenant', …, true)` in one round
 * trip, the work, `COMMIT`; run again when that helps and is safe.
 */
import {
  createRandom,
  randomToken,
  retryDelayMs,
  type Clock,
  type Logger,
  type Metrics,
  type RetryPolicy,
} from '@followme/platform';
import { Kysely } from 'kysely';
import type { Database } from '../postgres/schema.ts';
import { createClientDialect } from './client-dialect.ts';
import type { ConnectionPool, Link } from './connection-pool.ts';
import { APP_ROLE, SYSTEM_ROLE } from './login-check.ts';
import {
  failureCode,
  FIRST_RETRY_DELAY_MS,
  isCertainRollback,
  MAX_RETRY_DELAY_MS,
  passesAtOnce,
  TRANSACTION_ATTEMPTS,
} from './retryable.ts';
import { StoreError } from './store-error.ts';

/** Longest time of a statement, and longest wait for a lock, ms. */
export interface DoorLimits {
  readonly statementMs: number;
  readonly lockMs: number;
}

/** Which door, and whose. */
export type Door =
  { readonly door: 'tenant'; readonly tenantId: number } | { readonly door: 'system' };

/** What happens within a transaction; it may be run several times. */
export type Work<T> = (link: Link, db: Kysely<Database>) => Promise<T>;

const POLICY: RetryPolicy = {
  attempts: TRANSACTION_ATTEMPTS,
  firstDelayMs: FIRST_RETRY_DELAY_MS,
  maxDelayMs: MAX_RETRY_DELAY_MS,
  isRetryable: passesAtOnce,
};

export interface TransactionsDeps {
  readonly pool: ConnectionPool;
  readonly tenantLimits: DoorLimits;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Runs transactions over the connections of a pool. */
export function createTransactions(deps: TransactionsDeps): {
  /** @throws the error of the work or of the database; StoreError `COMMIT_UNKNOWN`. */
  run<T>(door: Door, work: Work<T>): Promise<T>;
} {
  const { pool, tenantLimits, clock, logger } = deps;
  // processes that failed together must not come back together
  const random = createRandom(randomToken(8));
  const count = countTransactions(deps.metrics);
  return {
    async run(door, work) {
      for (let attempt = 1; ; attempt += 1) {
        try {
          const opening = openingSql(door, tenantLimits);
          const result = await runOnce(await pool.take(), opening, work);
          count(door.door, 'committed');
          return result;
        } catch (failure) {
          const error = failure instanceof TransactionFailure ? failure.cause : failure;
          const certain = !(failure instanceof TransactionFailure) || failure.certain;
          if (!certain || attempt >= POLICY.attempts || !POLICY.isRetryable(error)) {
            count(door.door, 'failed');
            throw error;
          }
          count(door.door, 'retried');
          logger.debug('store.retry', { attempt, code: failureCode(error) });
          await clock.sleep(retryDelayMs(POLICY, attempt, random));
        }
      }
    },
  };
}

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
async function runOnce<T>(link: Link, opening: string, work: Work<T>): Promise<T> {
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

function countTransactions(metrics: Metrics): (door: Door['door'], outcome: string) => void {
  const counter = metrics.counter(
    'followme_store_transactions_total',
    'Transactions by door and outcome; "retried" is a try that was run again',
    ['door', 'outcome'],
  );
  return (door, outcome) => counter.of({ door, outcome }).inc();
}
