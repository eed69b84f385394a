/**
 * From a place to the shapes it may lie in: the covers of all shapes in one open-addressed table per level. A
 * question is one look per level into flat arrays, where a tree would walk a dozen nodes scattered over memory.
 * Covers come and go one by one, at the cost of their cells.
 */
import { CELL_SIZES_DEG, columnOf, columnsOf, rowOf, type CellCover } from './cell-cover.ts';
import { CellTable } from './cell-table.ts';

/** Hears of a cover whose cell the place is in; `isInside` = the place is inside its shape for certain. */
export type CoverVisitor = (cover: number, isInside: boolean) => void;

interface Level {
  readonly sizeDeg: number;
  readonly columns: number;
  readonly table: CellTable;
}

/** The covers of many shapes, by number. */
export class CellGrid {
  /** minX, minY, maxX, maxY of each cover's box. */
  #boxes = new Float64Array(256);
  readonly #levels: readonly Level[] = CELL_SIZES_DEG.map((sizeDeg) => ({
    sizeDeg,
    columns: columnsOf(sizeDeg),
    table: new CellTable(),
  }));

  /** Adds a cover under a number that is free. */
  add(number: number, { box, level, cells, inside }: CellCover): void {
    this.#setBox(number, box);
    const table = this.#levels[level]?.table;
    for (let i = 0; i < cells.length; i += 1) {
      table?.add(cells[i] ?? 0, number * 2 + (inside[i] ?? 0));
    }
  }

  /** Takes out a cover that was added under this number. */
  remove(number: number, { level, cells, inside }: CellCover): void {
    const table = this.#levels[level]?.table;
    for (let i = 0; i < cells.length; i += 1) {
      table?.remove(cells[i] ?? 0, number * 2 + (inside[i] ?? 0));
    }
  }

  /** Calls `visit` for every cover the place may lie in. Does not allocate. */
  query(lon: number, lat: number, visit: CoverVisitor): void {
    const boxes = this.#boxes;
    for (const { sizeDeg, columns, table } of this.#levels) {
      if (table.size === 0) continue;
      const slot = table.find(rowOf(lat, sizeDeg) * columns + columnOf(lon, sizeDeg));
      if (slot < 0) continue;
      const { postings } = table;
      const start = table.startOf(slot);
      const end = start + table.countOf(slot);
      for (let at = start; at < end; at += 1) {
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

  /** Calls `visit` for every cover that has the cell of the place, also where its box does not. Does not allocate. */
  visitAround(lon: number, lat: number, visit: CoverVisitor): void {
    for (const { sizeDeg, columns, table } of this.#levels) {
      if (table.size === 0) continue;
      const slot = table.find(rowOf(lat, sizeDeg) * columns + columnOf(lon, sizeDeg));
      if (slot < 0) continue;
      const end = table.startOf(slot) + table.countOf(slot);
      for (let at = table.startOf(slot); at < end; at += 1) {
        const posting = table.postings[at] ?? 0;
        visit(posting >> 1, (posting & 1) === 1);
      }
    }
  }

  #setBox(number: number, { minX, minY, maxX, maxY }: CellCover['box']): void {
    if (number * 4 + 4 > this.#boxes.length) {
      const larger = new Float64Array(Math.max(this.#boxes.length * 2, number * 4 + 4));
      larger.set(this.#boxes);
      this.#boxes = larger;
    }
    this.#boxes.set([minX, minY, maxX, maxY], number * 4);
  }
}
