/** The recorder's tables in memory: every fix once, the last state of each tracker, and how far they reach. */
import {
  positionOfRow,
  RowCursor,
  type Lane,
  type LogSequence,
  type Position,
  type TrackerId,
} from '@followme/model';
import type { LastStates, MemoryLanes } from '@followme/store';
import { identityOf } from './fleet.ts';

/** A row as the table holds it. */
interface StoredFix {
  readonly lane: Lane;
  readonly position: Position;
}

const isNewer = (a: Position, b: Position | undefined): boolean =>
  b === undefined ||
  a.fixTimeMs > b.fixTimeMs ||
  (a.fixTimeMs === b.fixTimeMs && a.receivedTimeMs > b.receivedTimeMs);

/** Rows and last states. */
export class PositionsTable {
  readonly #lanes: MemoryLanes;
  readonly #fixes = new Map<string, StoredFix>();
  readonly #last = new Map<TrackerId, StoredFix>();

  constructor(lanes: MemoryLanes) {
    this.#lanes = lanes;
  }

  /** Identities of all rows. */
  get identities(): readonly string[] {
    return [...this.#fixes.keys()];
  }

  /** Writes the rows of a batch that are not there yet; answers how many those were, and how many it holds. */
  insert(lane: Lane, payload: Uint8Array): { readonly inserted: number; readonly rows: number } {
    const row = new RowCursor();
    row.open(payload);
    let inserted = 0;
    while (row.next()) {
      const identity = identityOf(row.buffer, row.offset);
      if (this.#fixes.has(identity)) continue;
      this.#fixes.set(identity, { lane, position: positionOfRow(row) });
      inserted += 1;
    }
    return { inserted, rows: row.count };
  }

  /** Writes a last state, unless a newer one stands there. */
  setLast(lane: Lane, position: Position): void {
    if (!isNewer(position, this.#last.get(position.trackerId)?.position)) return;
    this.#last.set(position.trackerId, { lane, position });
  }

  /** Last states of trackers of these lanes. */
  lastOf(lanes: readonly Lane[]): readonly StoredFix[] {
    return [...this.#last.values()].filter(({ lane }) => lanes.includes(lane));
  }

  /** After an owner died between two writes of last states: each tracker takes its newest row. */
  repair(lanes: readonly Lane[]): readonly Lane[] {
    const behind = lanes.filter((lane) => {
      const progress = this.#lanes.progress('recorder', lane);
      return progress !== undefined && progress.stateSequence < progress.committedSequence;
    });
    for (const { lane, position } of this.#fixes.values()) {
      // a tracker has a last state from its first row on
      if (behind.includes(lane) && this.#last.has(position.trackerId)) this.setLast(lane, position);
    }
    return behind;
  }

  /** As `loadLastStates` of the store answers. */
  lastStates(): LastStates {
    const sequences = this.#lanes.sequences().filter(({ consumer }) => consumer === 'recorder');
    return {
      states: Array.from(this.#last.values(), ({ position }) => position),
      stateSequences: new Map<Lane, LogSequence>(
        sequences.map(({ lane, stateSequence }) => [lane, stateSequence]),
      ),
    };
  }
}
