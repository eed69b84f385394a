/**
 * Who is read when not all can be. A socket that delivered bytes and may not go on is not read until its turn comes:
 * what waits, waits in the system, and TCP slows the device; nothing is dropped and our memory does not grow.
 *
 * A connection waits for one of these reasons:
 * - `log`: the log is behind, and its tenant holds its share of what may be held (`LaneBatcher.mayRead`);
 * - `turn`: more sockets have something to read than one round of the event loop should take. Newcomers are accepted
 *   once a round, so long rounds would keep them out (rounds of 0.2 s: five a second), and the rounds are short while
 *   newcomers come;
 * - `pace`: its device sends faster than any does (`pace.ts`).
 * Turns go from tenant to tenant, so that one with few sockets does not wait for those of one with many.
 */
import { setImmediate } from 'node:timers';
import type { Clock, CountedValue, Metrics } from '@followme/platform';
import type { LaneBatcher } from '../append/lane-batcher.ts';
import type { TenantLoad } from '../append/tenant-load.ts';
import type { Socket } from 'node:net';
import { startReading, stopReading } from './socket-reading.ts';

/** Why a connection is not read at present. */
export type HoldReason = 'log' | 'turn' | 'pace';

/** A connection as this stage sees it. */
export interface HeldConnection {
  readonly socket: Socket;
  /** Of the tenant it reports for, null before it named a device of ours. */
  readonly load: TenantLoad | null;
  /** Why it is not read; only this stage changes it. */
  heldFor: HoldReason | null;
  /** How long it has to wait because it sends too fast, ms; 0 for hardly anybody. */
  paceMs(nowMs: number): number;
  /** Called now and then while its replies are held back: sends those whose time has come, true when none is left. */
  sendHeldReplies(nowMs: number): boolean;
}

export interface BackPressure {
  /** To be called after every read. */
  afterRead(connection: HeldConnection): void;
  /** A newcomer was accepted. */
  accepted(): void;
  /** The connection holds replies back: `sendHeldReplies` is called until none is left. */
  holdsReplies(connection: HeldConnection): void;
  /** The connection is gone. */
  forget(connection: HeldConnection): void;
  /** From now on nobody is read who waits: the process is draining. Replies held back are sent. */
  freeze(): void;
  /** Connections that wait. */
  readonly waiting: number;
}

/** Reads of one round of the event loop, some 25 µs each: rounds of a few milliseconds. */
const READS_PER_ROUND = 128;
/** Reads for each newcomer that is accepted: most of the time goes to those who are there. */
const READS_PER_ACCEPT = 16;
/** How often those who send too fast are looked at, ms. */
const PACE_LOOK_MS = 100;

export interface BackPressureDeps {
  readonly batcher: LaneBatcher;
  readonly clock: Clock;
  readonly metrics: Metrics;
}

/** One for all device ports of a process. */
export function createBackPressure(deps: BackPressureDeps): BackPressure {
  return new ReadingOrder(deps);
}

/**
 * States of a connection: read (`heldFor` null), waiting in `#turns`, or slowed in `#slowed`. A round begins with its
 * first read and ends in `#endRound`, after the event loop has called all whose bytes were there.
 */
class ReadingOrder implements BackPressure {
  readonly #deps: BackPressureDeps;
  readonly #held: (reason: HoldReason) => CountedValue;
  readonly #turns = new TurnQueue();
  /** When those who sent too fast are read again, ms. */
  readonly #slowed = new Map<HeldConnection, number>();
  readonly #replying = new Set<HeldConnection>();
  #isWatching = false;
  #reads = 0;
  #accepts = 0;
  #isRoundOpen = false;
  /** More wait for their turn than a round takes: whoever was read goes to the end. */
  #isRationed = false;
  #isFrozen = false;

  constructor(deps: BackPressureDeps) {
    this.#deps = deps;
    const counter = deps.metrics.counter(
      'followme_tracker_back_pressure_total',
      'Times a connection was not read on at once, by reason',
      ['reason'],
    );
    const byReason = {
      log: counter.of({ reason: 'log' }),
      turn: counter.of({ reason: 'turn' }),
      pace: counter.of({ reason: 'pace' }),
    };
    this.#held = (reason) => byReason[reason];
    deps.batcher.onRelief(() => {
      if (this.#turns.size > 0) this.#openRound();
    });
    deps.metrics.gauge(
      'followme_tracker_held_connections',
      'Connections that are not read at present',
      () => this.waiting,
    );
  }

  get waiting(): number {
    return this.#turns.size + this.#slowed.size;
  }

  afterRead(connection: HeldConnection): void {
    this.#openRound();
    this.#reads += 1;
    const nowMs = this.#deps.clock.nowMs();
    const paceMs = connection.paceMs(nowMs);
    if (paceMs > 0) {
      this.#slowed.set(connection, nowMs + paceMs);
      this.#hold(connection, 'pace');
      this.#watch();
    } else if (!this.#deps.batcher.mayRead(connection.load)) {
      this.#turns.add(connection);
      this.#hold(connection, 'log');
    } else if (this.#isRationed || this.#reads > READS_PER_ROUND) {
      this.#isRationed = true;
      this.#turns.add(connection);
      this.#hold(connection, 'turn');
    }
  }

  accepted(): void {
    this.#accepts += 1;
    this.#openRound();
  }

  holdsReplies(connection: HeldConnection): void {
    if (this.#isFrozen) {
      connection.sendHeldReplies(Number.POSITIVE_INFINITY);
      return;
    }
    this.#replying.add(connection);
    this.#watch();
  }

  forget(connection: HeldConnection): void {
    this.#turns.remove(connection);
    this.#slowed.delete(connection);
    this.#replying.delete(connection);
  }

  freeze(): void {
    this.#isFrozen = true;
    for (const connection of this.#replying) connection.sendHeldReplies(Number.POSITIVE_INFINITY);
    this.#replying.clear();
  }

  #hold(connection: HeldConnection, reason: HoldReason): void {
    connection.heldFor = reason;
    stopReading(connection.socket);
    this.#held(reason).inc();
  }

  #release(connection: HeldConnection): void {
    connection.heldFor = null;
    startReading(connection.socket);
  }

  #openRound(): void {
    if (this.#isRoundOpen) return;
    this.#isRoundOpen = true;
    setImmediate(() => this.#endRound());
  }

  #endRound(): void {
    this.#isRoundOpen = false;
    const quota = this.#accepts > 0 ? READS_PER_ACCEPT : READS_PER_ROUND;
    this.#reads = 0;
    this.#accepts = 0;
    if (this.#isFrozen) return;
    const { batcher } = this.#deps;
    const released = this.#turns.take(quota, (load) => batcher.mayRead(load));
    for (const connection of released) this.#release(connection);
    // whoever may read and still waits has another round; who may not waits for a batch to be stored
    this.#isRationed = released.length === quota;
    if (this.#isRationed) this.#openRound();
  }

  #watch(): void {
    if (this.#isWatching) return;
    this.#isWatching = true;
    this.#deps.clock.after(PACE_LOOK_MS, () => this.#lookAtPaces());
  }

  #lookAtPaces(): void {
    this.#isWatching = false;
    if (this.#isFrozen) return;
    const nowMs = this.#deps.clock.nowMs();
    for (const connection of this.#replying) {
      if (connection.sendHeldReplies(nowMs)) this.#replying.delete(connection);
    }
    for (const [connection, untilMs] of this.#slowed) {
      if (untilMs > nowMs) continue;
      this.#slowed.delete(connection);
      this.#turns.add(connection);
      connection.heldFor = 'turn';
      this.#openRound();
    }
    if (this.#slowed.size > 0 || this.#replying.size > 0) this.#watch();
  }
}

/** Connections of one tenant that wait, oldest first. */
interface TenantTurns {
  readonly load: TenantLoad | null;
  readonly connections: Set<HeldConnection>;
}

/** Connections that wait, by tenant; tenants take turns. */
class TurnQueue {
  readonly #tenants = new Map<TenantLoad | null, TenantTurns>();
  readonly #where = new Map<HeldConnection, TenantTurns>();

  get size(): number {
    return this.#where.size;
  }

  add(connection: HeldConnection): void {
    const { load } = connection;
    let turns = this.#tenants.get(load);
    if (turns === undefined) {
      turns = { load, connections: new Set() };
      this.#tenants.set(load, turns);
    }
    turns.connections.add(connection);
    this.#where.set(connection, turns);
  }

  remove(connection: HeldConnection): void {
    const turns = this.#where.get(connection);
    if (turns === undefined) return;
    this.#where.delete(connection);
    turns.connections.delete(connection);
    if (turns.connections.size === 0) this.#tenants.delete(turns.load);
  }

  /** Up to `limit` connections of tenants that may read, one of each tenant after the other. */
  take(limit: number, mayRead: (load: TenantLoad | null) => boolean): readonly HeldConnection[] {
    const taken: HeldConnection[] = [];
    // one walk over each tenant's connections: asking for the first again and again would pass over the places of
    // all that were taken before (16 µs each with 5,000 waiting, 0.5 so)
    const allowed = [...this.#tenants.values()]
      .filter(({ load }) => mayRead(load))
      .map((turns) => ({ turns, waiting: turns.connections.values() }));
    while (taken.length < limit && allowed.length > 0) {
      for (let i = 0; i < allowed.length && taken.length < limit; i += 1) {
        const next = allowed[i];
        const first = next?.waiting.next().value;
        if (next === undefined || first === undefined) {
          allowed.splice(i, 1);
          i -= 1;
          continue;
        }
        taken.push(first);
        this.remove(first);
        const { turns } = next;
        // whoever was served goes behind the others, also in the next round
        if (turns.connections.size > 0) {
          this.#tenants.delete(turns.load);
          this.#tenants.set(turns.load, turns);
        }
      }
    }
    return taken;
  }
}
