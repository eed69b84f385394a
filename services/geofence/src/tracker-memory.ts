import type { JudgedTracker } from '@followme/geo';
import type { FenceId, TenantId, TrackerId } from '@followme/model';
import type { TrackerFenceState } from '@followme/store';

/**
 * One tracker in memory: changed in place by the judge of its lane and by nobody else. `inside` is never
 * changed, only replaced, so a snapshot may share it.
 */
export class TrackerMemory implements JudgedTracker {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  eventSeq: number;
  lastFixTimeMs: number;
  lonE7: number;
  latE7: number;
  inside: readonly FenceId[];
  /** Judged since the last commit was taken. */
  isTouched = false;
  /** Memberships or number of events changed since then. */
  isChanged = false;

  constructor(state: TrackerFenceState) {
    this.tenantId = state.tenantId;
    this.trackerId = state.trackerId;
    this.eventSeq = state.eventSeq;
    this.lastFixTimeMs = state.lastFixTimeMs;
    this.lonE7 = state.lonE7;
    this.latE7 = state.latE7;
    this.inside = state.inside;
  }

  /** As it is now, for the store. */
  snapshot(): TrackerFenceState {
    const { tenantId, trackerId, eventSeq, lastFixTimeMs, lonE7, latE7, inside } = this;
    return { tenantId, trackerId, eventSeq, lastFixTimeMs, lonE7, latE7, inside };
  }
}
