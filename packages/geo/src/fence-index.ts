/**
 * The fences of one tenant, ready for "which of them is this place in?".
 *
 * `FenceIndex` is the seam: the operator knows nothing else, so a faster index can take its place. This
 * one keeps the cells that fences cover in a grid, knows without geometry where a cell lies wholly inside a
 * fence, and asks the shape exactly where an edge may pass. Up to `LINEAR_UP_TO` fences it walks over their
 * boxes instead, which is as fast and needs no grid.
 *
 * A fence that names groups is for their trackers only: one look into a set per fence the place may be in,
 * before its geometry is asked. Fences for everybody cost nothing more.
 */
import type { Fence, FenceId, GroupId, TrackerId } from '@followme/model';
import type { FenceMatches } from './fence-matches.ts';

/** The trackers of groups; a group that is not in it has none. */
export type GroupTrackers = ReadonlyMap<GroupId, ReadonlySet<TrackerId>>;

/** Answers which fences a place is in. */
export interface FenceIndex {
  /** Number of fences. */
  readonly size: number;
  /** Grows with every change of the fences. */
  readonly revision: number;
  /**
   * Fills `found` with the fences for `found.trackerId` that the place (degrees, ±180, ±90) is in; answers
   * how many.
   */
  query(lon: number, lat: number, found: FenceMatches): number;
  /**
   * Around the place (degrees, ±180, ±90) a tracker is in the same fences for at least so many metres, whoever it is; 0
   * when an edge is near. Does not allocate.
   */
  safeRadiusM(lon: number, lat: number): number;
  /** Whether the fence is here and for this tracker. */
  appliesTo(fenceId: FenceId, trackerId: TrackerId): boolean;
  /** The fence without its shape, or undefined. */
  get(fenceId: FenceId): FenceHead | undefined;
  /**
   * Adds a fence or puts it in the place of the one with its id: costs its vertices and cells, however many other
   * fences there are (`npm run bench:geo`).
   */
  replace(fence: Fence): void;
  /** Takes a fence out; false when it was not there. */
  remove(fenceId: FenceId): boolean;
}

/** What an index keeps of a fence beside its shape, which it has in a form of its own. */
export type FenceHead = Omit<Fence, 'shape'>;

/** What an index may be built with. */
export interface FenceIndexOptions {
  /**
   * Fences that stand in it in the same version keep their prepared shape, so that one edit among many
   * fences costs one preparation and a new grid.
   */
  readonly previous?: FenceIndex | undefined;
  /** Whom the fences that name groups are for; without it they are for nobody. */
  readonly groupTrackers?: GroupTrackers;
}
