/** Sorts the rows of batches by the way they take into the database, as COPY bytes. */
import { RowCursor, ROW, type Lane } from '@followme/model';
import { CopyRows, storableTimeMs } from './copy-rows.ts';
import { dayOf, mayHavePartition } from './day-partitions.ts';
import type { LaneMemory } from './lane-memory.ts';

/** A positions batch as it lies in the log. */
interface LaneBatch {
  readonly lane: Lane;
  readonly payload: Uint8Array;
}

/** Rows ready to send; valid until the next `encode`. */
export interface EncodedBatches {
  /** All rows. */
  readonly count: number;
  /** Rows for the partitions of their days. */
  readonly fastCount: number;
  readonly days: ReadonlyMap<number, CopyRows>;
  /** Rows that may be there already or whose day has no partition. */
  readonly slow: CopyRows;
  /** Days in `days` or `slow` that should have a partition. */
  readonly neededDays: ReadonlySet<number>;
}

export interface BatchEncoder {
  /** Chooses each row's way by what is known of its tracker, and notes it there. */
  encode(
    batches: readonly LaneBatch[],
    memories: ReadonlyMap<Lane, LaneMemory>,
    today: number,
  ): EncodedBatches;
  /** All rows the slow way, their attributes looked at. */
  encodeCarefully(batches: readonly LaneBatch[]): CopyRows;
  /** What `encodeCarefully` made last. */
  readonly careful: CopyRows;
}

/** Most day buffers kept for the next batches; a back-fill of months must not keep months of buffers. */
const MAX_DAY_BUFFERS = 4;

/** Makes an encoder; its buffers are used again and again. Older days than `keptDays` get no partition. */
export function createBatchEncoder(keptDays: number): BatchEncoder {
  const cursor = new RowCursor();
  const days = new Map<number, CopyRows>();
  const spare: CopyRows[] = [];
  const slow = new CopyRows();
  const careful = new CopyRows();

  function reset(): void {
    for (const rows of days.values()) if (spare.length < MAX_DAY_BUFFERS) spare.push(rows);
    days.clear();
    slow.reset();
  }

  function rowsOf(day: number): CopyRows {
    let rows = days.get(day);
    if (rows === undefined) {
      rows = spare.pop() ?? new CopyRows();
      rows.reset();
      days.set(day, rows);
    }
    return rows;
  }

  return {
    careful,
    encode(batches, memories, today) {
      reset();
      let fastCount = 0;
      const neededDays = new Set<number>();
      for (const { lane, payload } of batches) {
        const memory = memories.get(lane);
        if (memory === undefined) throw new Error(`Lane ${lane} is not held by this recorder`);
        cursor.open(payload);
        while (cursor.next()) {
          const { buffer, offset } = cursor;
          const day = dayOf(storableTimeMs(buffer.readDoubleLE(offset + ROW.fixTimeMs)));
          const isNewer = memory.see(buffer, offset);
          const hasPartition = mayHavePartition(day, today, keptDays);
          if (hasPartition) neededDays.add(day);
          if (isNewer && hasPartition) {
            rowsOf(day).add(buffer, offset);
            fastCount += 1;
          } else {
            slow.add(buffer, offset);
          }
        }
      }
      return { count: fastCount + slow.count, fastCount, days, slow, neededDays };
    },
    encodeCarefully(batches) {
      careful.reset();
      for (const { payload } of batches) {
        cursor.open(payload);
        while (cursor.next()) careful.addCarefully(cursor.buffer, cursor.offset);
      }
      return careful;
    },
  };
}
