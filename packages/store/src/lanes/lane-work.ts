/** What lies between the keeper of lanes and a consumer that works in them. */
import type { LaneLoss } from './keeper-metrics.ts';
import type { OwnedLane } from './port.ts';

/** A lane that was taken. */
export interface LaneLease extends OwnedLane {
  /** Aborts when the lane is not ours any more, thrown away or given back: nothing may be done for it after that. */
  readonly signal: AbortSignal;
}

/** What the keeper asks of a consumer. */
export interface LaneWork {
  /**
   * Begins to work in lanes that were just taken. Rejects when none of them could be begun; for one of several
   * the consumer calls `lose`. A lane whose signal aborts meanwhile must not be begun.
   */
  begin(lanes: readonly LaneLease[]): Promise<void>;
  /**
   * Ends the work in lanes: reads no further, commits what is done, sends what follows from it. When it resolves
   * the lanes are given back; when it rejects, or takes too long, they are dropped and given back as they are.
   */
  finish(lanes: readonly LaneLease[]): Promise<void>;
  /** The lane is gone: its work is thrown away, at once. */
  drop(lane: LaneLease, why: LaneLoss): void;
}

/** The part of the log that ownership needs. */
export interface LaneSignals {
  /** How long the log has not been heard of, ms. */
  silentForMs(): number;
  broadcast(subject: string, payload: Uint8Array): void;
  subscribe(subject: string, hear: (payload: Uint8Array) => void): () => void;
}
