import type { Lane } from '@followme/model';
import type { Consumer, LaneStretch, OwnedLane } from '@followme/store';

interface Known {
  epoch: number;
  committed: number;
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
  taken(consumer: Consumer, owned: readonly OwnedLane[]): void {
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

  #of(consumer: Consumer, lane: Lane): Known {
    const name = `${consumer}/${lane}`;
    const known = this.#lanes.get(name) ?? { epoch: 0, committed: 0 };
    this.#lanes.set(name, known);
    return known;
  }
}
