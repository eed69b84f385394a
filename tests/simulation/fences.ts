/** The fences of a simulated installation: one tenant, a row of squares that come, move and go. */
import { trustedId, type Fence, type TenantId, type TrackerId } from '@followme/model';
import type { FencesChanged, GroupId } from '@followme/model';
import type { Random } from '@followme/platform';
import type { VersionFences } from '@followme/store';
import { squareFence } from '../../services/geofence/src/testing/world.ts';

/** The only customer of the installation. */
export const TENANT = trustedId<TenantId>(1);
/** Trackers with an odd id are in this group, and some fences are for it only. */
const ODD_TRACKERS = trustedId<GroupId>(1);
const FENCES = 5;
/** West edges lie on whole degrees 0 … this. */
const MOST_WEST = 5;

/** A square of one degree, north of the equator. */
export interface Square {
  readonly fenceId: number;
  readonly west: number;
  readonly version: number;
  readonly oddTrackersOnly: boolean;
}

/** Whether a square is for this tracker and holds this longitude. */
export function holds(square: Square, tracker: number, lon: number): boolean {
  const isFor = !square.oddTrackersOnly || tracker % 2 === 1;
  return isFor && lon >= square.west && lon <= square.west + 1;
}

const fenceOf = ({ fenceId, west, version, oddTrackersOnly }: Square): Fence => ({
  ...squareFence(fenceId, west, version, TENANT),
  groupIds: oddTrackersOnly ? [ODD_TRACKERS] : null,
});

/** The fences as the store keeps them: every version there ever was, and how far they were announced. */
export class SimulatedFences {
  readonly #random: Random;
  readonly #trackers: number;
  readonly #versions: (readonly Square[])[] = [[]];
  #announced = 0;

  constructor(deps: { readonly random: Random; readonly trackers: number }) {
    this.#random = deps.random;
    this.#trackers = deps.trackers;
  }

  /** Somebody edits: every fence may come, move, change whom it is for, or go. */
  edit(): void {
    const version = this.#versions.length;
    const before = new Map((this.#versions.at(-1) ?? []).map((square) => [square.fenceId, square]));
    const after: Square[] = [];
    for (let fenceId = 1; fenceId <= FENCES; fenceId += 1) {
      const known = before.get(fenceId);
      const fate = this.#random.next();
      if (known !== undefined && fate < 0.6) after.push(known);
      else if (fate < 0.9) after.push(this.#draw(fenceId, version));
    }
    this.#versions.push(after);
  }

  squaresAt(version: number): readonly Square[] {
    return this.#versions[version] ?? [];
  }
  /** The newest version. */
  get version(): number {
    return this.#versions.length - 1;
  }
  /** Nothing is left to announce. */
  get isAnnounced(): boolean {
    return this.#announced === this.version;
  }

  pendingAnnouncements(): readonly FencesChanged[] {
    if (this.isAnnounced) return [];
    return [{ tenantId: TENANT, fencesVersion: this.version }];
  }
  markAnnounced(version: number): void {
    this.#announced = Math.max(this.#announced, version);
  }
  fencesAt(version: number): VersionFences {
    const odd = Array.from({ length: this.#trackers }, (_, at) => at + 1).filter(
      (id) => id % 2 === 1,
    );
    return {
      fences: this.squaresAt(version).map(fenceOf),
      groupTrackers: new Map([[ODD_TRACKERS, new Set(odd.map((id) => trustedId<TrackerId>(id)))]]),
    };
  }

  #draw(fenceId: number, version: number): Square {
    return {
      fenceId,
      version,
      west: this.#random.integer(0, MOST_WEST),
      oddTrackersOnly: this.#random.next() < 0.25,
    };
  }
}
