/** One recording: batches into rows, offsets and last states, in one transaction. See `recorder-store.ts`. */
import type { Lane } from '@followme/model';
import type { Clock, CountedValue } from '@followme/platform';
import type { ClientBase } from 'pg';
import type { Store } from '../../port.ts';
import { advanceLanes } from '../lane-progress/advance-lanes.ts';
import type { LaneStretch } from '../lane-progress/lanes.ts';
import { createBatchEncoder, type EncodedBatches } from './batch-encoder.ts';
import type { CopyRows } from './copy-rows.ts';
import { dayOf, ensureDayPartitions } from './day-partitions.ts';
import type { LaneMemory } from './lane-memory.ts';
import { createLastStateWriter } from './last-state-writer.ts';
import { isRowsFault } from './rows-fault.ts';
import { copyIntoPartitions, insertThroughStage } from './write-rows.ts';

/** What to record in one transaction. */
export interface RecordInput {
  /** One stretch a lane. */
  readonly lanes: readonly LaneStretch[];
  /** Position batches of those lanes, in the order of the log; a batch of another lane is an error. */
  readonly batches: readonly { readonly lane: Lane; readonly payload: Uint8Array }[];
  /** Write the last states collected so far too: every few seconds, and at the end. */
  readonly flushLast: boolean;
  /** Lanes that are given back after this: their last states are written whatever `flushLast` says. */
  readonly leaving?: readonly Lane[];
}

/** What became of it. */
export interface RecordOutcome {
  readonly inserted: number;
  /** Rows that were there already, by tracker, fix time and content. */
  readonly duplicates: number;
  /** Lanes somebody else owns or whose offset moved: nothing of them was written. Drop them at once. */
  readonly fencedLanes: readonly Lane[];
}

export interface BatchRecorder {
  /** Records batches of lanes that are in memory; fenced ones leave it. */
  record(input: RecordInput): Promise<RecordOutcome>;
  /** Makes the partitions of these days, those it knows to be there excepted. */
  ensureDays(days: Iterable<number>): Promise<void>;
}

/**
 * Commits need not wait for the disk: rows and offset are lost together or not at all, and what is lost is
 * still in the log, which is trimmed hours behind the offsets.
 */
const OPENING = 'set local synchronous_commit to off; savepoint before_copy';

/** Makes a recorder over the memory of the lanes that are held. `fallbacks` counts slow batches. */
export function createBatchRecorder(deps: {
  readonly store: Store;
  readonly clock: Clock;
  readonly fallbacks: CountedValue;
  readonly memories: Map<Lane, LaneMemory>;
  /** Days of positions that are kept. */
  readonly keptDays: number;
}): BatchRecorder {
  const { store, clock, fallbacks, memories } = deps;
  const partitions = new Set<number>();
  const encoder = createBatchEncoder(deps.keptDays);
  const lastStates = createLastStateWriter({ memories, fallbacks });

  async function ensureDays(days: Iterable<number>): Promise<void> {
    const missing = [...days].filter((day) => !partitions.has(day));
    await ensureDayPartitions(store, missing);
    for (const day of missing) partitions.add(day);
  }

  /** Answers how many rows were new. */
  async function writeRows(
    client: ClientBase,
    encoded: EncodedBatches,
    carefully: () => CopyRows,
  ): Promise<number> {
    await client.query(OPENING);
    try {
      const copied = await copyIntoPartitions(client, encoded.days);
      return copied + (await insertThroughStage(client, encoded.slow));
    } catch (error) {
      if (!isRowsFault(error)) throw error;
      fallbacks.inc();
      partitions.clear();
      await client.query('rollback to savepoint before_copy');
      return insertThroughStage(client, carefully());
    }
  }

  async function record(input: RecordInput): Promise<RecordOutcome> {
    const leaving = new Set(input.leaving);
    const whichOf = (lane: Lane): 'all' | 'new' =>
      input.flushLast || leaving.has(lane) ? 'all' : 'new';
    const encoded = encoder.encode(input.batches, memories, dayOf(clock.nowMs()));
    await ensureDays(encoded.neededDays);
    // may run twice or fail at its end: what it says of lanes counts only when it has committed
    const outcome = await store.asSystem(async ({ client }) => {
      const moved = await advanceLanes(client, 'recorder', input.lanes);
      const fencedLanes = input.lanes.map((l) => l.lane).filter((lane) => !moved.has(lane));
      const ours = input.batches.filter((batch) => moved.has(batch.lane));
      const carefully = (): CopyRows => encoder.encodeCarefully(ours);
      const inserted =
        fencedLanes.length === 0
          ? await writeRows(client, encoded, carefully)
          : await insertThroughStage(client, carefully());
      await lastStates.write(client, whichOf, new Set(fencedLanes));
      const rows = fencedLanes.length === 0 ? encoded.count : encoder.careful.count;
      return { inserted, duplicates: rows - inserted, fencedLanes };
    });
    for (const lane of outcome.fencedLanes) memories.delete(lane);
    for (const [lane, memory] of memories) memory.written(whichOf(lane));
    return outcome;
  }

  return { record, ensureDays };
}
