/**
 * The recorder: log → positions table and last states. A consumer of its own behind the log, so a slow or
 * dead database never slows a device.
 *
 * Every lane is read from the offset committed with its rows; rows and offset move in one transaction, so
 * after any crash reading goes on exactly behind what is in the database, and what is read twice is
 * recognised by the fix identity. A lane another process took over is fenced: its rows are dropped here and
 * the lane is asked for again.
 */
import type { Log, LogRecord } from '@followme/log';
import { recordKindOf, trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock, Logger, Metrics } from '@followme/platform';
import type { RecorderStore } from '@followme/store';
import { createLaneBuffer } from './lane-buffer.ts';

/** How long rows gather before they are written, ms: long enough for large COPYs, short for the trail. */
const COMMIT_EVERY_MS = 200;
/** How often the last states are written, ms. */
const LAST_STATE_EVERY_MS = 1_000;
const RETRY_PAUSE_MS = 500;
/** How often the partitions of the days ahead are looked after, ms. */
const PARTITIONS_EVERY_MS = 3_600_000;

export interface Recorder {
  /** Records read but not yet committed. */
  readonly pending: number;
  /** Commits what was read, last states included, and stops. */
  stop(): Promise<void>;
}

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

/** Takes all lanes and starts. @throws when the store cannot be reached. */
export async function startRecorder(deps: RecorderDeps): Promise<Recorder> {
  const buffer = createLaneBuffer(deps.log);
  const owned = new Map<Lane, OwnedLane>();
  const stopping = new AbortController();
  const count = recorderCounters(deps.metrics);
  let lastStateMs = deps.clock.monotonicMs();
  let lastStatesDirty = false;

  const acquire = async (lanes: readonly Lane[]): Promise<void> => {
    for (const { lane, epoch, committedSequence } of await deps.store.acquire(deps.owner, lanes)) {
      owned.set(lane, { epoch, committed: committedSequence });
      buffer.open(lane, trustedId<LogSequence>(committedSequence + 1));
    }
  };

  const commit = async (records: readonly LogRecord[], flushLast: boolean): Promise<void> => {
    const stretches = stretchesOf(records, owned);
    const outcome = await deps.store.record({
      lanes: stretches,
      batches: records.filter((record) => recordKindOf(record.payload) === 'positions'),
      flushLast,
    });
    count.inserted.inc(outcome.inserted);
    count.duplicates.inc(outcome.duplicates);
    const fenced = new Set(outcome.fencedLanes);
    for (const { lane, toSequence } of stretches) {
      const state = owned.get(lane);
      if (state !== undefined && !fenced.has(lane)) state.committed = toSequence;
    }
    if (fenced.size > 0) await takeAgain([...fenced]);
  };

  const takeAgain = async (lanes: readonly Lane[]): Promise<void> => {
    deps.logger.warn('recorder.fenced', { lanes });
    count.fenced.inc(lanes.length);
    for (const lane of lanes) {
      buffer.close(lane);
      owned.delete(lane);
    }
    await acquire(lanes);
  };

  const step = async (): Promise<void> => {
    const nowMs = deps.clock.monotonicMs();
    const isLastStateDue = lastStatesDirty && nowMs - lastStateMs >= LAST_STATE_EVERY_MS;
    const flushLast = isLastStateDue || stopping.signal.aborted;
    const records = buffer.peek();
    if (records.length === 0 && !(flushLast && lastStatesDirty)) return;
    await commit(records, flushLast);
    buffer.drop(records);
    lastStatesDirty = !flushLast;
    if (flushLast) lastStateMs = nowMs;
  };

  const ensurePartitions = (): Promise<void> => deps.store.ensurePartitions(deps.clock.nowMs());
  await ensurePartitions();
  await acquire(allLanes(deps.log));
  const endPartitions = deps.clock.every(PARTITIONS_EVERY_MS, () => {
    ensurePartitions().catch((error: unknown) => {
      // rows of a day without a partition go to the default one: nothing is lost, but it wants a look
      deps.logger.error('recorder.partitionsFailed', { error });
    });
  });
  const loop = runLoop(deps, stopping.signal, step, count.failures);
  return {
    get pending() {
      return buffer.size;
    },
    async stop() {
      endPartitions();
      buffer.stopReading();
      stopping.abort();
      await loop;
      await deps.store.release(deps.owner, [...owned.keys()]);
    },
  };
}

/** Steps every `COMMIT_EVERY_MS` until stopped, then once more; a failing store is tried again. */
async function runLoop(
  deps: RecorderDeps,
  signal: AbortSignal,
  step: () => Promise<void>,
  failures: { inc(): void },
): Promise<void> {
  const tryStep = async (): Promise<void> => {
    try {
      await step();
    } catch (error) {
      failures.inc();
      deps.logger.warn('recorder.commitFailed', { error });
      await deps.clock.sleep(RETRY_PAUSE_MS, signal).catch(() => undefined);
    }
  };
  while (!signal.aborted) {
    await deps.clock.sleep(COMMIT_EVERY_MS, signal).catch(() => undefined);
    if (!signal.aborted) await tryStep();
  }
  await tryStep();
}

function allLanes(log: Log): Lane[] {
  return Array.from({ length: log.lanes('positions') }, (_, lane) => trustedId<Lane>(lane));
}

function stretchesOf(
  records: readonly LogRecord[],
  owned: ReadonlyMap<Lane, OwnedLane>,
): { lane: Lane; epoch: number; fromSequence: LogSequence; toSequence: LogSequence }[] {
  const newest = new Map<Lane, LogSequence>();
  for (const { lane, sequence } of records) newest.set(lane, sequence);
  return [...newest].flatMap(([lane, toSequence]) => {
    const state = owned.get(lane);
    if (state === undefined) return [];
    return [{ lane, epoch: state.epoch, fromSequence: state.committed, toSequence }];
  });
}

function recorderCounters(
  metrics: Metrics,
): Record<'inserted' | 'duplicates' | 'fenced' | 'failures', { inc(by?: number): void }> {
  const of = (name: string, help: string): { inc(by?: number): void } =>
    metrics.counter(`followme_recorder_${name}_total`, help).of({});
  return {
    inserted: of('positions', 'Positions written'),
    duplicates: of('duplicates', 'Positions that were in the table already'),
    fenced: of('fenced_lanes', 'Lanes another owner had taken'),
    failures: of('commit_failures', 'Commits that failed and were tried again'),
  };
}
