/**
 * The fences of tenants at the versions lanes stand at. Lanes share a set; it is loaded when the first
 * lane needs it and let go when the last one has passed it. A new version keeps the prepared shapes of
 * the one before for the fences that did not change.
 */
import { setImmediate as nextTurn } from 'node:timers/promises';
import { buildFenceIndex, createFenceIndex, type FenceIndex } from '@followme/geo';
import type { TenantId } from '@followme/model';
import { withDeadline, type Clock } from '@followme/platform';
import type { FenceSource } from '@followme/store';

/** The fences of a tenant at one version, ready to be asked. */
export interface FenceSet {
  readonly tenantId: TenantId;
  readonly version: number;
  readonly index: FenceIndex;
}

/** The fences could not be read; `cause` says why. Whether it helps to wait is for the caller to say. */
export class FencesUnavailable extends Error {
  override readonly name = 'FencesUnavailable';
}

export interface FenceSets {
  /**
   * The set, counted as used once more. Version 0 is that of a tenant without fences.
   * @throws FencesUnavailable when the source fails or does not answer.
   */
  take(tenantId: TenantId, version: number): Promise<FenceSet>;
  /** One user less. */
  give(set: FenceSet): void;
  /** Sets in memory. */
  readonly size: number;
}

/** An index is built in turns of at most about so long, so that lanes and leases go on meanwhile. */
const BUILD_TURN_MS = 10;

interface Entry {
  readonly loading: Promise<FenceSet>;
  set: FenceSet | null;
  users: number;
}

export function createFenceSets(deps: {
  readonly source: FenceSource;
  readonly clock: Clock;
  readonly answerWithinMs: number;
}): FenceSets {
  const tenants = new Map<TenantId, Map<number, Entry>>();

  async function load(tenantId: TenantId, version: number): Promise<FenceSet> {
    if (version === 0) return { tenantId, version, index: createFenceIndex([]) };
    const what = `reading the fences of tenant ${tenantId} at version ${version}`;
    try {
      const reading = deps.source.fencesAt(tenantId, version);
      const read = await withDeadline(deps.clock, deps.answerWithinMs, what, reading);
      const known = [...(tenants.get(tenantId)?.values() ?? [])].findLast((e) => e.set !== null);
      const { fences, groupTrackers } = read;
      const previous = known?.set?.index;
      const index = await inTurns(buildFenceIndex(fences, { previous, groupTrackers }));
      return { tenantId, version, index };
    } catch (error) {
      throw new FencesUnavailable(`${what} failed`, { cause: error });
    }
  }

  async function inTurns(building: Generator<void, FenceIndex>): Promise<FenceIndex> {
    let turnEndsMs = deps.clock.monotonicMs() + BUILD_TURN_MS;
    for (;;) {
      const step = building.next();
      if (step.done === true) return step.value;
      if (deps.clock.monotonicMs() < turnEndsMs) continue;
      await nextTurn();
      turnEndsMs = deps.clock.monotonicMs() + BUILD_TURN_MS;
    }
  }

  function forget(tenantId: TenantId, version: number): void {
    const versions = tenants.get(tenantId);
    versions?.delete(version);
    if (versions?.size === 0) tenants.delete(tenantId);
  }

  return {
    get size() {
      return [...tenants.values()].reduce((sum, versions) => sum + versions.size, 0);
    },
    async take(tenantId, version) {
      const versions = tenants.get(tenantId) ?? new Map<number, Entry>();
      tenants.set(tenantId, versions);
      const entry = versions.get(version) ?? {
        loading: load(tenantId, version),
        set: null,
        users: 0,
      };
      versions.set(version, entry);
      entry.users += 1;
      try {
        entry.set = await entry.loading;
        return entry.set;
      } catch (error) {
        // all who waited for it fail; the next one to ask tries again
        if (versions.get(version) === entry) forget(tenantId, version);
        throw error;
      }
    },
    give({ tenantId, version }) {
      const entry = tenants.get(tenantId)?.get(version);
      if (entry === undefined) return;
      entry.users -= 1;
      if (entry.users <= 0) forget(tenantId, version);
    },
  };
}
