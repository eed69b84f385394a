/**
 * The fences of one tenant, ready for "which of them is this place in?".
 *
 * `FenceIndex` is the seam: the operator knows nothing else, so a faster index can take its place. This
 * one keeps the cells that fences cover in a grid, knows without geometry where a cell lies wholly inside a
 * fence, and asks the shape exactly where an edge may pass. Up to `LINEAR_UP_TO` fences it walks over their
 * boxes instead, which is as fast and needs no grid.
 */
import type { Fence, FenceId } from '@followme/model';
import { coverBox, type CellCover } from './cell-cover.ts';
import { CellGrid } from './cell-grid.ts';
import type { FenceMatches } from './fence-matches.ts';
import type { Box, PreparedShape } from './prepared.ts';
import { prepareShape } from './prepared-shape.ts';

/** Fences up to which the boxes are walked over one by one. */
export const LINEAR_UP_TO = 50;

/** Answers which fences a place is in. */
export interface FenceIndex {
  /** Number of fences. */
  readonly size: number;
  /** Fills `found` with the fences the place (degrees, ±180, ±90) is in; answers how many. */
  query(lon: number, lat: number, found: FenceMatches): number;
  /** Whether the place is in this fence; false for a fence that is not here. */
  contains(fenceId: FenceId, lon: number, lat: number): boolean;
  /** The fence, or undefined. */
  get(fenceId: FenceId): Fence | undefined;
  /** All fences, in no particular order. */
  fences(): Iterable<Fence>;
  /**
   * Adds a fence or puts it in the place of the one with its id. The grid is built again at the
   * next query, once for any number of changes before it; `index.bench.ts` prints what that costs.
   */
  replace(fence: Fence): void;
  /** Takes a fence out; false when it was not there. Costs what `replace` costs. */
  remove(fenceId: FenceId): boolean;
}

/** A fence ready to be asked; its covers are computed when the first grid needs them and then kept. */
class Entry {
  readonly fence: Fence;
  readonly shape: PreparedShape;
  #covers: readonly CellCover[] | null = null;

  constructor(fence: Fence) {
    this.fence = fence;
    this.shape = prepareShape(fence.shape);
  }

  /** Boxes of the shape that queries in −180 … 180 can meet. */
  get boxes(): readonly Box[] {
    return this.shape.boxes.flatMap(boxesOnTheMap);
  }

  get covers(): readonly CellCover[] {
    this.#covers ??= this.boxes.map((box) => coverBox(this.shape, box));
    return this.#covers;
  }
}

/**
 * Builds an index. Fences that stand in `previous` in the same version keep their prepared shape, so that
 * one edit among many fences costs one preparation and a new grid.
 */
export function createFenceIndex(fences: Iterable<Fence>, previous?: FenceIndex): FenceIndex {
  return new GridFenceIndex(fences, previous instanceof GridFenceIndex ? previous : null);
}

class GridFenceIndex implements FenceIndex {
  readonly #entries = new Map<FenceId, Entry>();
  /** Per box or cover the fence it belongs to; those that pass the antimeridian stand in it twice. */
  #owners: Entry[] = [];
  /** minX, minY, maxX, maxY of each box; only for few fences. */
  #boxes: Float64Array = new Float64Array();
  /** Null for few fences. */
  #grid: CellGrid | null = null;
  #isStale = true;
  #lon = 0;
  #lat = 0;
  #found: FenceMatches | null = null;
  /** One closure for all queries, so that a query allocates nothing. */
  readonly #visit = (number: number, isInside: boolean): void => {
    const owner = this.#owners[number];
    if (owner === undefined) return;
    if (isInside || owner.shape.contains(this.#lon, this.#lat))
      this.#found?.add(owner.fence.fenceId);
  };

  constructor(fences: Iterable<Fence>, previous: GridFenceIndex | null) {
    const knownEntries = previous === null ? null : previous.#entries;
    for (const fence of fences) {
      const known = knownEntries?.get(fence.fenceId);
      const entry = known?.fence.version === fence.version ? known : new Entry(fence);
      this.#entries.set(fence.fenceId, entry);
    }
  }

  get size(): number {
    return this.#entries.size;
  }

  query(lon: number, lat: number, found: FenceMatches): number {
    found.clear();
    if (this.#isStale) this.#rebuild();
    this.#lon = lon;
    this.#lat = lat;
    this.#found = found;
    if (this.#grid === null) this.#walk(lon, lat);
    else this.#grid.query(lon, lat, this.#visit);
    return found.count;
  }

  contains(fenceId: FenceId, lon: number, lat: number): boolean {
    return this.#entries.get(fenceId)?.shape.contains(lon, lat) ?? false;
  }

  get(fenceId: FenceId): Fence | undefined {
    return this.#entries.get(fenceId)?.fence;
  }

  *fences(): Iterable<Fence> {
    for (const { fence } of this.#entries.values()) yield fence;
  }

  replace(fence: Fence): void {
    this.#entries.set(fence.fenceId, new Entry(fence));
    this.#isStale = true;
  }

  remove(fenceId: FenceId): boolean {
    this.#isStale = true;
    return this.#entries.delete(fenceId);
  }

  #walk(lon: number, lat: number): void {
    const boxes = this.#boxes;
    for (let box = 0, at = 0; at < boxes.length; box += 1, at += 4) {
      if (lon < (boxes[at] ?? 0) || lat < (boxes[at + 1] ?? 0)) continue;
      if (lon > (boxes[at + 2] ?? 0) || lat > (boxes[at + 3] ?? 0)) continue;
      this.#visit(box, false);
    }
  }

  #rebuild(): void {
    const entries = [...this.#entries.values()];
    const isSmall = entries.length <= LINEAR_UP_TO;
    this.#owners = entries.flatMap((entry) => {
      const { length } = isSmall ? entry.boxes : entry.covers;
      return Array.from({ length }, () => entry);
    });
    this.#grid = isSmall ? null : new CellGrid(entries.flatMap(({ covers }) => covers));
    this.#boxes = Float64Array.from(
      isSmall
        ? entries.flatMap(({ boxes }) =>
            boxes.flatMap((box) => [box.minX, box.minY, box.maxX, box.maxY]),
          )
        : [],
    );
    this.#isStale = false;
  }
}

/** The parts of a box that queries in −180 … 180 can meet; none for the box of an empty shape. */
function boxesOnTheMap(box: Box): readonly Box[] {
  const { minX, maxX, minY, maxY } = box;
  if (!(minX <= maxX && minY <= maxY)) return [];
  const parts = [box];
  if (maxX >= 180) parts.push({ minX: minX - 360, maxX: maxX - 360, minY, maxY });
  if (minX <= -180) parts.push({ minX: minX + 360, maxX: maxX + 360, minY, maxY });
  return parts;
}
