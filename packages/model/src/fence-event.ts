import type { FenceId, TenantId, TrackerId } from './ids.ts';

/** What a fence can say about a tracker. */
export type FenceEventKind = 'enter' | 'exit';

/** Why an event happened: a fix decided it, or somebody changed the fence under a standing tracker. */
export type FenceEventReason = 'fix' | 'fenceCreated' | 'fenceUpdated' | 'fenceDeleted';

/**
 * One crossing. Its id is uuidv5(tracker, eventSeq): a replay after a crash makes the same id again, and
 * whoever consumes events inserts by it.
 */
export interface FenceEvent {
  readonly eventId: string;
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  readonly fenceId: FenceId;
  readonly fenceName: string;
  /** The tenant's fences version by which it was judged. */
  readonly fencesVersion: number;
  readonly kind: FenceEventKind;
  readonly reason: FenceEventReason;
  /** Counts the tracker's events from 1, without gaps. */
  readonly eventSeq: number;
  /** The first fix ever seen of the tracker lay inside. */
  readonly initial: boolean;
  /** Time of the fix that decided it, ms since 1970 UTC. */
  readonly fixTimeMs: number;
  readonly receivedTimeMs: number;
  readonly lon: number;
  readonly lat: number;
}
