import type { Lane } from '@followme/model';
import type {
  Consumer,
  HeldLane,
  LaneLeases,
  LaneStretch,
  MemoryLanes,
  OwnedLane,
} from '@followme/store';
import type { Engine } from './engine.ts';
import type { SimulatedProcess } from './process.ts';

interface Known {
  epoch: number;
  committed: number;
  /** Who took it last and did not give it back. */
  owner: string | null;
}

/**
 * Watches what is given out and what is written, and trusts no store: a lane is changed only by the epoch that
 * was given out last, and goes on where it stood.
 */
export class LaneAudit {
  readonly #violate: (what: string) => void;
  readonly #lanes = new Map<string, Known>();

  constructor(violate: (what: string) => void) {
    this.#violate = violate;
  }

  /** These lanes were taken. */
  taken(consumer: Consumer, owner: string, owned: readonly OwnedLane[]): void {
    for (const { lane, epoch, committedSequence } of owned) {
      const known = this.#of(consumer, lane);
      if (epoch <= known.epoch) {
        this.#violate(`${consumer} ${lane} was given out under ${epoch} after ${known.epoch}`);
      }
      if (committedSequence !== known.committed) {
        this.#violate(
          `${consumer} ${lane} was given out at ${committedSequence}, it stood at ${known.committed}`,
        );
      }
      known.epoch = epoch;
      known.owner = owner;
    }
  }

  /** These lanes were to be given back; those of older epochs are somebody else's. */
  released(consumer: Consumer, owner: string, lanes: readonly HeldLane[]): void {
    for (const { lane, epoch } of lanes) {
      const known = this.#of(consumer, lane);
      if (known.epoch === epoch && known.owner === owner) known.owner = null;
    }
  }

  /** Somebody left: what the store gives out from now on as free was given back. */
  left(consumer: Consumer, owner: string, lanes: MemoryLanes): void {
    for (const { lane, consumer: of } of lanes.sequences()) {
      const known = this.#of(consumer, lane);
      if (of === consumer && known.owner === owner) known.owner = null;
    }
  }

  /** These stretches were written. */
  written(consumer: Consumer, stretches: readonly LaneStretch[]): void {
    for (const { lane, epoch, fromSequence, toSequence } of stretches) {
      const known = this.#of(consumer, lane);
      if (epoch !== known.epoch) {
        this.#violate(
          `${consumer} ${lane} was changed by epoch ${epoch}, it belongs to ${known.epoch}`,
        );
      }
      if (fromSequence !== known.committed || toSequence < fromSequence) {
        this.#violate(
          `${consumer} ${lane} went from ${fromSequence} to ${toSequence}, it stood at ${known.committed}`,
        );
      }
      known.committed = toSequence;
    }
  }

  /** How far a consumer has come. */
  committed(consumer: Consumer, lane: Lane): number {
    return this.#of(consumer, lane).committed;
  }
  /** Under how many epochs a lane was given out. */
  epochs(consumer: Consumer, lane: Lane): number {
    return this.#of(consumer, lane).epoch;
  }
  /** Who has a lane, as far as the store knows. */
  owner(consumer: Consumer, lane: Lane): string | null {
    return this.#of(consumer, lane).owner;
  }

  #of(consumer: Consumer, lane: Lane): Known {
    const name = `${consumer}/${lane}`;
    const known = this.#lanes.get(name) ?? { epoch: 0, committed: 0, owner: null };
    this.#lanes.set(name, known);
    return known;
  }
}

/** The tables that every consumer's store shares. */
export interface LaneTables {
  readonly lanes: MemoryLanes;
  readonly audit: LaneAudit;
}

/** Leases of a consumer as a process has them. */
export function connectLeases(
  { process, storeEngine }: { readonly process: SimulatedProcess; readonly storeEngine: Engine },
  { lanes, audit }: LaneTables,
  consumer: Consumer,
): LaneLeases {
  const leases = lanes.leases(consumer);
  const call = <T>(what: string, effect: () => Promise<T>): Promise<T> =>
    storeEngine.call(process, `${consumer} ${what}`, effect);
  return {
    consumer,
    ownership: leases.ownership,
    look: (owner, which) => call('look', () => leases.look(owner, which)),
    acquire: (owner, wanted, most) =>
      call('acquire', async () => {
        const owned = await leases.acquire(owner, wanted, most);
        audit.taken(consumer, owner, owned);
        return owned;
      }),
    release: (owner, held) =>
      call('release', async () => {
        await leases.release(owner, held);
        audit.released(consumer, owner, held);
      }),
    leave: (owner) =>
      call('leave', async () => {
        await leases.leave(owner);
        audit.left(consumer, owner, lanes);
      }),
  };
}
