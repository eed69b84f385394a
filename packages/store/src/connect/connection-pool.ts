/**
 * Connections to the database: a bounded pool whose every new connection is looked at before its first use, so
 * that after a fail-over nobody works on a standby, and watched while it is in use (`connection-watch.ts`).
 */
import { randomToken, type Clock, type CountedValue, type Logger } from '@followme/platform';
import { Pool, type PoolClient, type QueryResult } from 'pg';
import type { StoreAddress } from './address.ts';
import { createBackends } from './backends.ts';
import { ConnectionWatch } from './connection-watch.ts';
import { checkPrimary } from './login-check.ts';
import { failureCode } from './retryable.ts';

/** What a pool may be told. */
export interface PoolOptions {
  readonly address: StoreAddress;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Counts connections that died without a word. */
  readonly dead: CountedValue;
  /** Most connections at the same time. */
  readonly size: number;
  /** Shown by `pg_stat_activity`. */
  readonly applicationName: string;
  /** Longest time of one statement, ms. */
  readonly statementTimeoutMs: number;
  /** Longest wait for a lock another transaction holds, ms. */
  readonly lockTimeoutMs: number;
  /** How much later than the server a statement is given up, ms: then the network is gone, not the server busy. */
  readonly networkGraceMs: number;
}

/** A connection while a transaction has it. */
export interface Link {
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

export interface ConnectionPool {
  /**
   * A connection to a server that takes writes.
   * @throws StoreError `READ_ONLY` for a standby; the driver's error when none comes in time.
   */
  take(): Promise<Link>;
  /** Connections open. */
  readonly size: number;
  /** Waits for one. */
  readonly waiting: number;
  /** Waits for connections under way and closes all. */
  end(): Promise<void>;
}

/** Longest wait for a free or new connection. */
const CONNECT_TIMEOUT_MS = 5000;
/**
 * A transaction that does nothing for so long was forgotten, or its process is gone without a word; the server ends
 * it. None of ours waits for anything but the database.
 */
const IDLE_IN_TRANSACTION_MS = 15_000;
/** A connection nobody used for so long is closed. */
const IDLE_MS = 30_000;

/** Makes a pool; it connects when it is used. */
export function createConnectionPool(options: PoolOptions): ConnectionPool {
  const { address } = options;
  const pool = new Pool({
    ...address.client,
    max: options.size,
    application_name: options.applicationName,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    idleTimeoutMillis: IDLE_MS,
    statement_timeout: options.statementTimeoutMs,
    query_timeout: options.statementTimeoutMs + options.networkGraceMs,
    lock_timeout: options.lockTimeoutMs,
    idle_in_transaction_session_timeout: IDLE_IN_TRANSACTION_MS,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // an idle connection that ends (server restart) is replaced at the next use
  pool.on('error', (error) => options.logger.warn('store.connectionLost', { error }));
  const backends = createBackends(options.clock, address, `followme watch ${randomToken(4)}`);
  const watch = new ConnectionWatch({ ...options, backends });
  /** When each connection was given back, ms of the monotonic clock; one that is not in here was just made. */
  const usedMs = new WeakMap<PoolClient, number>();
  const giveBack = (client: PoolClient, isBroken: boolean): void => {
    watch.end(client, isBroken);
    usedMs.set(client, options.clock.monotonicMs());
    client.release(isBroken);
  };
  return {
    async take() {
      for (;;) {
        const client = await pool.connect();
        const lastUsedMs = usedMs.get(client);
        if (lastUsedMs !== undefined && watch.isSuspect(lastUsedMs)) {
          client.release(true);
          continue;
        }
        const link = linkOf(client, giveBack);
        if (lastUsedMs === undefined) await meet(link, () => watch.meet(client), address);
        watch.begin(client);
        return link;
      }
    },
    get size() {
      return pool.totalCount;
    },
    get waiting() {
      return pool.waitingCount;
    },
    async end() {
      try {
        await pool.end();
      } finally {
        watch.close();
      }
    },
  };
}

/** Looks at a connection before its first use. @throws StoreError `READ_ONLY`, or what the driver throws. */
async function meet(
  link: Link,
  identify: () => Promise<void>,
  { server }: StoreAddress,
): Promise<void> {
  try {
    await checkPrimary(link.client, server);
    await identify();
  } catch (error) {
    link.giveUp();
    link.release();
    throw error;
  }
}

/** The server turned read-only under the connection: the address may lead to another one by now. */
const READ_ONLY_TRANSACTION = '25006';

function linkOf(
  client: PoolClient,
  giveBack: (client: PoolClient, isBroken: boolean) => void,
): Link {
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
      broken ||= code === undefined || code === 'no_answer' || code === READ_ONLY_TRANSACTION;
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
      giveBack(client, broken);
    },
  };
}
