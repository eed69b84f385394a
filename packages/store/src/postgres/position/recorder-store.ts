/**
 * The recorder's way into the database: batches of position rows, their offsets and the last states, in
 * one transaction each.
 *
 * - A row newer than all recorded of its tracker goes by binary COPY straight into its day's partition
 *   (3–3.5 µs a row; INSERT … ON CONFLICT costs 10). Everything else, and a COPY that met a duplicate, goes
 *   through a temporary table and ON CONFLICT DO NOTHING.
 * - What is known of trackers is kept in memory for as long as their lane is held. It only steers which
 *   way a row takes and collects the last states: it may be wrong without harm to what is stored.
 * - Last states are written when `flushLast` says so, each tracker at most once, together with the
 *   sequence they stand for (`state_seq`); the first fix of a tracker is written at once, so that a crash
 *   can be made good from the positions (see `repair-last-states.ts`).
 */
import type { Lane } from '@followme/model';
import type { Clock, Metrics } from '@followme/platform';
import type { ClientBase } from 'pg';
import type { OwnedLane } from '../../geofence-state/port.ts';
import type { Store } from '../../port.ts';
import { acquireLanes } from '../lane-progress/acquire-lanes.ts';
import { advanceLanes } from '../lane-progress/advance-lanes.ts';
import type { LaneStretch, Ownership } from '../lane-progress/lanes.ts';
import { releaseLanes } from '../lane-progress/release-lanes.ts';
import { renewLanes } from '../lane-progress/renew-lanes.ts';
import { createBatchEncoder, type EncodedBatches } from './batch-encoder.ts';
import { CopyRows } from './copy-rows.ts';
import { comingDays, dayOf, ensureDayPartitions } from './day-partitions.ts';
import { LaneMemory } from './lane-memory.ts';
import { loadKnownTrackers } from './load-known-trackers.ts';
import { repairLastStates } from './repair-last-states.ts';
import {
  copyIntoPartitions,
  insertThroughStage,
  markStatesWritten,
  writeLastStates,
} from './write-rows.ts';

/** What to record in one transaction. */
export interface RecordInput {
  /** One stretch a lane. */
  readonly lanes: readonly LaneStretch[];
  /** Position batches of those lanes, in the order of the log; a batch of another lane is an error. */
  readonly batches: readonly { readonly lane: Lane; readonly payload: Uint8Array }[];
  /** Write the last states collected so far too: about once a second, and at the end. */
  readonly flushLast: boolean;
}

/** What became of it. */
export interface RecordOutcome {
  readonly inserted: number;
  /** Rows that were there already, by tracker, fix time and content. */
  readonly duplicates: number;
  /** Lanes somebody else owns or whose offset moved: nothing of them was written. Drop them at once. */
  readonly fencedLanes: readonly Lane[];
}

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
  /** For what day it is (days too far away get no partitions of their own) and for deadlines. */
  readonly clock: Clock;
}

/** Errors of COPY after which the rows go the slow way: they, not the connection, are at fault. */
function isRowsFault(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const missingPartition = '42P01';
  // 22: values the server refuses; 23: a duplicate, or a day whose partition has other bounds
  return code.startsWith('22') || code.startsWith('23') || code === missingPartition;
}

/** Makes the recorder's store. It holds nothing until `acquire`. */
export function createRecorderStore(deps: RecorderStoreDeps): RecorderStore {
  const { store, clock, ownership, metrics } = deps;
  const memories = new Map<Lane, LaneMemory>();
  const partitions = new Set<number>();
  const encoder = createBatchEncoder();
  const lastRows = new CopyRows();
  let recording = false;
  const fallbacks = metrics
    .counter(
      'followme_recorder_copy_fallbacks_total',
      'Batches whose COPY met a duplicate or a refused value and went the slow way',
    )
    .of({});

  async function ensureDays(days: Iterable<number>): Promise<void> {
    const missing = [...days].filter((day) => !partitions.has(day));
    await ensureDayPartitions(store, missing);
    for (const day of missing) partitions.add(day);
  }

  /** The rows of the batches whose lane is in `lanes`; answers how many are new. */
  async function writeRows(
    client: ClientBase,
    encoded: EncodedBatches,
    carefully: () => CopyRows,
  ): Promise<number> {
    const connection = { clock, client };
    if (encoded.fastCount === 0) return insertThroughStage(connection, encoded.slow);
    await client.query('savepoint before_copy');
    try {
      const copied = await copyIntoPartitions(connection, encoded.days);
      return copied + (await insertThroughStage(connection, encoded.slow));
    } catch (error) {
      if (!isRowsFault(error)) throw error;
      fallbacks.inc();
      partitions.clear();
      await client.query('rollback to savepoint before_copy');
      return insertThroughStage(connection, carefully());
    }
  }

  async function writeLast(client: ClientBase, which: 'all' | 'new'): Promise<void> {
    lastRows.reset();
    for (const [lane, memory] of memories) {
      if (which === 'all' || memory.newTrackers > 0) memory.collect(lastRows, lane, which);
    }
    await writeLastStates({ clock, client }, lastRows);
    if (which === 'new') return;
    const held = [...memories].map(([lane, { epoch }]) => ({ lane, epoch }));
    await markStatesWritten({ clock, client }, held);
  }

  async function record(input: RecordInput): Promise<RecordOutcome> {
    const which = input.flushLast ? 'all' : 'new';
    const encoded = encoder.encode(input.batches, memories, dayOf(clock.nowMs()));
    await ensureDays(encoded.neededDays);
    const outcome = await store.asSystem(async ({ client }) => {
      const moved = await advanceLanes(client, 'recorder', input.lanes);
      const fencedLanes = input.lanes.map((l) => l.lane).filter((lane) => !moved.has(lane));
      for (const lane of fencedLanes) memories.delete(lane);
      const ours = input.batches.filter((batch) => moved.has(batch.lane));
      const carefully = (): CopyRows => encoder.encodeCarefully(ours);
      const inserted =
        fencedLanes.length === 0
          ? await writeRows(client, encoded, carefully)
          : await insertThroughStage({ clock, client }, carefully());
      await writeLast(client, which);
      const rows = fencedLanes.length === 0 ? encoded.count : encoder.careful.count;
      return { inserted, duplicates: rows - inserted, fencedLanes };
    });
    for (const memory of memories.values()) memory.written(which);
    return outcome;
  }

  async function recordAlone(input: RecordInput): Promise<RecordOutcome> {
    if (recording) throw new Error('Calls of record overlap');
    for (const { lane } of [...input.lanes, ...input.batches]) {
      if (!memories.has(lane)) throw new Error(`Lane ${lane} is not held by this recorder`);
    }
    recording = true;
    try {
      return await record(input);
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
      const kept = await store.asSystem((system) =>
        renewLanes(system, 'recorder', { owner, lanes, ownership }),
      );
      for (const { lane } of lanes) if (!kept.includes(lane)) memories.delete(lane);
      return kept;
    },
    async release(owner, lanes) {
      await recordAlone({ lanes: [], batches: [], flushLast: true });
      const given = held(lanes);
      await store.asSystem((system) => releaseLanes(system, 'recorder', { owner, lanes: given }));
      for (const { lane } of given) memories.delete(lane);
    },
    record: recordAlone,
    ensurePartitions: (nowMs) => ensureDays(comingDays(nowMs)),
  };
}
