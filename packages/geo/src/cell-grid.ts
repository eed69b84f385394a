/**
 * From a place to the shapes it may lie in: the covers of all shapes in one open-addressed table per level. A
 * question is one look per level into flat arrays, where a tree would walk a dozen nodes scattered over memory.
 * Building is two passes over the covers, which are computed once per shape.
 */
import { CELL_SIZES_DEG, columnOf, columnsOf, rowOf, type CellCover } from './cell-cover.ts';

const EMPTY = -1;

/** One level: a table from cell to its stretch of `postings`. */
interface Level {
  readonly sizeDeg: number;
  readonly columns: number;
  readonly mask: number;
  readonly cells: Int32Array;
  /** Per slot the start of its postings and, behind it, their end. */
  readonly stretches: Int32Array;
  /** Number of the cover × 2, + 1 when the cell lies wholly inside its shape. */
  readonly postings: Int32Array;
}

/** Hears of a cover whose cell the place is in; `isInside` = the place is inside its shape for certain. */
export type CoverVisitor = (cover: number, isInside: boolean) => void;

/** Spreads neighbouring cells over the table (multiplication by the golden ratio). */
const slotOf = (cell: number, mask: number): number => (Math.imul(cell, 0x9e3779b1) >>> 7) & mask;

function find(cells: Int32Array, mask: number, cell: number): number {
  let slot = slotOf(cell, mask);
  while (cells[slot] !== cell && cells[slot] !== EMPTY) slot = (slot + 1) & mask;
  return slot;
}

export class CellGrid {
  /** minX, minY, maxX, maxY of each cover's box. */
  readonly #boxes: Float64Array;
  readonly #levels: readonly Level[];

  constructor(covers: readonly CellCover[]) {
    this.#boxes = Float64Array.from(
      covers.flatMap(({ box }) => [box.minX, box.minY, box.maxX, box.maxY]),
    );
    this.#levels = CELL_SIZES_DEG.flatMap((sizeDeg, level) => {
      const postings = covers.reduce((sum, c) => sum + (c.level === level ? c.cells.length : 0), 0);
      return postings === 0 ? [] : [buildLevel(covers, { level, sizeDeg, postings })];
    });
  }

  /** Calls `visit` for every cover the place may lie in. Does not allocate. */
  query(lon: number, lat: number, visit: CoverVisitor): void {
    const boxes = this.#boxes;
    for (const { sizeDeg, columns, mask, cells, stretches, postings } of this.#levels) {
      const cell = rowOf(lat, sizeDeg) * columns + columnOf(lon, sizeDeg);
      const slot = find(cells, mask, cell);
      if (cells[slot] === EMPTY) continue;
      const end = stretches[slot * 2 + 1] ?? 0;
      for (let at = stretches[slot * 2] ?? 0; at < end; at += 1) {
        const posting = postings[at] ?? 0;
        const cover = posting >> 1;
        if ((posting & 1) === 1) {
          visit(cover, true);
          continue;
        }
        const corner = cover * 4;
        if (lon < (boxes[corner] ?? 0) || lat < (boxes[corner + 1] ?? 0)) continue;
        if (lon > (boxes[corner + 2] ?? 0) || lat > (boxes[corner + 3] ?? 0)) continue;
        visit(cover, false);
      }
    }
  }
}

function buildLevel(
  covers: readonly CellCover[],
  plan: { readonly level: number; readonly sizeDeg: number; readonly postings: number },
): Level {
  const capacity = 2 ** Math.ceil(Math.log2(plan.postings * 2 + 1));
  const mask = capacity - 1;
  const cells = new Int32Array(capacity).fill(EMPTY);
  const stretches = new Int32Array(capacity * 2);
  const forEachPosting = (take: (slot: number, posting: number) => void): void => {
    for (const [number, { level, cells: own, inside }] of covers.entries()) {
      if (level !== plan.level) continue;
      for (let i = 0; i < own.length; i += 1) {
        const cell = own[i] ?? 0;
        const slot = find(cells, mask, cell);
        cells[slot] = cell;
        take(slot, number * 2 + (inside[i] ?? 0));
      }
    }
  };
  // first the numbers of postings, then from them the stretches, then the postings
  forEachPosting((slot) => {
    stretches[slot * 2 + 1] = (stretches[slot * 2 + 1] ?? 0) + 1;
  });
  let next = 0;
  for (let slot = 0; slot < capacity; slot += 1) {
    const count = stretches[slot * 2 + 1] ?? 0;
    stretches[slot * 2] = next;
    stretches[slot * 2 + 1] = next;
    next += count;
  }
  const postings = new Int32Array(plan.postings);
  forEachPosting((slot, posting) => {
    const at = stretches[slot * 2 + 1] ?? 0;
    postings[at] = posting;
    stretches[slot * 2 + 1] = at + 1;
  });
  const { sizeDeg } = plan;
  return { sizeDeg, columns: columnsOf(sizeDeg), mask, cells, stretches, postings };
}
