/**
 * Stage "judge": one log record, applied to its lane as a whole. Everything that must be waited for (the
 * fences of the tenants in it) is fetched before the first fix is judged, so a commit never sees half a
 * record, and a record that fails has changed nothing.
 */
import { FenceMatches } from '@followme/geo';
import type { LogRecord } from '@followme/log';
import { decodeFencesChanged, recordKindOf, RowCursor, type TenantId } from '@followme/model';
import type { FenceSet, FenceSets } from './fence-sets.ts';
import { judgeFenceChange, judgePlacedFix } from './judge-tracker.ts';
import type { LaneTenant, OperatedLane } from './operated-lane.ts';
import type { OperatorMetrics } from './operator-metrics.ts';
import { RowFix } from './row-fix.ts';

/** Judges the records of one lane, one after another; holds the working space of it. */
export class RecordJudge {
  readonly #lane: OperatedLane;
  readonly #sets: FenceSets;
  readonly #metrics: OperatorMetrics;
  readonly #cursor = new RowCursor();
  readonly #fix = new RowFix(this.#cursor);
  readonly #found = new FenceMatches();

  constructor(lane: OperatedLane, deps: { sets: FenceSets; metrics: OperatorMetrics }) {
    this.#lane = lane;
    this.#sets = deps.sets;
    this.#metrics = deps.metrics;
  }

  /**
   * Judges the record.
   * @throws FencesUnavailable when fences it needs cannot be read, RangeError or Error when the record is
   * damaged. The lane is unchanged then.
   */
  async judge(record: LogRecord): Promise<void> {
    const kind = recordKindOf(record.payload);
    if (kind === 'positions') await this.#judgePositions(record.payload);
    else if (kind === 'fencesChanged') await this.#changeFences(record);
    else this.#metrics.unknownRecords.inc();
  }

  /** Gives the fences back that the lane held; it is not used after it. */
  close(): void {
    for (const tenant of this.#lane.tenants.values()) {
      if (tenant.set !== null) this.#sets.give(tenant.set);
      tenant.set = null;
    }
  }

  async #judgePositions(payload: Uint8Array): Promise<void> {
    this.#cursor.open(payload);
    for (const tenantId of this.#tenantsWithoutFences()) {
      await this.#fencesOf(tenantId, this.#lane.tenant(tenantId));
    }
    this.#cursor.open(payload);
    this.#metrics.fixes.inc(this.#cursor.count);
    while (this.#cursor.next()) this.#judgeRow();
  }

  /** Walks over the whole batch, so that a damaged one is found out before anything changed. */
  #tenantsWithoutFences(): ReadonlySet<TenantId> {
    const missing = new Set<TenantId>();
    let last = 0;
    while (this.#cursor.next()) {
      const { tenantId } = this.#cursor;
      if (tenantId === last) continue;
      last = tenantId;
      if (this.#lane.tenant(tenantId).set === null) missing.add(tenantId);
    }
    return missing;
  }

  #judgeRow(): void {
    const fix = this.#fix;
    if (!fix.hasPlace) return this.#metrics.ignoredFix('noPlace');
    const fences = this.#lane.tenant(fix.tenantId).set;
    if (fences === null) throw new Error(`The fences of tenant ${fix.tenantId} were not fetched`);
    judgePlacedFix(this.#lane.trackers, fix, { fences, found: this.#found, sink: this.#lane });
  }

  async #fencesOf(tenantId: TenantId, tenant: LaneTenant): Promise<FenceSet> {
    tenant.set ??= await this.#sets.take(tenantId, tenant.version);
    return tenant.set;
  }

  async #changeFences(record: LogRecord): Promise<void> {
    const change = decodeFencesChanged(record.payload);
    if (!change.ok) throw new Error(`Got a control record that is malformed: ${change.error.code}`);
    const { tenantId, fencesVersion } = change.value;
    const tenant = this.#lane.tenant(tenantId);
    if (fencesVersion <= tenant.version) {
      this.#metrics.staleAnnouncements.inc(); // two announcers, or one that was killed half-way
      return;
    }
    const before = await this.#fencesOf(tenantId, tenant);
    const after = await this.#sets.take(tenantId, fencesVersion);
    this.#lane.switchFences(tenant, after);
    const step = { before, after, receivedTimeMs: record.storedTimeMs, found: this.#found };
    for (const tracker of this.#lane.trackers.values()) {
      if (tracker.tenantId === tenantId) judgeFenceChange(tracker, step, this.#lane);
    }
    this.#sets.give(before);
  }
}
