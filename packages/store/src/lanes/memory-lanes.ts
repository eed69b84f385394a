/**
 * The lanes of all consumers without a database, for simulations and tests: what `lane_progress`, `lane_lease` and
 * `lane_member` are in the database, under the same suite. Every adapter that commits in memory asks it for the
 * epoch, as every transaction asks the rows. Nothing survives the process.
 */
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import type { LaneSequences } from '../postgres/lane-progress/lane-sequences.ts';
import type { Consumer, LaneStretch, Ownership } from '../postgres/lane-progress/lanes.ts';
import type { HeldLane, LaneLeases, LeaseLook, OwnedLane } from './port.ts';

export interface MemoryLanesDeps {
  /** The clock of the leases; in a simulation that of the store, not that of a process. */
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly ownership: Ownership;
}

/** How far a consumer is in a lane, and under which epoch. */
export interface LaneProgress {
  readonly epoch: number;
  readonly committedSequence: LogSequence;
  readonly stateSequence: LogSequence;
}

export interface MemoryLanes {
  /** Ownership of one consumer's lanes. */
  leases(consumer: Consumer): LaneLeases;
  /** Undefined for a lane nobody ever took or began. */
  progress(consumer: Consumer, lane: Lane): LaneProgress | undefined;
  /** Says where a consumer begins in lanes it has never read. */
  begin(
    consumer: Consumer,
    places: readonly { readonly lane: Lane; readonly sequence: LogSequence }[],
  ): void;
  /** Moves offsets of lanes whose epoch and place are still those of the stretch; answers the lanes that moved. */
  advance(consumer: Consumer, stretches: readonly LaneStretch[]): ReadonlySet<Lane>;
  /** The last states of these lanes are written up to their offsets (recorder). */
  markStates(lanes: readonly HeldLane[]): void;
  /** Progress of all consumers. */
  sequences(): readonly LaneSequences[];
}

interface LaneRow {
  readonly consumer: Consumer;
  readonly lane: Lane;
  epoch: number;
  committedSequence: LogSequence;
  stateSequence: LogSequence;
  owner: string | null;
  leaseUntilMs: number;
}

const ZERO = trustedId<LogSequence>(0);

/** No lane was ever taken. */
export function createMemoryLanes(deps: MemoryLanesDeps): MemoryLanes {
  return new LaneTable(deps);
}

class LaneTable implements MemoryLanes {
  readonly #rows = new Map<string, LaneRow>();
  readonly #members = new Map<Consumer, Map<string, number>>();
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #ownership: Ownership;

  constructor(deps: MemoryLanesDeps) {
    this.#clock = deps.clock;
    this.#ownership = deps.ownership;
  }

  leases(consumer: Consumer): LaneLeases {
    return {
      consumer,
      ownership: this.#ownership,
      look: async (owner, lanes) => this.#look(consumer, owner, lanes),
      acquire: async (owner, lanes, most) => this.#acquire(consumer, owner, { lanes, most }),
      release: async (owner, lanes) => {
        for (const row of this.#held(consumer, owner, lanes)) row.owner = null;
      },
      leave: async (owner) => {
        this.#members.get(consumer)?.delete(owner);
        for (const row of this.#rows.values()) {
          if (row.consumer === consumer && row.owner === owner) row.owner = null;
        }
      },
    };
  }

  progress(consumer: Consumer, lane: Lane): LaneProgress | undefined {
    return this.#rows.get(`${consumer}/${lane}`);
  }

  begin(
    consumer: Consumer,
    places: readonly { readonly lane: Lane; readonly sequence: LogSequence }[],
  ): void {
    for (const { lane, sequence } of places) {
      if (this.progress(consumer, lane) !== undefined) continue;
      this.#make(consumer, lane).committedSequence = sequence;
    }
  }

  advance(consumer: Consumer, stretches: readonly LaneStretch[]): ReadonlySet<Lane> {
    const moved = stretches.filter(({ lane, epoch, fromSequence }) => {
      const row = this.progress(consumer, lane);
      return row?.epoch === epoch && row.committedSequence === fromSequence;
    });
    for (const { lane, toSequence } of moved) {
      this.#make(consumer, lane).committedSequence = toSequence;
    }
    return new Set(moved.map(({ lane }) => lane));
  }

  markStates(lanes: readonly HeldLane[]): void {
    for (const { lane, epoch } of lanes) {
      const row = this.#make('recorder', lane);
      if (row.epoch === epoch) row.stateSequence = row.committedSequence;
    }
  }

  sequences(): readonly LaneSequences[] {
    return [...this.#rows.values()].map((row) => ({
      consumer: row.consumer,
      lane: row.lane,
      committedSequence: row.committedSequence,
      stateSequence: row.stateSequence,
    }));
  }

  #look(
    consumer: Consumer,
    owner: string,
    { held, all }: { readonly held: readonly HeldLane[]; readonly all: readonly Lane[] },
  ): LeaseLook {
    const nowMs = this.#clock.monotonicMs();
    const members = this.#members.get(consumer) ?? new Map<string, number>();
    this.#members.set(consumer, members.set(owner, this.#leaseEndMs()));
    const kept = this.#held(consumer, owner, held);
    for (const row of kept) row.leaseUntilMs = this.#leaseEndMs();
    const ours = new Set(held.map(({ lane }) => lane));
    const waits = all
      .filter((lane) => !ours.has(lane))
      .map((lane) => this.#freeInMs(this.#rows.get(`${consumer}/${lane}`), owner));
    return {
      kept: kept.map(({ lane }) => lane),
      members: [...members.values()].filter((untilMs) => untilMs >= nowMs).length,
      free: waits.filter((ms) => ms === 0).length,
      nextFreeMs: waits.length === 0 ? null : Math.min(...waits),
    };
  }

  #acquire(
    consumer: Consumer,
    owner: string,
    { lanes, most }: { readonly lanes: readonly Lane[]; readonly most: number },
  ): readonly OwnedLane[] {
    const isSingle = this.#ownership.kind === 'single';
    return lanes
      .map((lane) => this.#make(consumer, lane))
      .filter((row) => isSingle || this.#freeInMs(row, owner) === 0)
      .slice(0, Math.max(0, most))
      .map((row) => {
        row.epoch += 1;
        row.owner = owner;
        row.leaseUntilMs = this.#leaseEndMs();
        return { lane: row.lane, epoch: row.epoch, committedSequence: row.committedSequence };
      });
  }

  #held(consumer: Consumer, owner: string, lanes: readonly HeldLane[]): readonly LaneRow[] {
    return lanes.flatMap(({ lane, epoch }) => {
      const row = this.#rows.get(`${consumer}/${lane}`);
      return row?.epoch === epoch && row.owner === owner ? [row] : [];
    });
  }

  #freeInMs(row: LaneRow | undefined, owner: string): number {
    if (row === undefined || row.owner === null || row.owner === owner) return 0;
    return Math.max(0, row.leaseUntilMs - this.#clock.monotonicMs());
  }

  #leaseEndMs(): number {
    return this.#ownership.kind === 'leased'
      ? this.#clock.monotonicMs() + this.#ownership.leaseMs
      : Infinity;
  }

  #make(consumer: Consumer, lane: Lane): LaneRow {
    const key = `${consumer}/${lane}`;
    const row = this.#rows.get(key) ?? {
      consumer,
      lane,
      epoch: 0,
      committedSequence: ZERO,
      stateSequence: ZERO,
      owner: null,
      leaseUntilMs: 0,
    };
    this.#rows.set(key, row);
    return row;
  }
}
