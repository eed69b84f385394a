/**
 * Finds connections that died without a word: an address that moved to another server, a firewall that forgot them.
 * TCP tells nobody, and the answer a transaction waits for never comes; its statement would be given up half a minute
 * later, and the server would hold its locks for longer still.
 *
 * A connection that waits for an answer and has received nothing for `SILENT_MS` is asked about over a new
 * connection. If the server works for it (a long statement, a lock) it is left alone; if the server does not know it,
 * or waits for the client itself, then what either end said is lost: ours is cut, so that the transaction fails at
 * once with an error that passes.
 *
 * The server may not have heard of the end of a connection that broke, however it broke, and hold the locks of its
 * transaction: it is told.
 */
import {
  randomToken,
  withDeadline,
  type Clock,
  type CountedValue,
  type Logger,
} from '@followme/platform';
import type { Client, ClientBase, PoolClient } from 'pg';
import type { StoreAddress } from './address.ts';
import { connectOnce } from './connect-once.ts';

const LOOK_MS = 500;
const SILENT_MS = 3000;
/** Longest that asking the server may take. */
const ASK_LIMIT_MS = 3000;
/** How often it is tried to tell the server of broken connections, and the pause between; then it finds out by itself. */
const TELL_ATTEMPTS = 15;
const TELL_PAUSE_MS = 1000;
/** Looks that came so much later than meant say that the process stood still, and nothing of the connections. */
const STANDSTILL_MS = 4 * LOOK_MS;

/** What a watch works with. */
export interface ConnectionWatchDeps {
  readonly address: StoreAddress;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connections found dead. */
  readonly dead: CountedValue;
}

/** A connection as the server names it; the process id alone comes back. */
interface Backend {
  readonly pid: number;
  readonly startedAt: string;
}

interface Watched {
  readonly client: PoolClient;
  readonly backend: Backend;
  bytesRead: number;
  /** Since when it waits without a byte, or does not wait, ms of the monotonic clock. */
  sinceMs: number;
}

/** Watches the connections of one pool that are in use. */
export class ConnectionWatch {
  readonly #deps: ConnectionWatchDeps;
  readonly #name = `followme watch ${randomToken(4)}`;
  readonly #backends = new WeakMap<ClientBase, Backend>();
  readonly #inUse = new Map<PoolClient, Watched>();
  readonly #stop: () => void;
  #lookedMs: number;
  #isAsking = false;
  /** Of connections that broke: what the server may still hold. */
  #left: Backend[] = [];
  #isTelling = false;
  /** When a connection was last found dead: what was last used before may be dead as well. */
  #suspicionMs = -Infinity;

  constructor(deps: ConnectionWatchDeps) {
    this.#deps = deps;
    this.#lookedMs = deps.clock.monotonicMs();
    this.#stop = deps.clock.every(LOOK_MS, () => this.#look());
  }

  /** Learns what the server calls a connection that was just made. */
  async meet(client: PoolClient): Promise<void> {
    const { rows } = await client.query<Backend & { sameServer: boolean }>(
      `SELECT pid, backend_start::text AS "startedAt" FROM pg_stat_get_activity(pg_backend_pid())`,
    );
    const [backend] = rows;
    // behind a pooler the server's end changes from transaction to transaction: there is nothing to ask about
    if (backend === undefined || backend.pid !== Reflect.get(client, 'processID')) return;
    this.#backends.set(client, backend);
  }

  /** A connection is in use from here on. */
  begin(client: PoolClient): void {
    const backend = this.#backends.get(client);
    if (backend === undefined) return;
    const sinceMs = this.#deps.clock.monotonicMs();
    this.#inUse.set(client, { client, backend, bytesRead: bytesRead(client), sinceMs });
  }

  /** … and not any more; one that is broken is not used again. */
  end(client: PoolClient, isBroken: boolean): void {
    this.#inUse.delete(client);
    const backend = this.#backends.get(client);
    if (!isBroken || backend === undefined) return;
    this.#left.push(backend);
    if (this.#isTelling) return;
    this.#isTelling = true;
    void this.#tell().finally(() => (this.#isTelling = false));
  }

  /** Whether a connection that was last used at this time of the monotonic clock may be dead. */
  isSuspect(lastUsedMs: number): boolean {
    return lastUsedMs < this.#suspicionMs;
  }

  close(): void {
    this.#stop();
    this.#inUse.clear();
  }

  #look(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const stoodStill = nowMs - this.#lookedMs > STANDSTILL_MS;
    this.#lookedMs = nowMs;
    const silent: Watched[] = [];
    for (const watched of this.#inUse.values()) {
      const read = bytesRead(watched.client);
      if (stoodStill || !isWaiting(watched.client) || read !== watched.bytesRead) {
        watched.bytesRead = read;
        watched.sinceMs = nowMs;
      } else if (nowMs - watched.sinceMs >= SILENT_MS) silent.push(watched);
    }
    if (silent.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    const { clock, logger } = this.#deps;
    void withDeadline(clock, 2 * ASK_LIMIT_MS, 'the look at connections', this.#ask(silent))
      // the server cannot be reached: the statements have limits of their own
      .catch((error: unknown) => logger.debug('store.watchFailed', { error }))
      .finally(() => (this.#isAsking = false));
  }

  async #ask(silent: readonly Watched[]): Promise<void> {
    const backends = silent.map(({ backend }) => backend);
    const busy = await this.#over((asking) => pidsAtWork(asking, backends));
    const dead = silent.filter(
      (watched) =>
        !busy.has(watched.backend.pid) &&
        this.#inUse.get(watched.client) === watched &&
        isWaiting(watched.client) &&
        bytesRead(watched.client) === watched.bytesRead,
    );
    if (dead.length > 0) this.#cut(dead);
  }

  /** Tells the server which connections have ended, until none is left to tell of. */
  async #tell(): Promise<void> {
    const { clock, logger } = this.#deps;
    for (let attempt = 1; this.#left.length > 0 && attempt <= TELL_ATTEMPTS; attempt += 1) {
      const told = this.#left;
      try {
        const telling = this.#over((asking) => endBackends(asking, told));
        await withDeadline(clock, 2 * ASK_LIMIT_MS, 'telling the server', telling);
        this.#left = this.#left.slice(told.length);
      } catch (error) {
        logger.debug('store.watchFailed', { error, attempt });
        await clock.sleep(TELL_PAUSE_MS);
      }
    }
    this.#left = [];
  }

  /** Does something over a connection of its own. */
  async #over<T>(work: (asking: Client) => Promise<T>): Promise<T> {
    const asking = await connectOnce(this.#deps.address, {
      application_name: this.#name,
      connectionTimeoutMillis: ASK_LIMIT_MS,
      query_timeout: ASK_LIMIT_MS,
    });
    try {
      return await work(asking);
    } finally {
      await asking.end();
    }
  }

  #cut(dead: readonly Watched[]): void {
    const { clock, logger, dead: counter } = this.#deps;
    this.#suspicionMs = clock.monotonicMs();
    counter.inc(dead.length);
    logger.warn('store.connectionsDead', { connections: dead.length });
    for (const { client } of dead) client.connection.stream.destroy();
  }
}

const identified = (backends: readonly Backend[]): [number[], string[]] => [
  backends.map(({ pid }) => pid),
  backends.map(({ startedAt }) => startedAt),
];

/** Of these connections those the server has something to do for. */
async function pidsAtWork(
  asking: Client,
  backends: readonly Backend[],
): Promise<ReadonlySet<number>> {
  const { rows } = await asking.query<{ pid: number }>(
    `SELECT activity.pid FROM pg_stat_activity activity
       JOIN unnest($1::int[], $2::timestamptz[]) AS asked (pid, started)
         ON asked.pid = activity.pid AND asked.started = activity.backend_start
      WHERE wait_event_type IS DISTINCT FROM 'Client'`,
    identified(backends),
  );
  return new Set(rows.map(({ pid }) => pid));
}

async function endBackends(asking: Client, backends: readonly Backend[]): Promise<void> {
  await asking.query(
    `SELECT pg_terminate_backend(activity.pid) FROM pg_stat_activity activity
       JOIN unnest($1::int[], $2::timestamptz[]) AS asked (pid, started)
         ON asked.pid = activity.pid AND asked.started = activity.backend_start`,
    identified(backends),
  );
}

// what the driver keeps and its types do not tell
const isWaiting = (client: PoolClient): boolean => Reflect.get(client, 'readyForQuery') === false;
const bytesRead = (client: PoolClient): number =>
  Number(Reflect.get(client.connection.stream, 'bytesRead'));
