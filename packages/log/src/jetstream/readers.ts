/**
 * All readers of a process: one subscription for what they are sent, and the watch over them.
 *
 * The watch, every half second: a reader that waits and heard nothing, not even the heartbeat of every second, for
 * 2.5 s begins anew (`silent`); one that gets heartbeats but no record for 1.5 s while its lane has newer ones begins
 * anew too (`behind`). To know that costs one request per stream, and one per lane under suspicion, and nothing while
 * records come or nobody appends.
 */
import { createInbox, type Msg } from '@nats-io/transport-node';
import type { Lane } from '@followme/model';
import {
  randomToken,
  type CancelTimer,
  type Clock,
  type Logger,
  type Random,
} from '@followme/platform';
import type { LogError, StreamName } from '../port.ts';
import type { Connection, Session } from './connection.ts';
import { parseDelivery } from './delivery.ts';
import type { JetStreamCounters } from './jetstream-counters.ts';
import { LaneReader, type LanePlace } from './lane-reader.ts';
import type { LogNames } from './names.ts';

const PROCESS_BYTES = 9;
const WATCH_MS = 500;
const SILENT_LIMIT_MS = 2500;
const BEHIND_LIMIT_MS = 1500;
const TELL_STUCK_EVERY_MS = 10_000;

/** Where a reader wants to begin. */
export interface ReadingPlace {
  readonly stream: StreamName;
  readonly lane: Lane;
  readonly next: number;
  /** The newest record it has, 0 when it has none. */
  readonly received: number;
  /** When the log took that one, ms since 1970 UTC; 0 when it has none. */
  readonly receivedTimeMs: number;
}

/** What readers need to know of what lies on the server. */
export interface LaneLook {
  /**
   * Where reading really begins, after what was trimmed. Before that: the stream is still the one of this log, did
   * not go back, and nothing is missing that was not trimmed.
   * @throws LogError `UNAVAILABLE`; `isFinal` tells those that will not pass.
   */
  checkPlace(place: ReadingPlace): Promise<number>;
  isFinal(error: LogError): boolean;
  /** The newest sequence of a whole stream. */
  lastOfStream(stream: StreamName): Promise<number>;
  /** The newest sequence of a lane, 0 when it has no record. */
  lastOfLane(stream: StreamName, lane: Lane): Promise<number>;
}

interface OuterDeps extends LaneLook {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly connection: Connection;
  readonly names: LogNames;
  readonly counters: JetStreamCounters;
  /** A record came: the log is heard of. */
  onRecord(): void;
}

/** What one reader asks of all. */
export interface ReaderDeps extends OuterDeps {
  /** A name for a consumer that no other has. */
  newName(): string;
  /** What comes for the consumer `name` goes to `reader` from now on. */
  attach(name: string, reader: LaneReader): void;
  requestPortion(stream: StreamName, consumer: string, portion: Uint8Array): void;
  /** Nobody needs a consumer any more: nothing of it is heard, and the server is told so. */
  removeConsumer(stream: StreamName, consumer: string): void;
  /** A reader could not begin for 10 s (again). */
  onStuck(place: LanePlace, error: unknown): void;
}

/** All readers of a process, and the watch that begins them anew. */
export class Readers {
  readonly #deps: ReaderDeps;
  readonly #inbox = createInbox();
  readonly #readers = new Set<LaneReader>();
  readonly #byConsumer = new Map<string, LaneReader>();
  readonly #ownNames = `reader-${randomToken(PROCESS_BYTES)}`;
  readonly #stopWatching: CancelTimer;
  /** The end of its stream at which a reader was last found to have all of its lane, or not. */
  readonly #seenAt = new WeakMap<LaneReader, number>();
  /** Readers that had something to read at the last look, and up to where. */
  #suspects = new Map<LaneReader, number>();
  #isLooking = false;
  #stuckToldMs = -Infinity;
  #nextName = 1;

  constructor(deps: OuterDeps) {
    this.#deps = {
      ...deps,
      newName: () => this.#newName(),
      attach: (name, reader) => {
        this.#byConsumer.set(name, reader);
        // it may stand still from its beginning: the next look is not spared
        this.#seenAt.delete(reader);
      },
      requestPortion: (stream, consumer, portion) => {
        const subject = `$JS.API.CONSUMER.MSG.NEXT.${deps.names.stream(stream)}.${consumer}`;
        this.#publish(subject, portion, `${this.#inbox}.${consumer}`);
      },
      removeConsumer: (stream, consumer) => {
        this.#byConsumer.delete(consumer);
        const subject = `$JS.API.CONSUMER.DELETE.${deps.names.stream(stream)}.${consumer}`;
        this.#publish(subject, new Uint8Array(0), `${this.#inbox}.${consumer}`);
      },
      onStuck: (place, error) => this.#onStuck(place, error),
    };
    this.#stopWatching = deps.clock.every(WATCH_MS, () => this.#watch());
  }

  /** A reader of a lane; `end` it when it is not needed any more. */
  start(place: LanePlace): LaneReader {
    const reader = new LaneReader(this.#deps, place);
    this.#readers.add(reader);
    reader.rebuild('start');
    return reader;
  }

  /** Ends a reader. */
  end(reader: LaneReader): void {
    reader.end();
    this.#readers.delete(reader);
    this.#suspects.delete(reader);
  }

  /** Of each stream where the reader is that has come farthest: what a log that went back is first seen by. */
  farthest(): ReadingPlace[] {
    const found = new Map<StreamName, ReadingPlace>();
    for (const { at } of this.#readers) {
      if (at.received > (found.get(at.stream)?.received ?? 0)) found.set(at.stream, at);
    }
    return [...found.values()];
  }

  /** Uses `session` from now on: every reader begins anew. */
  resume(session: Session): void {
    session.nats.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#hear(message);
      },
    });
    for (const reader of this.#readers) reader.rebuild('reconnect');
  }

  /** There is no session. */
  suspend(): void {
    for (const reader of this.#readers) reader.suspend();
  }

  /** No reader can go on. */
  fail(error: LogError): void {
    for (const reader of this.#readers) reader.fail(error);
  }

  close(): void {
    this.#stopWatching();
    for (const reader of this.#readers) this.end(reader);
  }

  /** Records come with the subject they were stored under, all else with the address it was asked to. */
  #hear(message: Msg): void {
    const delivery = parseDelivery(message.reply ?? '');
    if (delivery === null) {
      const consumer = message.subject.slice(this.#inbox.length + 1);
      this.#byConsumer.get(consumer)?.hearStatus(message);
      return;
    }
    this.#byConsumer.get(delivery.consumer)?.hearRecord(message, delivery);
  }

  /** Counts each reader and tells of one: when the log stands still all of them do. */
  #onStuck(place: LanePlace, error: unknown): void {
    const { clock, logger, counters } = this.#deps;
    counters.stuckReaders.inc();
    const nowMs = clock.monotonicMs();
    if (nowMs - this.#stuckToldMs < TELL_STUCK_EVERY_MS) return;
    this.#stuckToldMs = nowMs;
    logger.warn('log.readerStuck', { stream: place.stream, lane: place.lane, error });
  }

  #newName(): string {
    this.#nextName += 1;
    return `${this.#ownNames}-${this.#nextName.toString(36)}`;
  }

  #publish(subject: string, body: Uint8Array, reply: string): void {
    const session = this.#deps.connection.session();
    if (session === null || session.nats.isClosed()) return;
    session.nats.publish(subject, body, { reply });
  }

  #watch(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    let isAnyQuiet = false;
    for (const reader of this.#readers) {
      const { silentSinceMs } = reader;
      if (silentSinceMs === null) continue;
      if (nowMs - silentSinceMs > SILENT_LIMIT_MS) reader.rebuild('silent');
      else if (nowMs - reader.lastRecordMs > BEHIND_LIMIT_MS) isAnyQuiet = true;
    }
    if (!isAnyQuiet || this.#isLooking) return;
    this.#isLooking = true;
    void this.#lookForBehind()
      .catch((error: unknown) => this.#deps.logger.debug('log.watchFailed', { error }))
      .finally(() => (this.#isLooking = false));
  }

  /** Begins anew what was behind at the last look and has not moved; looks who is behind now. */
  async #lookForBehind(): Promise<void> {
    for (const [reader, last] of this.#suspects) {
      if (reader.silentSinceMs !== null && reader.next <= last) reader.rebuild('behind');
    }
    this.#suspects = new Map();
    for (const stream of ['positions', 'events'] as const) {
      const quiet = this.#quietReaders(stream);
      if (quiet.length === 0) continue;
      const last = await this.#deps.lastOfStream(stream);
      const unseen = quiet.filter((reader) => this.#seenAt.get(reader) !== last);
      const lanes = new Set(unseen.map((reader) => reader.place.lane));
      for (const lane of lanes) {
        const lastOfLane = await this.#deps.lastOfLane(stream, lane);
        for (const reader of unseen) {
          if (reader.place.lane !== lane) continue;
          this.#seenAt.set(reader, last);
          if (reader.next <= lastOfLane) this.#suspects.set(reader, lastOfLane);
        }
      }
    }
  }

  #quietReaders(stream: StreamName): LaneReader[] {
    const nowMs = this.#deps.clock.monotonicMs();
    return [...this.#readers].filter(
      (reader) =>
        reader.place.stream === stream &&
        reader.silentSinceMs !== null &&
        nowMs - reader.lastRecordMs > BEHIND_LIMIT_MS,
    );
  }
}
