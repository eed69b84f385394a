/**
 * The embedded log: the port on LMDB, for one process.
 *
 * Durability: an append resolves after the `fdatasync` of its transaction (see `engine.ts`). What was
 * acknowledged survives `kill -9` of the process and a crash of the system, and the loss of power as far as
 * the disk keeps what `fdatasync` reported written. An append that was not acknowledged may be there or not.
 *
 * Only one process may have the folder open: readers are woken by the commits of their own process.
 */
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock, Logger, Metrics } from '@followme/platform';
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
import { createAppender, type Appender } from './appender.ts';
import { createBroadcaster, type Broadcaster } from '../broadcaster.ts';
import { createCommitter, type Committer } from './committer.ts';
import { createLogCounters, type LogCounters } from '../counters.ts';
import { openEngine, type Engine, type LaneCounts } from './engine.ts';
import { KeySpace } from './key-space.ts';
import { boundsOf, loadLane, trimmedUpTo, type LaneState } from './lane.ts';
import { readLane } from './reader.ts';
import { RecordIds } from './record-ids.ts';
import { trimLane, type TrimLimits } from './trimmer.ts';

export interface LmdbLogOptions {
  /** Folder of the log; made when it is not there. */
  readonly path: string;
  /** Lanes of each stream, 1 … 65,536; fixed when the log is created. */
  readonly lanes: LaneCounts;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Failed transactions are logged at most this often; every append they failed is counted. */
const FAILURE_LOG_PAUSE_MS = 10_000;

/**
 * Opens the log in `path`, or creates it.
 * @throws LogOpenError when the log there was created with other lanes or in another format.
 */
export async function createLmdbLog(options: LmdbLogOptions): Promise<Log> {
  return new LmdbLog(options, await openEngine(options.path, options.lanes));
}

/** Open until `close` is called, which sets `#closing`; from then on every call is refused with `CLOSED`. */
class LmdbLog implements Log {
  readonly identity: string;
  readonly durability =
    'What the log acknowledged survives a kill of the process, and a loss of power as far as the disk ' +
    'keeps what fdatasync reported written.';
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #engine: Engine;
  readonly #lanes: Readonly<Record<StreamName, readonly LaneState[]>>;
  readonly #committer: Committer;
  readonly #counters: LogCounters;
  readonly #recordIds: RecordIds;
  readonly #appender: Appender;
  readonly #keySpace: KeySpace;
  readonly #broadcaster: Broadcaster;
  /** The last trim of each lane: trims of one lane follow each other. */
  readonly #trims = new Map<LaneState, Promise<unknown>>();
  #closing: Promise<void> | null = null;
  #nextFailureLogMs = 0;

  constructor({ lanes, clock, logger, metrics }: LmdbLogOptions, engine: Engine) {
    const load = (stream: StreamName): LaneState[] =>
      Array.from({ length: lanes[stream] }, (_, lane) =>
        loadLane(engine, stream, trustedId<Lane>(lane)),
      );
    this.identity = engine.identity;
    this.#clock = clock;
    this.#logger = logger;
    this.#engine = engine;
    this.#lanes = { positions: load('positions'), events: load('events') };
    const committer = createCommitter(engine, (cause) => this.#onCommitFailed(cause));
    const counters = createLogCounters(metrics, () => committer.pendingBytes());
    const recordIds = new RecordIds(engine.recordIds, clock);
    this.#committer = committer;
    this.#counters = counters;
    this.#recordIds = recordIds;
    this.#appender = createAppender({ clock, engine, committer, recordIds, counters });
    this.#keySpace = new KeySpace(engine, committer);
    this.#broadcaster = createBroadcaster((subject, error) => {
      counters.hearingFailed.inc();
      logger.error('log.subscriberFailed', { subject, error });
    });
  }

  /** The engine is in this process: it is heard of as long as anything is. */
  silentForMs(): number {
    return 0;
  }

  lanes(stream: StreamName): number {
    return this.#lanes[stream].length;
  }

  async append(
    stream: StreamName,
    lane: Lane,
    payload: Uint8Array,
    options: AppendOptions = {},
  ): Promise<Appended> {
    return this.#appender.append(this.#laneFor(stream, lane), payload, options.recordId);
  }

  async *read(
    stream: StreamName,
    lane: Lane,
    from: LogSequence,
    signal: AbortSignal,
  ): AsyncGenerator<LogRecord, void, undefined> {
    yield* readLane(this.#engine.records, this.#laneFor(stream, lane), {
      from,
      signal,
      isClosed: () => this.#closing !== null,
      trimmedUpTo: () => trimmedUpTo(this.#engine, stream, lane),
    });
  }

  async bounds(stream: StreamName, lane: Lane): Promise<LaneBounds> {
    return boundsOf(this.#engine.records, this.#laneFor(stream, lane));
  }

  async trim(stream: StreamName, lane: Lane, limits: TrimLimits): Promise<number> {
    const state = this.#laneFor(stream, lane);
    this.#recordIds.sweep(this.#committer);
    const deps = { engine: this.#engine, committer: this.#committer, clock: this.#clock };
    const earlier = this.#trims.get(state) ?? Promise.resolve();
    const trimming = earlier.then(() => trimLane(deps, state, limits));
    this.#trims.set(
      state,
      trimming.catch(() => undefined),
    );
    const removed = await trimming;
    this.#counters.streams[stream].trimmed.inc(removed);
    return removed;
  }

  broadcast(subject: string, payload: Uint8Array): void {
    this.#broadcaster.broadcast(subject, payload);
  }

  subscribe(subject: string, hear: (payload: Uint8Array) => void): () => void {
    this.#refuseWhenClosed();
    return this.#broadcaster.subscribe(subject, hear);
  }

  async getKey(key: string): Promise<KeyEntry | null> {
    this.#refuseWhenClosed();
    return this.#keySpace.get(key);
  }

  async setKey(key: string, value: Uint8Array, expected: number | null): Promise<number | null> {
    this.#refuseWhenClosed();
    return this.#keySpace.set(key, value, expected);
  }

  async deleteKey(key: string, expected: number): Promise<boolean> {
    this.#refuseWhenClosed();
    return this.#keySpace.delete(key, expected);
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    // the first step waits for nobody: from here on the committer refuses what comes
    const settled = this.#committer.close();
    this.#broadcaster.close();
    await Promise.all(this.#trims.values());
    await settled;
    for (const lane of [...this.#lanes.positions, ...this.#lanes.events]) lane.wake();
    await this.#engine.close();
  }

  #laneFor(stream: StreamName, lane: Lane): LaneState {
    this.#refuseWhenClosed();
    const state = this.#lanes[stream][lane];
    if (state === undefined) {
      throw new LogError('NO_SUCH_LANE', `${stream} has ${this.lanes(stream)} lanes, got ${lane}`);
    }
    return state;
  }

  #refuseWhenClosed(): void {
    if (this.#closing !== null) throw new LogError('CLOSED', 'The log is closed');
  }

  #onCommitFailed(error: unknown): void {
    const nowMs = this.#clock.monotonicMs();
    if (nowMs < this.#nextFailureLogMs) return;
    this.#nextFailureLogMs = nowMs + FAILURE_LOG_PAUSE_MS;
    this.#logger.error('log.commitFailed', { error });
  }
}
