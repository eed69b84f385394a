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
import type { Lane, LogSequence } from '@followme/model';
import type { Metrics } from '@followme/platform';
import type { OwnedLane } from '../../geofence-state/port.ts';
import type { Store } from '../../port.ts';
import type { Ownership } from '../lane-progress/lanes.ts';

/** A stretch of a lane's log that was read. */
export interface LaneStretch {
  readonly lane: Lane;
  readonly epoch: number;
  /** The committed sequence this builds on; the lane is fenced when the store has another. */
  readonly fromSequence: LogSequence;
  readonly toSequence: LogSequence;
}

/** What to record in one transaction. */
export interface RecordInput {
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
  /** For what day it is: days too far away are not given partitions of their own. */
  readonly clock: { nowMs(): number };
}
