/**
 * One lane this process owns: its trackers, the fences in force in it, and what was judged but is not
 * committed yet.
 *
 * Who changes what: the judge changes trackers, tenants and the pending part, always for a whole record
 * without waiting in between; the committer takes the pending part between records and moves
 * `committedSequence`. `stopReading` ends the judge's part; what is judged may still be committed, unless the lane
 * is lost (its lease's signal): then it is thrown away, never used again.
 */
import type { FenceEvent, Lane, LogSequence, TenantId, TrackerId } from '@followme/model';
import type { LaneCommit, LaneLease, LoadedLane } from '@followme/store';
import type { LogRecord } from '@followme/log';
import type { FenceSet } from './fence-sets.ts';
import type { JudgeSink } from './judge-tracker.ts';
import type { OperatorMetrics } from './operator-metrics.ts';
import { TrackerMemory } from './tracker-memory.ts';

/** A tenant in one lane. */
export interface LaneTenant {
  /** The fences version in force in this lane. */
  version: number;
  /** Its fences; null until the first fix needs them. */
  set: FenceSet | null;
}

export class OperatedLane implements JudgeSink {
  readonly lane: Lane;
  readonly epoch: number;
  readonly lease: LaneLease;
  readonly trackers = new Map<TrackerId, TrackerMemory>();
  readonly tenants = new Map<TenantId, LaneTenant>();
  readonly #metrics: OperatorMetrics;
  readonly #stopped = new AbortController();
  /** All up to here is committed; moved by the committer. */
  committedSequence: LogSequence;
  /** When the log took the last committed record; null before the first commit. */
  committedStoredTimeMs: number | null = null;
  /** All up to here is judged. */
  judgedSequence: LogSequence;
  #judgedStoredTimeMs = 0;
  #touched: TrackerMemory[] = [];
  #events: FenceEvent[] = [];
  readonly #versions = new Map<TenantId, number>();
  #pendingRecords = 0;
  #takenRecords = 0;

  constructor(
    loaded: LoadedLane,
    { lease, metrics }: { readonly lease: LaneLease; readonly metrics: OperatorMetrics },
  ) {
    this.lease = lease;
    this.lane = loaded.lane;
    this.epoch = loaded.epoch;
    this.committedSequence = loaded.committedSequence;
    this.judgedSequence = loaded.committedSequence;
    this.#metrics = metrics;
    for (const state of loaded.states) this.trackers.set(state.trackerId, new TrackerMemory(state));
    for (const [tenantId, version] of loaded.fencesVersions) {
      this.tenants.set(tenantId, { version, set: null });
    }
  }

  /** Aborts when the lane is not to be read any more. */
  get signal(): AbortSignal {
    return this.#stopped.signal;
  }
  /** Reads no further. */
  stopReading(): void {
    this.#stopped.abort();
  }
  /** Somebody else's by now: nothing may be committed or sent. */
  get isLost(): boolean {
    return this.lease.signal.aborted;
  }
  /** All that was judged is in the store, or does not matter any more. */
  get isSettled(): boolean {
    return this.isLost || this.uncommittedRecords === 0;
  }

  /** The tenant in this lane; at version 0 when no control record came by. */
  tenant(tenantId: TenantId): LaneTenant {
    const known = this.tenants.get(tenantId);
    if (known !== undefined) return known;
    const fresh: LaneTenant = { version: 0, set: null };
    this.tenants.set(tenantId, fresh);
    return fresh;
  }

  ignored(why: 'late' | 'invalid' | 'otherTenant'): void {
    this.#metrics.ignoredFix(why);
  }
  touched(tracker: TrackerMemory): void {
    if (tracker.isTouched) return;
    tracker.isTouched = true;
    this.#touched.push(tracker);
  }
  happened(event: FenceEvent, tracker: TrackerMemory): void {
    tracker.isChanged = true;
    this.#events.push(event);
  }

  /** The tenant's fences are those of `set` from here on. */
  switchFences(tenant: LaneTenant, set: FenceSet): void {
    tenant.version = set.version;
    tenant.set = set;
    this.#versions.set(set.tenantId, set.version);
  }

  /** The record is judged (or skipped) as a whole. */
  finishRecord(record: LogRecord): void {
    this.judgedSequence = record.sequence;
    this.#judgedStoredTimeMs = record.storedTimeMs;
    this.#pendingRecords += 1;
  }

  /** Records that wait for a commit to be taken. */
  get pendingRecords(): number {
    return this.#pendingRecords;
  }
  get pendingEvents(): number {
    return this.#events.length;
  }
  /** Records judged and not committed, those of a commit under way included. */
  get uncommittedRecords(): number {
    return this.#pendingRecords + this.#takenRecords;
  }

  /** Whether a stretch was taken that the store has not confirmed: it may be lost, or in the store. */
  get isCommitUnderWay(): boolean {
    return this.#takenRecords > 0;
  }

  /**
   * What is to be committed, as it stands now; it counts as under way until `settle`. Asks for records that
   * wait, and for no stretch under way: two would build on the same place.
   */
  take(): TakenCommit {
    if (this.#pendingRecords === 0) throw new Error(`Lane ${this.lane} has nothing to commit`);
    if (this.isCommitUnderWay) throw new Error(`A commit of lane ${this.lane} is under way`);
    const touched = this.#touched;
    const commit: LaneCommit = {
      lane: this.lane,
      epoch: this.epoch,
      fromSequence: this.committedSequence,
      toSequence: this.judgedSequence,
      states: touched.map((tracker) => tracker.snapshot()),
      changed: new Set(touched.filter((t) => t.isChanged).map((t) => t.trackerId)),
      fencesVersions: Array.from(this.#versions, ([tenantId, version]) => ({ tenantId, version })),
      events: this.#events,
    };
    for (const tracker of touched) {
      tracker.isTouched = false;
      tracker.isChanged = false;
    }
    this.#touched = [];
    this.#events = [];
    this.#versions.clear();
    this.#takenRecords = this.#pendingRecords;
    this.#pendingRecords = 0;
    return { operated: this, commit, storedTimeMs: this.#judgedStoredTimeMs };
  }

  /** The commit is in the store. */
  settle(taken: TakenCommit): void {
    this.committedSequence = taken.commit.toSequence;
    this.committedStoredTimeMs = taken.storedTimeMs;
    this.#takenRecords = 0;
  }
}

/** A commit taken from a lane. At most one per lane is under way. */
export interface TakenCommit {
  readonly operated: OperatedLane;
  readonly commit: LaneCommit;
  /** When the log took its last record. */
  readonly storedTimeMs: number;
}
