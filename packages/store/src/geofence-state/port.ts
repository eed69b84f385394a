/**
 * All that the geofence operator knows of the database. Narrow on purpose: with the in-memory adapter the
 * operator runs in a simulation, with the SQL adapter in production, and one suite holds both to the same.
 *
 * The rule that keeps events exact: `commit` moves the offset, the tracker states and the new events
 * together or not at all, and only for the epoch that owns the lane. Who owns it is for the leases to say
 * (`lanes/port.ts`).
 */
import type {
  Fence,
  FenceEvent,
  FenceId,
  GroupId,
  Lane,
  LogSequence,
  TenantId,
  TrackerId,
} from '@followme/model';
import type { OwnedLane } from '../lanes/port.ts';

/** What the operator remembers of one tracker. The row lives as long as the tracker. */
export interface TrackerFenceState {
  readonly tenantId: TenantId;
  readonly trackerId: TrackerId;
  /** Events of this tracker so far; the next one gets this + 1. */
  readonly eventSeq: number;
  /** Time of the newest fix judged: an older fix is late and changes nothing. */
  readonly lastFixTimeMs: number;
  /** Place of that fix, degrees × 10⁷, to judge again when fences change. */
  readonly lonE7: number;
  readonly latE7: number;
  /** Fences it is inside of, ascending. */
  readonly inside: readonly FenceId[];
}

/** The state of a lane at its committed sequence. */
export interface LoadedLane extends OwnedLane {
  /** The fences version each tenant was at; a tenant not in it is at version 0 (no fences). */
  readonly fencesVersions: ReadonlyMap<TenantId, number>;
  readonly states: readonly TrackerFenceState[];
}

/** What became of a stretch of one lane's log. */
export interface LaneCommit {
  readonly lane: Lane;
  readonly epoch: number;
  /** The committed sequence this builds on; the commit is refused when the store has another. */
  readonly fromSequence: LogSequence;
  readonly toSequence: LogSequence;
  /** Every tracker judged in the stretch, in its state at the end of it. */
  readonly states: readonly TrackerFenceState[];
  /** Trackers among `states` whose membership or event count changed. */
  readonly changed: ReadonlySet<TrackerId>;
  readonly fencesVersions: readonly { readonly tenantId: TenantId; readonly version: number }[];
  /** In order; ids are primary keys. */
  readonly events: readonly FenceEvent[];
}

/** `fenced`: another epoch owns the lane or the offset moved; nothing of this lane was written. */
export type LaneCommitOutcome = 'committed' | 'fenced';

export interface GeofenceStatePort {
  /** Offset, states and fence versions of an owned lane, from one snapshot. */
  load(lane: Lane): Promise<LoadedLane>;
  /** Commits several lanes in one transaction; one outcome per commit, in order. */
  commit(commits: readonly LaneCommit[]): Promise<readonly LaneCommitOutcome[]>;
  /** Committed events of these lanes that may not have left yet, by tracker and eventSeq ascending. */
  unsent(lanes: readonly Lane[], limit: number): Promise<readonly FenceEvent[]>;
  /** These events are in the events stream. */
  markSent(eventIds: readonly string[]): Promise<void>;
}

/** The fences of a tenant at a version. */
export interface VersionFences {
  readonly fences: readonly Fence[];
  /** The trackers of the groups that fences name, as they are at the time of reading. */
  readonly groupTrackers: ReadonlyMap<GroupId, ReadonlySet<TrackerId>>;
}

/** Where the operator gets fences from; versions stay until every lane has passed them. */
export interface FenceSource {
  /** All fences of a tenant as they are at `version`, and whom they are for. */
  fencesAt(tenantId: TenantId, version: number): Promise<VersionFences>;
}
