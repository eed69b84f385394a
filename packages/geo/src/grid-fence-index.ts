/** The fence index over a grid of cells, and over boxes while there are few fences. */
import { trustedId, type Fence, type FenceId, type GroupId, type TrackerId } from '@followme/model';
import { borderDistanceM, coverBox, type CellCover } from './cell-cover.ts';
import { CellGrid } from './cell-grid.ts';
import type { FenceHead, FenceIndex, FenceIndexOptions, GroupTrackers } from './fence-index.ts';
import type { FenceMatches } from './fence-matches.ts';
import type { Box, PreparedShape } from './prepared.ts';
import { prepareShape } from './prepared-shape.ts';

/** Where there are few fences, circles are no larger: the way to far edges is not measured. */
const MOST_SAFE_RADIUS_M = 1_000;

const FIRST_NUMBERS = 64;
/** Fences up to which the boxes are walked over one by one. */
export const LINEAR_UP_TO = 50;

/** A fence ready to be asked. */
class Entry {
  readonly fence: FenceHead;
  readonly shape: PreparedShape;

  constructor({ shape, ...head }: Fence) {
    this.fence = head;
    this.shape = prepareShape(shape);
  }

  /** Boxes of the shape that queries in −180 … 180 can meet. */
  get boxes(): readonly Box[] {
    return this.shape.boxes.flatMap(boxesOnTheMap);
  }
}

/** An index that is changed in place; see `FenceIndex`. */
export class GridFenceIndex implements FenceIndex {
  readonly #entries = new Map<FenceId, Entry>();
  /** Where shapes and covers of fences that are the same are taken from while it is built; indexes are no chain. */
  #previous: GridFenceIndex | null;
  readonly #groupTrackers: GroupTrackers;
  /** Of fences that name groups: whom they are for. Fences of the same groups share a set. */
  readonly #audiences = new Map<FenceId, ReadonlySet<TrackerId>>();
  readonly #sharedAudiences = new Map<string, ReadonlySet<TrackerId>>();
  /** By number the shape a cover belongs to; those that pass the antimeridian have two. Numbers are used again. */
  readonly #shapes: (PreparedShape | null)[] = [];
  /** Beside `#shapes`: the fences' ids. */
  #ids = new Int32Array(FIRST_NUMBERS);
  /** Beside `#shapes`: whom the fence is for, null for everybody. */
  readonly #trackersOf: (ReadonlySet<TrackerId> | null)[] = [];
  readonly #numbersOf = new Map<FenceId, readonly number[]>();
  readonly #freeNumbers: number[] = [];
  /** Made when there are too many fences to walk over, and kept from then on. */
  #grid: CellGrid | null = null;
  /** While there is no grid, minX, minY, maxX, maxY of each box and beside them its owner; null when fences changed. */
  #walked: { readonly boxes: Float64Array; readonly owners: readonly Entry[] } | null = null;
  #lon = 0;
  #lat = 0;
  #found: FenceMatches | null = null;
  #revision = 0;
  #radiusM = 0;
  /** As `#visit`, for the way to the nearest edge. */
  readonly #measure = (number: number, isInside: boolean): void => {
    const shape = this.#shapes[number] ?? null;
    // where the cell lies wholly inside no edge is nearer than its border
    if (shape !== null && !isInside) this.#approach(shape);
  };
  /** One closure for all queries, so that a query allocates nothing. */
  readonly #visit = (number: number, isInside: boolean): void => {
    const found = this.#found;
    if (found === null) return;
    if (this.#audiences.size > 0) {
      const trackers = this.#trackersOf[number] ?? null;
      if (trackers !== null && !trackers.has(found.trackerId)) return;
    }
    if (isInside || this.#shapes[number]?.contains(this.#lon, this.#lat) === true) {
      found.add(trustedId<FenceId>(this.#ids[number] ?? 0));
    }
  };

  constructor({ previous, groupTrackers = new Map() }: FenceIndexOptions) {
    this.#previous = previous instanceof GridFenceIndex ? previous : null;
    this.#groupTrackers = groupTrackers;
  }

  /** Adds a fence that is not here yet; answers whether its shape was known. */
  add(fence: Fence): boolean {
    const known = this.#previous === null ? undefined : this.#previous.#entries.get(fence.fenceId);
    const isKnown = known?.fence.version === fence.version;
    this.#put(isKnown ? known : new Entry(fence));
    return isKnown;
  }

  /** All fences are added. */
  finish(): void {
    this.#previous = null;
  }

  get size(): number {
    return this.#entries.size;
  }

  get revision(): number {
    return this.#revision;
  }

  safeRadiusM(lon: number, lat: number): number {
    this.#lon = lon;
    this.#lat = lat;
    this.#radiusM = MOST_SAFE_RADIUS_M;
    if (this.#grid === null) {
      for (const { shape } of this.#entries.values()) this.#approach(shape);
    } else {
      this.#radiusM = Math.min(this.#radiusM, borderDistanceM(lon, lat));
      this.#grid.visitAround(lon, lat, this.#measure);
    }
    return this.#radiusM;
  }

  #approach(shape: PreparedShape): void {
    const distanceM = Math.abs(shape.signedDistanceM(this.#lon, this.#lat, this.#radiusM));
    if (distanceM < this.#radiusM) this.#radiusM = distanceM;
  }

  query(lon: number, lat: number, found: FenceMatches): number {
    found.clear();
    this.#lon = lon;
    this.#lat = lat;
    this.#found = found;
    if (this.#grid === null) this.#walk(lon, lat, found);
    else this.#grid.query(lon, lat, this.#visit);
    return found.count;
  }

  appliesTo(fenceId: FenceId, trackerId: TrackerId): boolean {
    const fence = this.#entries.get(fenceId)?.fence;
    if (fence === undefined) return false;
    return fence.groupIds === null || this.#audiences.get(fenceId)?.has(trackerId) === true;
  }

  get(fenceId: FenceId): FenceHead | undefined {
    return this.#entries.get(fenceId)?.fence;
  }

  replace(fence: Fence): void {
    this.#put(new Entry(fence));
  }

  remove(fenceId: FenceId): boolean {
    const entry = this.#entries.get(fenceId);
    if (entry === undefined) return false;
    this.#revision += 1;
    this.#takeOut(entry);
    this.#entries.delete(fenceId);
    this.#audiences.delete(fenceId);
    this.#walked = null;
    return true;
  }

  #put(entry: Entry): void {
    const { fenceId, groupIds } = entry.fence;
    this.remove(fenceId);
    this.#revision += 1;
    this.#entries.set(fenceId, entry);
    if (groupIds !== null) this.#audiences.set(fenceId, this.#audienceOf(groupIds));
    this.#walked = null;
    if (this.#grid !== null) this.#putIn(entry, this.#grid);
    else if (this.#entries.size > LINEAR_UP_TO) this.#makeGrid();
  }

  #makeGrid(): void {
    const grid = new CellGrid();
    this.#grid = grid;
    for (const entry of this.#entries.values()) this.#putIn(entry, grid);
  }

  #putIn(entry: Entry, grid: CellGrid): void {
    const { fenceId } = entry.fence;
    const trackers = this.#audiences.get(fenceId) ?? null;
    const numbers = this.#coversOf(entry).map((cover) => {
      const number = this.#freeNumbers.pop() ?? this.#shapes.length;
      this.#shapes[number] = entry.shape;
      this.#trackersOf[number] = trackers;
      this.#setId(number, fenceId);
      grid.add(number, cover);
      return number;
    });
    this.#numbersOf.set(fenceId, numbers);
  }

  #setId(number: number, fenceId: FenceId): void {
    if (number >= this.#ids.length) {
      const larger = new Int32Array(Math.ceil((number + 1) * 1.5));
      larger.set(this.#ids);
      this.#ids = larger;
    }
    this.#ids[number] = fenceId;
  }

  /** Made anew, unless the index before has them. */
  #coversOf(entry: Entry): readonly CellCover[] {
    const { fenceId } = entry.fence;
    const before = this.#previous;
    const grid = before === null ? null : before.#grid;
    if (before === null || grid === null || before.#entries.get(fenceId) !== entry) {
      return entry.boxes.map((box) => coverBox(entry.shape, box));
    }
    return (before.#numbersOf.get(fenceId) ?? []).map((number) => grid.coverOf(number));
  }

  #takeOut({ fence: { fenceId } }: Entry): void {
    const numbers = this.#numbersOf.get(fenceId) ?? [];
    for (const number of numbers) {
      this.#grid?.remove(number);
      this.#shapes[number] = null;
      this.#trackersOf[number] = null;
      this.#freeNumbers.push(number);
    }
    this.#numbersOf.delete(fenceId);
  }

  #audienceOf(groupIds: readonly GroupId[]): ReadonlySet<TrackerId> {
    const key = groupIds.join();
    const shared = this.#sharedAudiences.get(key);
    if (shared !== undefined) return shared;
    const trackers = new Set(groupIds.flatMap((id) => [...(this.#groupTrackers.get(id) ?? [])]));
    this.#sharedAudiences.set(key, trackers);
    return trackers;
  }

  #walk(lon: number, lat: number, found: FenceMatches): void {
    const { boxes, owners } = (this.#walked ??= this.#layOut());
    for (let box = 0, at = 0; at < boxes.length; box += 1, at += 4) {
      if (lon < (boxes[at] ?? 0) || lat < (boxes[at + 1] ?? 0)) continue;
      if (lon > (boxes[at + 2] ?? 0) || lat > (boxes[at + 3] ?? 0)) continue;
      const owner = owners[box];
      if (owner === undefined) continue;
      const { fenceId } = owner.fence;
      const trackers = this.#audiences.get(fenceId);
      if (trackers !== undefined && !trackers.has(found.trackerId)) continue;
      if (owner.shape.contains(lon, lat)) found.add(fenceId);
    }
  }

  #layOut(): { readonly boxes: Float64Array; readonly owners: readonly Entry[] } {
    const owners = [...this.#entries.values()].flatMap((entry) => entry.boxes.map(() => entry));
    const boxes = [...this.#entries.values()].flatMap((entry) =>
      entry.boxes.flatMap((box) => [box.minX, box.minY, box.maxX, box.maxY]),
    );
    return { boxes: Float64Array.from(boxes), owners };
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
