/**
 * The last state of one tracker in memory: plain fields, about 300 B, no object per report. Its position
 * fields are written by `LiveHub` only, its coalescing fields by the coalescer only.
 */
import { encodeLocationData } from '@followme/contracts';
import { FLAG, ROW, UNKNOWN_U8, type RowCursor } from '@followme/model';
import type { GroupId, TenantId, TrackerId } from '@followme/model';
import type { Coalesced } from './coalesce.ts';
import type { LiveSession } from './session.ts';

const KMH_PER_MPS = 3.6;

/** A position as the live path keeps it; NaN or null is unknown. */
export interface LiveFix {
  readonly fixTimeMs: number;
  readonly receivedTimeMs: number;
  readonly lonE7: number;
  readonly latE7: number;
  readonly speedMps: number;
  readonly headingDeg: number;
  readonly altitudeM: number;
  readonly batteryPct: number | null;
  readonly charging: boolean | null;
  readonly satellitesInUse: number | null;
  /** The device had a fix; else the place is its last. */
  readonly valid: boolean;
  readonly accuracyM: number;
}

export class TrackerState implements Coalesced {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** False while only the log knows it, or when it was retired: nobody sees it. */
  isRegistered = false;
  name = '';
  groupIds: readonly GroupId[] = [];
  /** Sessions that see it through a group; those that see the whole tenant are kept with the tenant. */
  groupViewers: Set<LiveSession> | null = null;

  /** −Infinity until the first report. */
  fixTimeMs = Number.NEGATIVE_INFINITY;
  receivedTimeMs = Number.NEGATIVE_INFINITY;
  lonE7 = 0;
  latE7 = 0;
  speedMps = Number.NaN;
  headingDeg = Number.NaN;
  altitudeM = Number.NaN;
  batteryPct: number | null = null;
  charging: boolean | null = null;
  satellitesInUse: number | null = null;
  valid = false;
  accuracyM = Number.NaN;

  sentAtMs = Number.NEGATIVE_INFINITY;
  isWaiting = false;

  constructor(tenantId: TenantId, trackerId: TrackerId) {
    this.tenantId = tenantId;
    this.trackerId = trackerId;
  }

  /**
   * Whether a fix is newer: by its own time, of two of the same second the one received later. The recorder
   * decides alike, so what is seen live is what a process that starts finds in the store.
   */
  isOlderThan(fix: { readonly fixTimeMs: number; readonly receivedTimeMs: number }): boolean {
    const { fixTimeMs } = fix;
    if (fixTimeMs !== this.fixTimeMs) return fixTimeMs > this.fixTimeMs;
    return fix.receivedTimeMs > this.receivedTimeMs;
  }

  /** Takes over what a row says; the caller has seen that it is newer. */
  takeRow(row: RowCursor): void {
    const { buffer, offset, flags } = row;
    const batteryPct = buffer[offset + ROW.batteryPct] ?? UNKNOWN_U8;
    const satellites = buffer[offset + ROW.satellitesInUse] ?? UNKNOWN_U8;
    this.fixTimeMs = row.fixTimeMs;
    this.receivedTimeMs = row.receivedTimeMs;
    this.lonE7 = row.lonE7;
    this.latE7 = row.latE7;
    this.speedMps = row.speedMps;
    this.headingDeg = row.headingDeg;
    this.altitudeM = row.altitudeM;
    this.batteryPct = batteryPct === UNKNOWN_U8 ? null : batteryPct;
    this.charging = (flags & FLAG.chargingKnown) === 0 ? null : (flags & FLAG.charging) !== 0;
    this.satellitesInUse = satellites === UNKNOWN_U8 ? null : satellites;
    this.valid = (flags & FLAG.valid) !== 0;
    this.accuracyM = row.accuracyM;
  }

  /** Whether it was ever heard of. */
  get hasFix(): boolean {
    return this.fixTimeMs !== Number.NEGATIVE_INFINITY;
  }
}

const rounded = (value: number, digits: number): number | null => {
  if (Number.isNaN(value)) return null;
  const factor = 10 ** digits;
  return Math.round(value * factor) / factor;
};

/** The state as the captured protocol writes it, with the groups that the reader may know of. */
export function encodeTrackerState(state: TrackerState, groups: readonly GroupId[]): string {
  return encodeLocationData({
    speed: rounded(state.speedMps * KMH_PER_MPS, 2),
    location: {
      longitude: state.lonE7 / 1e7,
      latitude: state.latE7 / 1e7,
      altitude: rounded(state.altitudeM, 1),
    },
    timestamp: new Date(state.fixTimeMs).toISOString(),
    charging: state.charging,
    tracker: state.trackerId,
    groups: [...groups],
    batteryLevel: state.batteryPct,
    heading: rounded(state.headingDeg, 1),
    // devices tell how many satellites they use; how many they see, none of our families does
    sattelites: { inUse: state.satellitesInUse, inView: null },
    name: state.name,
    valid: state.valid,
    accuracy: rounded(state.accuracyM, 1),
  });
}
