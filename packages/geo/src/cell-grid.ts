/**
 * From a place to the shapes it may lie in: the covers of all shapes in one open-addressed table per level. A
 * question is one look per level into flat arrays, where a tree would walk a dozen nodes scattered over memory.
 * Covers come and go one by one, at the cost of their cells.
 */
import { CELL_SIZES_DEG, columnOf, columnsOf, rowOf, type CellCover } from './cell-cover.ts';
import { CellTable } from './cell-table.ts';
import { exponentFor, Stretches } from './stretches.ts';

/** Hears of a cover whose cell the place is in; `isInside` = the place is inside its shape for certain. */
export type CoverVisitor = (cover: number, isInside: boolean) => void;

interface Level {
  readonly sizeDeg: number;
  readonly columns: number;
  readonly table: CellTable;
}

/** Numbers kept of each cover: its level, where its cells start, how many they are. */
const FIELDS = 3;
const FIRST_COVERS = 64;

/** The covers of many shapes, by number. */
export class CellGrid {
  /** minX, minY, maxX, maxY of each cover's box. */
  #boxes = new Float64Array(FIRST_COVERS * 4);
  #fields = new Int32Array(FIRST_COVERS * FIELDS);
  readonly #cells = new Stretches();
  readonly #levels: readonly Level[] = CELL_SIZES_DEG.map((sizeDeg) => ({
    sizeDeg,
    columns: columnsOf(sizeDeg),
    table: new CellTable(),
  }));

  /** Adds a cover under a number that is free. */
  add(number: number, { box, level, cells }: CellCover): void {
    this.#makeRoom(number);
    this.#boxes.set([box.minX, box.minY, box.maxX, box.maxY], number * 4);
    const start = this.#cells.take(exponentFor(cells.length));
    this.#cells.values.set(cells, start);
    this.#fields.set([level, start, cells.length], number * FIELDS);
    const table = this.#levels[level]?.table;
    for (const cell of cells) table?.add(cell >> 1, number * 2 + (cell & 1));
  }

  /** Takes out the cover of a number. */
  remove(number: number): void {
    const { level, cells } = this.coverOf(number);
    const table = this.#levels[level]?.table;
    for (const cell of cells) table?.remove(cell >> 1, number * 2 + (cell & 1));
    this.#cells.give(this.#fields[number * FIELDS + 1] ?? 0, exponentFor(cells.length));
  }

  /** The cover of a number. */
  coverOf(number: number): CellCover {
    const [level = 0, start = 0, count = 0] = this.#fields.subarray(number * FIELDS);
    const [minX = 0, minY = 0, maxX = 0, maxY = 0] = this.#boxes.subarray(number * 4);
    const cells = [...this.#cells.values.subarray(start, start + count)];
    return { box: { minX, minY, maxX, maxY }, level, cells };
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

  #makeRoom(number: number): void {
    if (number * FIELDS + FIELDS <= this.#fields.length) return;
    const covers = Math.ceil((number + 1) * 1.5);
    const boxes = new Float64Array(covers * 4);
    boxes.set(this.#boxes);
    this.#boxes = boxes;
    const fields = new Int32Array(covers * FIELDS);
    fields.set(this.#fields);
    this.#fields = fields;
  }
}
