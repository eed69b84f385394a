import {
  trustedId,
  type Lane,
  type LogSequence,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import type { Clock } from '@followme/platform';
import type { Ownership } from '../postgres/lane-progress/lanes.ts';
import type { OwnedLane } from '../lanes/port.ts';
import type { TrackerFenceState } from './port.ts';

export interface MemoryGeofenceStateDeps {
  /** Tells when leases run out. */
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly ownership: Ownership;
}

/** What is kept of one lane. */
export interface MemoryLane {
  epoch: number;
  owner: string | null;
  leaseUntilMs: number;
  committedSequence: LogSequence;
  readonly fencesVersions: Map<TenantId, number>;
  readonly states: Map<TrackerId, TrackerFenceState>;
}

/** The lanes of the in-memory adapter and who owns them: `lane-progress/*.ts` without a database. */
export class MemoryLanes {
  readonly #lanes = new Map<Lane, MemoryLane>();
  readonly #clock: Pick<Clock, 'monotonicMs'>;
  readonly #ownership: Ownership;

  constructor(deps: MemoryGeofenceStateDeps) {
    this.#clock = deps.clock;
    this.#ownership = deps.ownership;
  }

  find(lane: Lane): MemoryLane | undefined {
    return this.#lanes.get(lane);
  }

  acquire(owner: string, wanted: readonly Lane[]): readonly OwnedLane[] {
    const free = wanted.filter((lane) => this.#isFree(this.#make(lane), owner));
    return free.map((lane) => {
      const row = this.#make(lane);
      row.epoch += 1;
      row.owner = owner;
      row.leaseUntilMs = this.#leaseEndMs();
      return { lane, epoch: row.epoch, committedSequence: row.committedSequence };
    });
  }

  renew(owner: string, owned: readonly OwnedLane[]): readonly Lane[] {
    return this.#held(owner, owned).map(([lane, row]) => {
      row.leaseUntilMs = this.#leaseEndMs();
      return lane;
    });
  }

  release(owner: string, owned: readonly OwnedLane[]): void {
    for (const [, row] of this.#held(owner, owned)) row.owner = null;
  }

  #held(owner: string, owned: readonly OwnedLane[]): readonly (readonly [Lane, MemoryLane])[] {
    return owned.flatMap(({ lane, epoch }) => {
      const row = this.#lanes.get(lane);
      return row?.epoch === epoch && row.owner === owner ? [[lane, row] as const] : [];
    });
  }

  #leaseEndMs(): number {
    return this.#ownership.kind === 'leased'
      ? this.#clock.monotonicMs() + this.#ownership.leaseMs
      : Infinity;
  }

  #isFree(row: MemoryLane, owner: string): boolean {
    return (
      this.#ownership.kind === 'single' ||
      row.owner === null ||
      row.owner === owner ||
      row.leaseUntilMs < this.#clock.monotonicMs()
    );
  }

  #make(lane: Lane): MemoryLane {
    const row = this.#lanes.get(lane) ?? {
      epoch: 0,
      owner: null,
      leaseUntilMs: 0,
      committedSequence: trustedId<LogSequence>(0),
      fencesVersions: new Map<TenantId, number>(),
      states: new Map<TrackerId, TrackerFenceState>(),
    };
    this.#lanes.set(lane, row);
    return row;
  }
}
