/**
 * The recorder: log → positions table and last states. A consumer of its own behind the log, so a slow or
 * dead database never slows a device.
 *
 * Every lane is read from the offset committed with its rows; rows and offset move in one transaction, so
 * after any crash reading goes on exactly behind what is in the database, and what is read twice is
 * recognised by the fix identity. Which lanes are ours the keeper says: one that is handed over is committed with
 * its last states first, one that turns out to be somebody else's (fenced) is dropped with its rows.
 */
import { createLagMeter, type LagMeter, type Log } from '@followme/log';
import { type Lane, lanesOf, type LogSequence, trustedId } from '@followme/model';
import {
  createRandom,
  withDeadline,
  type CancelTimer,
  type Clock,
  type CountedValue,
  type Logger,
  type Metrics,
} from '@followme/platform';
import {
  createLaneKeeper,
  type LaneKeeper,
  type LaneLease,
  type LaneLeases,
  type LaneStretch,
  type RecorderStore,
} from '@followme/store';
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
/** How often the offsets are compared with the ends of the lanes, and how long that may take, ms. */
const LAG_LOOK_MS = 2_000;
const LAG_LIMIT_MS = 5_000;

export interface RecorderDeps {
  readonly log: Log;
  readonly store: RecorderStore;
  /** Of the consumer `recorder`. */
  readonly leases: LaneLeases;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lane rows. */
  readonly owner: string;
}

interface OwnedLane {
  readonly lease: LaneLease;
  committed: LogSequence;
}

/**
 * Idle until `start`. What touches the store takes turns, and so does what changes `#owned`, but for lanes that
 * are lost: those go at once.
 */
export class Recorder {
  readonly #deps: RecorderDeps;
  readonly #buffer: LaneBuffer;
  readonly #keeper: LaneKeeper;
  readonly #meter: LagMeter;
  readonly #owned = new Map<Lane, OwnedLane>();
  readonly #stopping = new AbortController();
  readonly #count: Readonly<
    Record<'inserted' | 'duplicates' | 'fenced' | 'failures', CountedValue>
  >;
  #turn: Promise<unknown> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();
  #endings: CancelTimer[] = [];
  #isLooking = false;
  /** By the last look at the ends of the lanes, ms. */
  #lagMs = 0;
  #lastStateMs: number;
  #lastCommitMs: number;
  #hasNewStates = false;

  constructor(deps: RecorderDeps) {
    const { log } = deps;
    this.#deps = deps;
    this.#buffer = new LaneBuffer(deps);
    this.#meter = createLagMeter({ ...deps, stream: 'positions' });
    this.#keeper = createLaneKeeper({
      ...deps,
      random: createRandom(deps.owner),
      signals: log,
      lanes: lanesOf(log.lanes('positions')),
      work: {
        begin: (leases) => this.#inTurn(() => this.#begin(leases)),
        finish: (leases) => this.#finish(leases),
        drop: (lease, why) => this.#drop(lease, why === 'fenced'),
      },
    });
    this.#count = recorderCounters(deps.metrics);
    this.#lastStateMs = deps.clock.monotonicMs();
    this.#lastCommitMs = this.#lastStateMs;
  }

  /** Records read but not yet committed. */
  get pending(): number {
    return this.#buffer.size;
  }

  /** How long the oldest uncommitted record may have been waiting, ms, also one that could not be read; 0: none waits. */
  get behindMs(): number {
    const waitsMs = this.pending === 0 ? 0 : this.#deps.clock.monotonicMs() - this.#lastCommitMs;
    return Math.max(waitsMs, this.#lagMs);
  }

  /** Lanes that are recorded here, ascending. */
  get lanes(): readonly Lane[] {
    return [...this.#owned.keys()].toSorted((a, b) => a - b);
  }

  /** How long there have been lanes that nobody records, ms. */
  get unownedForMs(): number {
    return this.#keeper.unownedForMs;
  }

  /** Makes partitions, takes the lanes that are free and begins. @throws when the store cannot be reached. */
  async start(): Promise<void> {
    const { store, clock, logger } = this.#deps;
    await store.ensurePartitions(clock.nowMs());
    await this.#keeper.start();
    const ensurePartitions = (): void => {
      store.ensurePartitions(clock.nowMs()).catch((error: unknown) => {
        // rows of a day without a partition go to the default one: nothing is lost, but it wants a look
        logger.error('recorder.partitionsFailed', { error });
      });
    };
    this.#endings = [
      clock.every(PARTITIONS_EVERY_MS, ensurePartitions),
      clock.every(LAG_LOOK_MS, () => void this.#lookAtLag()),
    ];
    this.#loop = this.#run();
  }

  /** Commits what was read, last states included, gives the lanes back and stops. */
  async stop(): Promise<void> {
    for (const end of this.#endings.splice(0)) end();
    this.#stopping.abort();
    await this.#loop;
    await this.#keeper.stop();
  }

  /** Steps every `COMMIT_EVERY_MS` until stopped; a failing store is tried again. */
  async #run(): Promise<void> {
    const { clock, logger } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await clock.sleep(COMMIT_EVERY_MS, signal).catch(() => undefined);
      if (signal.aborted) return;
      try {
        await this.#inTurn(() => this.#step());
      } catch (error) {
        this.#count.failures.inc();
        logger.warn('recorder.commitFailed', { error });
        await clock.sleep(RETRY_PAUSE_MS, signal).catch(() => undefined);
      }
    }
  }

  /** What cannot be read is not in the buffer: the ends of the lanes tell of it. */
  async #lookAtLag(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const { clock, logger } = this.#deps;
    const lanes = Array.from(this.#owned, ([lane, owned]) => ({
      lane,
      committedSequence: owned.committed,
      committedStoredTimeMs: null,
    }));
    try {
      const looking = this.#meter.measure(lanes);
      const lag = await withDeadline(clock, LAG_LIMIT_MS, 'the look at the lag', looking);
      this.#lagMs = lag.seconds * 1_000;
    } catch (error) {
      // a log that does not answer says so itself
      logger.debug('recorder.lagUnknown', { error });
    } finally {
      this.#isLooking = false;
    }
  }

  async #step(): Promise<void> {
    const nowMs = this.#deps.clock.monotonicMs();
    const flushLast = this.#hasNewStates && nowMs - this.#lastStateMs >= LAST_STATE_EVERY_MS;
    const buffered = this.#buffer.peek();
    if (buffered.length === 0) this.#lastCommitMs = nowMs;
    if (buffered.length === 0 && !flushLast) return;
    await this.#commit(buffered, { flushLast });
    this.#lastCommitMs = nowMs;
    this.#hasNewStates = !flushLast;
    if (flushLast) this.#lastStateMs = nowMs;
  }

  async #begin(leases: readonly LaneLease[]): Promise<void> {
    const begun = await this.#deps.store.begin(leases);
    for (const lease of leases) {
      if (!begun.includes(lease.lane)) this.#keeper.lose(lease, 'leaseLost');
      if (lease.signal.aborted) {
        this.#deps.store.forget([lease.lane]);
        continue;
      }
      this.#owned.set(lease.lane, { lease, committed: lease.committedSequence });
      this.#buffer.open(lease.lane, trustedId<LogSequence>(lease.committedSequence + 1));
    }
  }

  /** Reads no further; what was read is committed, with the last states, before anybody else reads on. */
  async #finish(leases: readonly LaneLease[]): Promise<void> {
    for (const { lane } of leases) this.#buffer.stopReading(lane);
    await this.#inTurn(async () => {
      const leaving = leases.filter((lease) => this.#isOurs(lease)).map(({ lane }) => lane);
      if (leaving.length === 0) return;
      const buffered = this.#buffer.peek().filter(({ record }) => leaving.includes(record.lane));
      await this.#commit(buffered, { flushLast: false, leaving });
      for (const lease of leases) this.#letGo(lease);
    });
  }

  async #commit(
    buffered: readonly BufferedRecord[],
    how: { readonly flushLast: boolean; readonly leaving?: readonly Lane[] },
  ): Promise<void> {
    const lanes = this.#stretchesOf(buffered);
    const batches = buffered.filter(({ isBatch }) => isBatch).map(({ record }) => record);
    const outcome = await this.#deps.store.record({ lanes, batches, ...how });
    this.#count.inserted.inc(outcome.inserted);
    this.#count.duplicates.inc(outcome.duplicates);
    const fenced = new Set(outcome.fencedLanes);
    for (const { lane, epoch, toSequence } of lanes) {
      if (fenced.has(lane)) {
        this.#keeper.lose({ lane, epoch }, 'fenced');
        continue;
      }
      const owned = this.#owned.get(lane);
      if (owned?.lease.epoch === epoch) owned.committed = toSequence;
    }
    this.#buffer.drop(buffered);
  }

  #drop(lease: LaneLease, isFenced: boolean): void {
    if (isFenced) this.#count.fenced.inc();
    this.#letGo(lease);
  }

  #letGo(lease: LaneLease): void {
    if (!this.#isOurs(lease)) return;
    this.#owned.delete(lease.lane);
    this.#buffer.close(lease.lane);
    this.#deps.store.forget([lease.lane]);
  }

  #isOurs({ lane, epoch }: LaneLease): boolean {
    return this.#owned.get(lane)?.lease.epoch === epoch;
  }

  #stretchesOf(buffered: readonly BufferedRecord[]): LaneStretch[] {
    const newest = new Map<Lane, LogSequence>();
    for (const { record } of buffered) newest.set(record.lane, record.sequence);
    return [...newest].flatMap(([lane, toSequence]) => {
      const owned = this.#owned.get(lane);
      if (owned === undefined) return [];
      return [{ lane, epoch: owned.lease.epoch, fromSequence: owned.committed, toSequence }];
    });
  }

  /** Runs `work` when all that was asked for before has ended. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }
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
