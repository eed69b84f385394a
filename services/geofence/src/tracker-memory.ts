import { judgedTimeMs, SafePlace, type Fix, type JudgedTracker } from '@followme/geo';
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
  /** Where it need not be asked about. */
  readonly safePlace = new SafePlace();
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

  /** Its newest fix is this one. */
  moveTo(fix: Fix & { readonly lonE7: number; readonly latE7: number }): void {
    this.lastFixTimeMs = judgedTimeMs(fix);
    this.lonE7 = fix.lonE7;
    this.latE7 = fix.latE7;
  }

  /** As it is now, for the store. */
  snapshot(): TrackerFenceState {
    const { tenantId, trackerId, eventSeq, lastFixTimeMs, lonE7, latE7, inside } = this;
    return { tenantId, trackerId, eventSeq, lastFixTimeMs, lonE7, latE7, inside };
  }
}
