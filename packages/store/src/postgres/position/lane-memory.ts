/**
 * What the recorder knows of the trackers of one lane while it holds it: the newest fix it has seen, to
 * choose the way of the next row, and the last states not yet written.
 */
import { ROW } from '@followme/model';

/** A tracker as the lane remembers it; one object per tracker, changed in place. */
interface KnownTracker {
  fixTimeMs: number;
  receivedTimeMs: number;
  /** The batch that holds its newest row and where; null when that row is written to `tracker_last`. */
  row: Buffer | null;
  offset: number;
  /** It has no row in `tracker_last` yet. */
  isNew: boolean;
}

export class LaneMemory {
  readonly epoch: number;
  /** Trackers without a last state so far; it is written with their first row. */
  newTrackers = 0;
  readonly #known = new Map<number, KnownTracker>();
  readonly #unwritten = new Set<KnownTracker>();

  constructor(epoch: number) {
    this.epoch = epoch;
  }

  /** Takes over what `tracker_last` says of a tracker. */
  learn(trackerId: number, fixTimeMs: number, receivedTimeMs: number): void {
    this.#known.set(trackerId, { fixTimeMs, receivedTimeMs, row: null, offset: 0, isNew: false });
  }

  /** Notes a row; true when it is newer than all of its tracker. */
  see(row: Buffer, offset: number): boolean {
    const trackerId = row.readUInt32LE(offset + ROW.trackerId);
    const fixTimeMs = row.readDoubleLE(offset + ROW.fixTimeMs);
    const receivedTimeMs = row.readDoubleLE(offset + ROW.receivedTimeMs);
    let known = this.#known.get(trackerId);
    if (known === undefined) {
      known = { fixTimeMs: -Infinity, receivedTimeMs: 0, row: null, offset: 0, isNew: true };
      this.#known.set(trackerId, known);
      this.newTrackers += 1;
    }
    const isNewer = fixTimeMs > known.fixTimeMs;
    const replaces =
      isNewer || (fixTimeMs === known.fixTimeMs && receivedTimeMs > known.receivedTimeMs);
    if (replaces) {
      known.fixTimeMs = fixTimeMs;
      known.receivedTimeMs = receivedTimeMs;
      known.row = row;
      known.offset = offset;
      this.#unwritten.add(known);
    }
    return isNewer;
  }

  /** The last states not yet written: all, or only those of new trackers. */
  *unwritten(which: 'all' | 'new'): Iterable<{ readonly row: Buffer; readonly offset: number }> {
    for (const known of this.#unwritten) {
      if (known.row === null || (which === 'new' && !known.isNew)) continue;
      yield { row: known.row, offset: known.offset };
    }
  }

  /** What `unwritten` answered is committed. */
  written(which: 'all' | 'new'): void {
    if (which === 'new' && this.newTrackers === 0) return;
    for (const known of this.#unwritten) {
      if (which === 'new' && !known.isNew) continue;
      known.row = null;
      known.isNew = false;
      this.#unwritten.delete(known);
    }
    this.newTrackers = 0;
  }
}
