/** The registry of a simulated installation: which trackers there are and in which groups they are. */
import { trustedId, type GroupId, type TenantId, type TrackerId } from '@followme/model';
import type { Random } from '@followme/platform';
import type { SeenRevisions, TrackerRecord, TrackerRegistry } from '@followme/store';
import { TENANT } from './fences.ts';
import { VIEW_GROUPS } from './viewers.ts';

/** Trackers, their groups, and when they changed. */
export class SimulatedRegistry {
  readonly #random: Random;
  readonly #groups = new Map<number, GroupId>();
  readonly #changedAt = new Map<number, number>();
  #revision = 1;

  constructor(deps: { readonly random: Random; readonly trackers: number }) {
    this.#random = deps.random;
    for (let tracker = 1; tracker <= deps.trackers; tracker += 1) this.#put(tracker);
  }

  get revision(): number {
    return this.#revision;
  }

  groupOf(tracker: number): GroupId {
    const groupId = this.#groups.get(tracker);
    if (groupId === undefined) throw new Error(`There is no tracker ${tracker}`);
    return groupId;
  }

  /** Somebody moves a tracker into a group. */
  edit(): void {
    this.#revision += 1;
    this.#put(this.#random.integer(1, this.#groups.size));
  }

  load(since: SeenRevisions = new Map<TenantId, number>()): TrackerRegistry {
    const seen = since.get(TENANT) ?? 0;
    const changed = [...this.#groups].filter(
      ([tracker]) => (this.#changedAt.get(tracker) ?? 0) > seen,
    );
    return {
      trackers: changed.map(([tracker, groupId]): TrackerRecord => ({
        trackerId: trustedId<TrackerId>(tracker),
        tenantId: TENANT,
        name: `tracker ${tracker}`,
        groupIds: [groupId],
      })),
      retired: [],
      revisions: new Map([[TENANT, this.#revision]]),
    };
  }

  #put(tracker: number): void {
    const groupId = VIEW_GROUPS[this.#random.integer(0, VIEW_GROUPS.length - 1)];
    if (groupId === undefined) return;
    this.#groups.set(tracker, groupId);
    this.#changedAt.set(tracker, this.#revision);
  }
}
