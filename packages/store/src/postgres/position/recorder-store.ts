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
import type { OwnedLane } from '../../lanes/port.ts';
import type { Store } from '../../port.ts';
import { acquireLanes } from '../lane-progress/acquire-lanes.ts';
import type { Ownership } from '../lane-progress/lanes.ts';
import { releaseLanes } from '../lane-progress/release-lanes.ts';
import { renewLanes } from '../lane-progress/renew-lanes.ts';
import { createBatchRecorder, type RecordInput, type RecordOutcome } from './batch-recorder.ts';
import { comingDays, DEFAULT_KEPT_DAYS } from './day-partitions.ts';
import { LaneMemory } from './lane-memory.ts';
import { loadKnownTrackers } from './load-known-trackers.ts';
import { repairLastStates } from './repair-last-states.ts';

export type { RecordInput, RecordOutcome } from './batch-recorder.ts';

/** One process' recorder. Calls of `record` must not overlap. */
export interface RecorderStore {
  /** Takes the lanes that are free and loads what is known of their trackers. */
  acquire(owner: string, lanes: readonly Lane[]): Promise<readonly OwnedLane[]>;
  /** Keeps lanes; those that do not come back are lost. */
  renew(owner: string): Promise<readonly Lane[]>;
  /** Writes their last states and gives the lanes back. */
  release(owner: string, lanes: readonly Lane[]): Promise<void>;
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
  readonly ownership: Ownership;
  readonly metrics: Metrics;
  /** For what day it is: days too far away get no partitions of their own. */
  readonly clock: Clock;
  /** Days of positions that are kept, 400 unless told: older ones get no partition of their own. */
  readonly keptDays?: number;
}

/** Makes the recorder's store. It holds nothing until `acquire`. */
export function createRecorderStore(deps: RecorderStoreDeps): RecorderStore {
  const { store, clock, ownership } = deps;
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

  const held = (lanes: Iterable<Lane>): { lane: Lane; epoch: number }[] =>
    [...lanes].flatMap((lane) => {
      const memory = memories.get(lane);
      return memory === undefined ? [] : [{ lane, epoch: memory.epoch }];
    });

  return {
    async acquire(owner, lanes) {
      const { owned, known } = await store.asSystem(async (system) => {
        const owned = await acquireLanes(system, 'recorder', { owner, lanes, ownership });
        const taken = owned.map((l) => l.lane);
        await repairLastStates(system, taken);
        return { owned, known: await loadKnownTrackers(system, taken) };
      });
      for (const { lane, epoch } of owned) memories.set(lane, new LaneMemory(epoch));
      for (const { lane, trackerId, fixTimeMs, receivedTimeMs } of known) {
        memories.get(lane)?.learn(trackerId, fixTimeMs, receivedTimeMs);
      }
      return owned;
    },
    async renew(owner) {
      const lanes = held(memories.keys());
      const request = { owner, lanes, ownership };
      const kept = await store.asSystem((system) => renewLanes(system, 'recorder', request));
      for (const { lane } of lanes) if (!kept.includes(lane)) memories.delete(lane);
      return kept;
    },
    async release(owner, lanes) {
      await record({ lanes: [], batches: [], flushLast: true });
      const given = held(lanes);
      await store.asSystem((system) => releaseLanes(system, 'recorder', { owner, lanes: given }));
      for (const { lane } of given) memories.delete(lane);
    },
    record,
    ensurePartitions: (nowMs) => recorder.ensureDays(comingDays(nowMs)),
  };
}
