/**
 * The scaled-out log: the port on NATS JetStream, for any number of processes on any number of nodes.
 *
 * One stream on the server per stream of the log, one subject per lane; a lane's sequences are the stream's, so they
 * grow with gaps. What an acknowledged append survives depends on the server's version and settings; `durability`
 * says it.
 */
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock, Logger, Metrics, Random } from '@followme/platform';
import { setMaxListeners } from 'node:events';
import { createLogCounters, type LogCounters } from '../counters.ts';
import type { LaneCounts } from '../lmdb/engine.ts';
import {
  LogError,
  type Appended,
  type AppendOptions,
  type KeyEntry,
  type LaneBounds,
  type Log,
  type LogRecord,
  type StreamName,
} from '../port.ts';
import { Appender, type LaneTarget } from './appender.ts';
import type { Connection, Session } from './connection.ts';
import { Hints } from './hints.ts';
import type { JetStreamCounters } from './jetstream-counters.ts';
import type { JetStreamKeys } from './keys.ts';
import { JetStreamLanes } from './lanes.ts';
import type { LogNames } from './names.ts';
import { Pulse } from './pulse.ts';
import type { Publisher } from './publisher.ts';
import { Readers } from './readers.ts';
import type { LogStreams } from './streams.ts';
import { TrimMarks } from './trim-marks.ts';
import { Trimmer } from './trimmer.ts';

/** What `open-jetstream.ts` has found and made. */
export interface OpenedLog {
  readonly identity: string;
  readonly durability: string;
  readonly lanes: LaneCounts;
  readonly streams: LogStreams;
  readonly names: LogNames;
  readonly connection: Connection;
  readonly publisher: Publisher;
  readonly keys: JetStreamKeys;
  readonly counters: JetStreamCounters;
}

/** What every log is given. */
export interface LogDeps {
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Open until `close` is called, which sets `#closing`; from then on every call is refused with `CLOSED`. */
export class JetStreamLog implements Log {
  readonly identity: string;
  readonly durability: string;
  readonly #deps: LogDeps;
  readonly #opened: OpenedLog;
  readonly #targets: Readonly<Record<StreamName, readonly LaneTarget[]>>;
  readonly #counters: LogCounters;
  readonly #appender: Appender;
  readonly #lanes: JetStreamLanes;
  readonly #trimmer: Trimmer;
  readonly #readers: Readers;
  readonly #hints: Hints;
  readonly #pulse: Pulse;
  /** Why nothing can be asked of this log any more: its streams are another log's. */
  #replaced: LogError | null = null;
  #closing: Promise<void> | null = null;

  constructor(deps: LogDeps, opened: OpenedLog) {
    const { clock, logger, metrics } = deps;
    const { connection, names, publisher, keys, streams, counters } = opened;
    this.#deps = deps;
    this.#opened = opened;
    this.identity = opened.identity;
    this.durability = opened.durability;
    const targets = (stream: StreamName): LaneTarget[] =>
      Array.from({ length: opened.lanes[stream] }, (_, number) => {
        const lane = trustedId<Lane>(number);
        return { stream, lane, subject: names.laneSubject(stream, lane) };
      });
    this.#targets = { positions: targets('positions'), events: targets('events') };
    const pending = (): number => publisher.pendingBytes() + this.#appender.waitingBytes();
    this.#counters = createLogCounters(metrics, pending);
    this.#appender = new Appender({ clock, publisher, counters: this.#counters });
    const marks = new TrimMarks(keys);
    const { created } = streams;
    const onReplaced = (error: LogError): void => this.#replace(error);
    this.#lanes = new JetStreamLanes({ clock, connection, names, marks, created, onReplaced });
    const trimming = { clock, connection, names, marks, lanes: this.#lanes };
    this.#trimmer = new Trimmer(trimming, opened.lanes);
    this.#pulse = new Pulse({ clock, logger, connection, names });
    this.#readers = this.#createReaders();
    this.#hints = new Hints({
      connection,
      names,
      counters,
      onFailure: (subject, error) => {
        this.#counters.hearingFailed.inc();
        logger.error('log.subscriberFailed', { subject, error });
      },
    });
    metrics.gauge('followme_log_silent_ms', 'How long the log is silent', () => this.silentForMs());
    connection.listen({
      onSession: (session) => void this.#resume(session),
      onLost: () => this.#suspend(),
    });
    const session = connection.session();
    if (session === null) {
      this.#pulse.lost();
      return;
    }
    publisher.resume(session);
    this.#readers.resume(session);
  }

  /** For the publisher, which exists before the log does: something was acknowledged. */
  heard(): void {
    this.#pulse.heard();
  }

  silentForMs(): number {
    return this.#pulse.silentForMs();
  }

  lanes(stream: StreamName): number {
    return this.#targets[stream].length;
  }

  async append(
    stream: StreamName,
    lane: Lane,
    payload: Uint8Array,
    options: AppendOptions = {},
  ): Promise<Appended> {
    return this.#appender.append(this.#target(stream, lane), payload, options.recordId);
  }

  async *read(
    stream: StreamName,
    lane: Lane,
    from: LogSequence,
    signal: AbortSignal,
  ): AsyncGenerator<LogRecord, void, undefined> {
    this.#target(stream, lane);
    if (signal.aborted) return;
    // a process reads all its lanes with one signal; Node takes more than ten listeners for a leak
    setMaxListeners(0, signal);
    const reader = this.#readers.start({ stream, lane, from });
    const end = (): void => this.#readers.end(reader);
    signal.addEventListener('abort', end, { once: true });
    try {
      while (!signal.aborted && this.#closing === null) {
        const record = reader.take();
        if (record === null) await reader.changed();
        else yield record;
      }
    } finally {
      signal.removeEventListener('abort', end);
      end();
    }
  }

  async bounds(stream: StreamName, lane: Lane): Promise<LaneBounds> {
    this.#target(stream, lane);
    return this.#lanes.bounds(stream, lane);
  }

  async trim(
    stream: StreamName,
    lane: Lane,
    limits: { readonly olderThanMs: number; readonly keepFrom: LogSequence },
  ): Promise<number> {
    this.#target(stream, lane);
    const removed = await this.#trimmer.trim(stream, lane, limits);
    this.#counters.streams[stream].trimmed.inc(removed);
    return removed;
  }

  broadcast(subject: string, payload: Uint8Array): void {
    if (this.#closing === null) this.#hints.broadcast(subject, payload);
  }

  subscribe(subject: string, hear: (payload: Uint8Array) => void): () => void {
    this.#refuseWhenClosed();
    return this.#hints.subscribe(subject, hear);
  }

  async getKey(key: string): Promise<KeyEntry | null> {
    this.#refuseWhenClosed();
    return this.#opened.keys.get(key);
  }

  async setKey(key: string, value: Uint8Array, expected: number | null): Promise<number | null> {
    this.#refuseWhenClosed();
    return this.#opened.keys.set(key, value, expected);
  }

  async deleteKey(key: string, expected: number): Promise<boolean> {
    this.#refuseWhenClosed();
    return this.#opened.keys.delete(key, expected);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    this.#readers.close();
    this.#hints.close();
    await this.#appender.close();
    this.#pulse.stop();
    await this.#opened.connection.close();
  }

  #createReaders(): Readers {
    const { clock, random, logger } = this.#deps;
    const { connection, names, counters } = this.#opened;
    const lanes = this.#lanes;
    return new Readers({
      clock,
      random,
      logger,
      connection,
      names,
      counters,
      checkPlace: (place) => lanes.checkPlace(place),
      isFinal: (error) => lanes.isFinal(error),
      lastOfStream: (stream) => lanes.lastOfStream(stream),
      lastOfLane: (stream, lane) => lanes.lastOfLane(stream, lane),
      onRecord: () => this.#pulse.heard(),
    });
  }

  /** A new connection: first whether it leads to the same log, then everybody goes on. */
  async #resume(session: Session): Promise<void> {
    const { clock, logger } = this.#deps;
    const { connection, publisher } = this.#opened;
    const isPresent = (): boolean => connection.session() === session && this.#closing === null;
    this.#pulse.look();
    while (isPresent() && this.#replaced === null) {
      try {
        this.#hints.resume(session);
        await this.#lanes.checkStreams(session);
        // appends to a log that went back would hide that it did
        for (const place of this.#readers.farthest()) await this.#lanes.checkReceived(place);
        if (!isPresent()) return;
        publisher.resume(session);
        this.#readers.resume(session);
        return;
      } catch (error) {
        logger.debug('log.notResumed', { error });
        await clock.sleep(RESUME_PAUSE_MS);
      }
    }
  }

  /** The streams are another log's: nothing is asked of them any more. */
  #replace(error: LogError): void {
    if (this.#replaced !== null) return;
    this.#replaced = error;
    this.#opened.publisher.fail(error);
    this.#readers.fail(error);
    this.#deps.logger.error('log.replaced', { error });
  }

  #suspend(): void {
    this.#pulse.lost();
    this.#opened.publisher.suspend();
    this.#readers.suspend();
  }

  #target(stream: StreamName, lane: Lane): LaneTarget {
    this.#refuseWhenClosed();
    const target = this.#targets[stream][lane];
    if (target === undefined) {
      throw new LogError('NO_SUCH_LANE', `${stream} has ${this.lanes(stream)} lanes, got ${lane}`);
    }
    return target;
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== null) throw new LogError('CLOSED', 'The log is closed');
    if (this.#replaced !== null) throw this.#replaced;
  }
}

const RESUME_PAUSE_MS = 100;
