/**
 * Who owns the lanes of one consumer. Leases are for liveness only: they say who reads a lane, so that two do not
 * do the same work and a dead process is missed soon. What makes commits exact is the epoch, which grows whenever
 * a lane is taken: a commit that names an older one does nothing, whoever believes to own what.
 */
import type { Lane, LogSequence } from '@followme/model';
import type { Consumer, Ownership } from '../postgres/lane-progress/lanes.ts';

/** A lane that somebody took, by the epoch it was taken under. */
export interface HeldLane {
  readonly lane: Lane;
  /** Grows with every change of owner; a commit with an older one is refused. */
  readonly epoch: number;
}

/** A lane as its new owner finds it. */
export interface OwnedLane extends HeldLane {
  /** Last log sequence whose effect is committed; reading goes on behind it. 0 at first. */
  readonly committedSequence: LogSequence;
}

/** What a member learns when it says that it lives. */
export interface LeaseLook {
  /** Of the lanes it holds those that are still its own, for another length of a lease. */
  readonly kept: readonly Lane[];
  /** Living members of the consumer, the asker included. */
  readonly members: number;
  /** Lanes it does not hold and could take now. */
  readonly free: number;
  /** In how many ms the next one runs out, 0 when one is free, null when it holds all there are. */
  readonly nextFreeMs: number | null;
}

/** Ownership of the lanes of one consumer. `owner` names a process, never used again by another. */
export interface LaneLeases {
  readonly consumer: Consumer;
  readonly ownership: Ownership;
  /**
   * Says that `owner` lives and renews what it holds; `lanes` are all it may take. Only for leases that run out:
   * an only process need not be looked for.
   */
  look(
    owner: string,
    lanes: { readonly held: readonly HeldLane[]; readonly all: readonly Lane[] },
  ): Promise<LeaseLook>;
  /**
   * Takes at most `most` of these lanes, in this order, as far as they are free: never owned, given back, run out,
   * or ours by name (a process that asks again has forgotten what it held). Each comes with a new epoch. An only
   * process takes what it asks for.
   */
  acquire(owner: string, lanes: readonly Lane[], most: number): Promise<readonly OwnedLane[]>;
  /** Gives lanes back, as far as they are still the owner's: the next one need not wait. */
  release(owner: string, lanes: readonly HeldLane[]): Promise<void>;
  /**
   * The owner takes no more lanes and holds none, also none that it took without hearing of it: the others need not
   * wait until it is missed.
   */
  leave(owner: string): Promise<void>;
}
