/**
 * Finds connections that died without a word: an address that moved to another server, a firewall that forgot them.
 * TCP tells nobody, and the answer a transaction waits for never comes; its statement would be given up half a minute
 * later, and the server would hold its locks for longer still.
 *
 * A connection that waits for an answer and has received nothing for `SILENT_MS` is asked about over a new
 * connection. If the server works for it (a long statement, a lock) it is left alone; if the server does not know it,
 * or waits for the client itself, then what either end said is lost: ours is cut, so that the transaction fails at
 * once with an error that passes.
 */
import type { Clock, CountedValue, Logger } from '@followme/platform';
import type { ClientBase, PoolClient } from 'pg';
import { backendOf, type Backend, type Backends } from './backends.ts';
import { BrokenConnections } from './broken-connections.ts';

const LOOK_MS = 500;
const SILENT_MS = 3000;
/** What was sent may take its time, bytes per ms: over a network slower than 2 Mbit/s a COPY is taken for lost. */
const SLOWEST_BYTES_PER_MS = 250;
/** Looks that came so much later than meant say that the process stood still, and nothing of the connections. */
const STANDSTILL_MS = 4 * LOOK_MS;

/** What a watch works with. */
export interface ConnectionWatchDeps {
  readonly backends: Backends;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Connections found dead. */
  readonly dead: CountedValue;
}

interface Watched {
  readonly client: PoolClient;
  readonly backend: Backend;
  /** What was received by the newest look. */
  bytesRead: number;
  /** What was sent by the newest look. */
  bytesSent: number;
  /** What was sent for certain before it began to wait. */
  bytesSentBefore: number;
  /** Since when it waits without a byte, or does not wait, ms of the monotonic clock. */
  sinceMs: number;
}

/** One that is silent, as it was when the server was asked. */
interface Silent {
  readonly watched: Watched;
  readonly sinceMs: number;
}

/** Watches the connections of one pool that are in use. */
export class ConnectionWatch {
  readonly #deps: ConnectionWatchDeps;
  readonly #backendOf = new WeakMap<ClientBase, Backend>();
  readonly #inUse = new Map<PoolClient, Watched>();
  readonly #stop: () => void;
  #lookedMs: number;
  #isAsking = false;
  readonly #broken: BrokenConnections;
  /** When a connection was last found dead: what was last used before may be dead as well. */
  #suspicionMs = -Infinity;

  constructor(deps: ConnectionWatchDeps) {
    this.#deps = deps;
    this.#broken = new BrokenConnections(deps);
    this.#lookedMs = deps.clock.monotonicMs();
    this.#stop = deps.clock.every(LOOK_MS, () => this.#look());
  }

  /** Learns what the server calls a connection that was just made. */
  async meet(client: PoolClient): Promise<void> {
    const backend = await backendOf(client);
    if (backend !== null) this.#backendOf.set(client, backend);
  }

  /** A connection is in use from here on. */
  begin(client: PoolClient): void {
    const backend = this.#backendOf.get(client);
    if (backend === undefined) return;
    const bytesSent = bytesOf(client, 'bytesWritten');
    this.#inUse.set(client, {
      client,
      backend,
      bytesRead: bytesOf(client, 'bytesRead'),
      bytesSent,
      bytesSentBefore: bytesSent,
      sinceMs: this.#deps.clock.monotonicMs(),
    });
  }

  /** … and not any more; one that is broken is not used again. */
  end(client: PoolClient, isBroken: boolean): void {
    this.#inUse.delete(client);
    const backend = this.#backendOf.get(client);
    if (isBroken && backend !== undefined) this.#broken.add(backend);
  }

  /** Whether a connection that was last used at this time of the monotonic clock may be dead. */
  isSuspect(lastUsedMs: number): boolean {
    return lastUsedMs < this.#suspicionMs;
  }

  close(): void {
    this.#stop();
    this.#inUse.clear();
    this.#broken.close();
  }

  #look(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    const stoodStill = nowMs - this.#lookedMs > STANDSTILL_MS;
    this.#lookedMs = nowMs;
    const silent: Silent[] = [];
    for (const watched of this.#inUse.values()) {
      if (isSilent(watched, nowMs, stoodStill)) {
        silent.push({ watched, sinceMs: watched.sinceMs });
      }
    }
    if (silent.length === 0 || this.#isAsking) return;
    this.#isAsking = true;
    void this.#ask(silent)
      // the server cannot be reached: the statements have limits of their own
      .catch((error: unknown) => this.#deps.logger.debug('store.watchFailed', { error }))
      .finally(() => (this.#isAsking = false));
  }

  async #ask(silent: readonly Silent[]): Promise<void> {
    const asked = silent.map(({ watched }) => watched.backend);
    const busy = await this.#deps.backends.pidsAtWork(asked);
    const dead = silent
      .filter(
        ({ watched, sinceMs }) => !busy.has(watched.backend.pid) && this.#isAt(watched, sinceMs),
      )
      .map(({ watched }) => watched);
    if (dead.length > 0) this.#cut(dead);
  }

  /** Whether it is still where it was when the server was asked. */
  #isAt(watched: Watched, sinceMs: number): boolean {
    const { client, bytesRead } = watched;
    return (
      this.#inUse.get(client) === watched &&
      watched.sinceMs === sinceMs &&
      isWaiting(client) &&
      bytesOf(client, 'bytesRead') === bytesRead
    );
  }

  #cut(dead: readonly Watched[]): void {
    const { clock, logger, dead: counter } = this.#deps;
    this.#suspicionMs = clock.monotonicMs();
    counter.inc(dead.length);
    logger.warn('store.connectionsDead', { connections: dead.length });
    for (const { client } of dead) client.connection.stream.destroy();
  }
}

/** Looks at a connection: whether it has waited for longer than what was sent can explain. */
function isSilent(watched: Watched, nowMs: number, stoodStill: boolean): boolean {
  const { client } = watched;
  const bytesRead = bytesOf(client, 'bytesRead');
  const bytesSent = bytesOf(client, 'bytesWritten');
  const hasMoved = stoodStill || !isWaiting(client) || bytesRead !== watched.bytesRead;
  if (hasMoved) {
    watched.bytesRead = bytesRead;
    // what was sent since the look before may be on its way
    watched.bytesSentBefore = watched.bytesSent;
    watched.sinceMs = nowMs;
  }
  watched.bytesSent = bytesSent;
  const onTheWayMs = (bytesSent - watched.bytesSentBefore) / SLOWEST_BYTES_PER_MS;
  return !hasMoved && nowMs - watched.sinceMs >= SILENT_MS + onTheWayMs;
}

// what the driver keeps and its types do not tell
const isWaiting = (client: PoolClient): boolean => Reflect.get(client, 'readyForQuery') === false;
const bytesOf = (client: PoolClient, which: 'bytesRead' | 'bytesWritten'): number =>
  Number(Reflect.get(client.connection.stream, which));
