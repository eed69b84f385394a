/**
 * The recorder: log → positions table and last states. A consumer of its own behind the log, so a slow or
 * dead database never slows a device.
 *
 * Every lane is read from the offset committed with its rows; rows and offset move in one transaction, so
 * after any crash reading goes on exactly behind what is in the database, and what is read twice is
 * recognised by the fix identity. A lane that turns out to be somebody else's (fenced) is dropped with its rows
 * and asked for again with every step until it comes back.
 */
import type { Log } from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { CancelTimer, Clock, CountedValue, Logger, Metrics } from '@followme/platform';
import type { LaneStretch, RecorderStore } from '@followme/store';
import { LaneBuffer, type BufferedRecord } from './lane-buffer.ts';

/** How long rows gather before they are written, ms: long enough for large COPYs, short for the trail. */
const COMMIT_EVERY_MS = 200;
/**
 * How often the last states are written, ms. Nobody waits for them: who loads them reads the log from where they
 * stand. At one a second they cost half a row more per position.
 */
const LAST_STATE_EVERY_MS = 5_000;
/** How often the partitions of the days ahead are looked after, ms. */
const PARTITIONS_EVERY_MS = 3_600_000;
const RETRY_PAUSE_MS = 500;

export interface RecorderDeps {
  readonly log: Log;
  readonly store: RecorderStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lane rows. */
  readonly owner: string;
}

interface OwnedLane {
  readonly epoch: number;
  committed: LogSequence;
}

/**
 * Idle until `start`. The loop alone changes `#owned` and commits; `stop` ends the loop, which then makes
 * one last commit.
 */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #buffer: LaneBuffer;
  readonly #owned = new Map<Lane, OwnedLane>();
  readonly #stopping = new AbortController();
  readonly #count: Readonly<
    Record<'inserted' | 'duplicates' | 'fenced' | 'failures', CountedValue>
  >;
  #loop: Promise<void> = Promise.resolve();
  #endPartitions: CancelTimer = () => undefined;
  #lastStateMs: number;
  #lastCommitMs: number;
  #hasNewStates = false;

  constructor(deps: RecorderDeps) {
    this.#deps = deps;
    this.#buffer = new LaneBuffer(deps);
    this.#count = recorderCounters(deps.metrics);
    this.#lastStateMs = deps.clock.monotonicMs();
    this.#lastCommitMs = this.#lastStateMs;
  }

  /** Records read but not yet committed. */
  get pending(): number {
    return this.#buffer.size;
  }

  /** How long the oldest uncommitted record may have been waiting, ms; 0 when nothing waits. */
  get behindMs(): number {
    return this.pending === 0 ? 0 : this.#deps.clock.monotonicMs() - this.#lastCommitMs;
  }

  /** Lanes that are not ours at present and are asked for. */
  get missingLanes(): readonly Lane[] {
    return allLanes(this.#deps.log).filter((lane) => !this.#owned.has(lane));
  }

  /** Makes partitions, takes the lanes and begins. @throws when the store cannot be reached. */
  async start(): Promise<void> {
    const { store, clock, logger } = this.#deps;
    await store.ensurePartitions(clock.nowMs());
    await this.#acquireMissing();
    this.#endPartitions = clock.every(PARTITIONS_EVERY_MS, () => {
      store.ensurePartitions(clock.nowMs()).catch((error: unknown) => {
        // rows of a day without a partition go to the default one: nothing is lost, but it wants a look
        logger.error('recorder.partitionsFailed', { error });
      });
    });
    this.#loop = this.#run();
  }

  /** Commits what was read, last states included, gives the lanes back and stops. */
  async stop(): Promise<void> {
    this.#endPartitions();
    this.#buffer.stopReading();
    this.#stopping.abort();
    await this.#loop;
    await this.#deps.store.release(this.#deps.owner, [...this.#owned.keys()]);
  }

  /** Steps every `COMMIT_EVERY_MS` until stopped, then once more; a failing store is tried again. */
  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#deps.clock.sleep(COMMIT_EVERY_MS, signal).catch(() => undefined);
      if (!signal.aborted) await this.#tryStep();
    }
    await this.#tryStep();
  }

  async #tryStep(): Promise<void> {
    try {
      await this.#step();
    } catch (error) {
      this.#count.failures.inc();
      this.#deps.logger.warn('recorder.commitFailed', { error });
      await this.#deps.clock.sleep(RETRY_PAUSE_MS, this.#stopping.signal).catch(() => undefined);
    }
  }

  async #step(): Promise<void> {
    const nowMs = this.#deps.clock.monotonicMs();
    const isStopping = this.#stopping.signal.aborted;
    if (this.missingLanes.length > 0 && !isStopping) await this.#acquireMissing();
    const flushLast =
      this.#hasNewStates && (isStopping || nowMs - this.#lastStateMs >= LAST_STATE_EVERY_MS);
    const buffered = this.#buffer.peek();
    if (buffered.length === 0 && !flushLast) return;
    await this.#commit(buffered, flushLast || isStopping);
    this.#buffer.drop(buffered);
    this.#lastCommitMs = nowMs;
    this.#hasNewStates = !flushLast && !isStopping;
    if (flushLast) this.#lastStateMs = nowMs;
  }

  async #acquireMissing(): Promise<void> {
    const { store, owner } = this.#deps;
    for (const { lane, epoch, committedSequence } of await store.acquire(
      owner,
      this.missingLanes,
    )) {
      this.#owned.set(lane, { epoch, committed: committedSequence });
      this.#buffer.open(lane, trustedId<LogSequence>(committedSequence + 1));
    }
  }

  async #commit(buffered: readonly BufferedRecord[], flushLast: boolean): Promise<void> {
    const lanes = this.#stretchesOf(buffered);
    const batches = buffered.filter(({ isBatch }) => isBatch).map(({ record }) => record);
    const outcome = await this.#deps.store.record({ lanes, batches, flushLast });
    this.#count.inserted.inc(outcome.inserted);
    this.#count.duplicates.inc(outcome.duplicates);
    const fenced = new Set(outcome.fencedLanes);
    for (const { lane, toSequence } of lanes) {
      const state = this.#owned.get(lane);
      if (state !== undefined && !fenced.has(lane)) state.committed = toSequence;
    }
    for (const lane of fenced) this.#lose(lane);
  }

  #lose(lane: Lane): void {
    this.#deps.logger.warn('recorder.fenced', { lane });
    this.#count.fenced.inc();
    this.#buffer.close(lane);
    this.#owned.delete(lane);
  }

  #stretchesOf(buffered: readonly BufferedRecord[]): LaneStretch[] {
    const newest = new Map<Lane, LogSequence>();
    for (const { record } of buffered) newest.set(record.lane, record.sequence);
    return [...newest].flatMap(([lane, toSequence]) => {
      const state = this.#owned.get(lane);
      if (state === undefined) return [];
      return [{ lane, epoch: state.epoch, fromSequence: state.committed, toSequence }];
    });
  }
}

function allLanes(log: Log): Lane[] {
  return Array.from({ length: log.lanes('positions') }, (_, lane) => trustedId<Lane>(lane));
}

function recorderCounters(
  metrics: Metrics,
): Record<'inserted' | 'duplicates' | 'fenced' | 'failures', CountedValue> {
  const of = (name: string, help: string): CountedValue =>
    metrics.counter(`followme_recorder_${name}_total`, help).of({});
  return {
    inserted: of('positions', 'Positions written'),
    duplicates: of('duplicates', 'Positions that were in the table already'),
    fenced: of('fenced_lanes', 'Lanes another owner had taken'),
    failures: of('commit_failures', 'Commits that failed and were tried again'),
  };
}
