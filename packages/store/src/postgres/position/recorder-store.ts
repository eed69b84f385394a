/**
 * The recorder's way into the database: batches of position rows, their offsets and the last states, in
 * one transaction each.
 *
 * - A row newer than all recorded of its tracker goes by binary COPY straight into its day's partition
 *   (`record.bench.ts`: 6–8 µs of the server a row, 11 with attributes and last states; INSERT …
 *   ON CONFLICT alone costs some 5 more). Everything else, and a COPY that met a duplicate, goes
 *   through a temporary table and ON CONFLICT DO NOTHING.
 * - What is known of trackers is kept in memory for as long as their lane is held. It only steers which
 *   way a row takes and collects the last states: it may be wrong without harm to what is stored.
 * - Last states are written when `flushLast` says so, each tracker at most once, together with the
 *   sequence they stand for (`state_seq`); the first fix of a tracker is written at once, so that a crash
 *   can be made good from the positions (see `repair-last-states.ts`).
 */
import type { Lane } from '@followme/model';
import type { Clock, Metrics } from '@followme/platform';
import type { HeldLane } from '../../lanes/port.ts';
import type { Store } from '../../port.ts';
import { holdLanes } from '../lane-progress/hold-lanes.ts';
import { createBatchRecorder, type RecordInput, type RecordOutcome } from './batch-recorder.ts';
import { comingDays, DEFAULT_KEPT_DAYS } from './day-partitions.ts';
import { LaneMemory } from './lane-memory.ts';
import { loadKnownTrackers } from './load-known-trackers.ts';
import { repairLastStates } from './repair-last-states.ts';

export type { RecordInput, RecordOutcome } from './batch-recorder.ts';

/** One process' recorder. Calls of `record` must not overlap. */
export interface RecorderStore {
  /**
   * Loads what is known of the trackers of lanes that were just taken, and makes good what a former owner who died
   * left undone. Answers the lanes it holds from now on: those that are still their taker's.
   */
  begin(lanes: readonly HeldLane[]): Promise<readonly Lane[]>;
  /** The lanes are not held any more: given back, or another's. */
  forget(lanes: readonly Lane[]): void;
  /**
   * Records batches, all of a lane or nothing of it.
   * @throws when the database fails: nothing was written, or all was and the answer was lost. Call again
   * with the same input; a lane that then comes back fenced has to be acquired anew.
   */
  record(input: RecordInput): Promise<RecordOutcome>;
  /** Makes the partitions of today and the days ahead. Call at start and once an hour. */
  ensurePartitions(nowMs: number): Promise<void>;
}

export interface RecorderStoreDeps {
  readonly store: Store;
  readonly metrics: Metrics;
  /** For what day it is: days too far away get no partitions of their own. */
  readonly clock: Clock;
  /** Days of positions that are kept, 400 unless told: older ones get no partition of their own. */
  readonly keptDays?: number;
}

/** Makes the recorder's store. It holds nothing until `begin`. */
export function createRecorderStore(deps: RecorderStoreDeps): RecorderStore {
  const { store, clock } = deps;
  const fallbacks = deps.metrics.counter(
    'followme_recorder_copy_fallbacks_total',
    'Batches whose COPY met a duplicate or a refused value and went the slow way',
  );
  const memories = new Map<Lane, LaneMemory>();
  const recorder = createBatchRecorder({
    store,
    clock,
    memories,
    fallbacks: fallbacks.of({}),
    keptDays: deps.keptDays ?? DEFAULT_KEPT_DAYS,
  });
  let recording = false;

  async function record(input: RecordInput): Promise<RecordOutcome> {
    if (recording) throw new Error('Calls of record overlap');
    const stretched = new Set(input.lanes.map(({ lane }) => lane));
    for (const { lane } of [...input.lanes, ...input.batches]) {
      if (!memories.has(lane)) throw new Error(`Lane ${lane} is not held by this recorder`);
      if (!stretched.has(lane)) throw new Error(`A batch of lane ${lane} came without its stretch`);
    }
    recording = true;
    try {
      return await recorder.record(input);
    } finally {
      recording = false;
    }
  }

  return {
    async begin(lanes) {
      const { held, known } = await store.asSystem(async (system) => {
        const held = await holdLanes(system, 'recorder', lanes);
        await repairLastStates(system, held);
        return { held, known: await loadKnownTrackers(system, held) };
      });
      for (const { lane, epoch } of lanes) {
        if (held.includes(lane)) memories.set(lane, new LaneMemory(epoch));
      }
      for (const { lane, trackerId, fixTimeMs, receivedTimeMs } of known) {
        memories.get(lane)?.learn(trackerId, fixTimeMs, receivedTimeMs);
      }
      return held;
    },
    forget(lanes) {
      for (const lane of lanes) memories.delete(lane);
    },
    record,
    ensurePartitions: (nowMs) => recorder.ensureDays(comingDays(nowMs)),
  };
}
