/**
 * Which cells a shape touches, and which of them lie wholly inside it.
 *
 * The earth is cut into square cells on four levels. A shape is covered on the finest level where its box has
 * few cells, and one level finer where that stays affordable: the finer the cells, the more of them are wholly
 * inside (a place there needs no geometry) or wholly outside (they are not part of the cover).
 */
import { metresPerLonAt } from './edge-distance.ts';
import type { Box, PreparedShape } from './prepared.ts';
import { METRES_PER_DEGREE } from './sphere.ts';

/** Sides of the cells in degrees: from about a kilometre to a country. */
export const CELL_SIZES_DEG = [0.01, 0.08, 0.64, 5.12] as const;

/** Cells of a box up to which a level is taken. */
const MAX_CELLS = 64;
/** Cells up to which a box of a town, and one of a country, is covered one level finer. */
const MAX_FINER_CELLS = 256;
const MAX_FINER_CELLS_LARGE = 4_096;
const LARGE_FROM_LEVEL = 2;
/** A place may differ from its cell's computed edge by rounding. */
const MARGIN_DEG = 1e-9;

/** The cover of one box of a shape. */
export interface CellCover {
  /** The box, degrees within −180 … 180. */
  readonly box: Box;
  /** Index into `CELL_SIZES_DEG`. */
  readonly level: number;
  /** Each cell × 2, + 1 when it lies wholly inside the shape. */
  readonly cells: readonly number[];
}

/** Cells of a row around the earth. */
export const columnsOf = (sizeDeg: number): number => Math.ceil(360 / sizeDeg) + 1;

/** Column of a longitude, −180 … 180; what lies beyond counts to the last one. */
export function columnOf(lon: number, sizeDeg: number): number {
  return Math.min(Math.max(Math.floor((lon + 180) / sizeDeg), 0), columnsOf(sizeDeg) - 1);
}

/** Row of a latitude, −90 … 90; what lies beyond counts to the last one. */
export function rowOf(lat: number, sizeDeg: number): number {
  return Math.max(Math.floor((Math.min(lat, 90) + 90) / sizeDeg), 0);
}

/**
 * Metres from a place to the border of its finest cell, as the crow flies: within it the place has the same cells on all
 * levels, since cells of one level are made of whole cells of the next. 0 next to the poles.
 */
export function borderDistanceM(lon: number, lat: number): number {
  // degrees of longitude shrink too fast there
  if (Math.abs(lat) > 89) return 0;
  const [sizeDeg] = CELL_SIZES_DEG;
  const x = (lon + 180) / sizeDeg;
  const y = (lat + 90) / sizeDeg;
  const columnShare = Math.min(x - Math.floor(x), Math.ceil(x) - x);
  const rowShare = Math.min(y - Math.floor(y), Math.ceil(y) - y);
  return sizeDeg * Math.min(columnShare * metresPerLonAt(lat), rowShare * METRES_PER_DEGREE);
}

interface CellRange {
  readonly minX: number;
  readonly maxX: number;
  readonly minY: number;
  readonly maxY: number;
}

function rangeOf(box: Box, sizeDeg: number): CellRange {
  return {
    minX: columnOf(box.minX, sizeDeg),
    maxX: columnOf(box.maxX, sizeDeg),
    minY: rowOf(box.minY, sizeDeg),
    maxY: rowOf(box.maxY, sizeDeg),
  };
}

const cellsIn = ({ minX, maxX, minY, maxY }: CellRange): number =>
  (maxX - minX + 1) * (maxY - minY + 1);

const cellsAt = (box: Box, level: number): number =>
  cellsIn(rangeOf(box, CELL_SIZES_DEG[level] ?? Number.NaN));

function levelOf(box: Box): number {
  const fitting = CELL_SIZES_DEG.findIndex((_, level) => cellsAt(box, level) <= MAX_CELLS);
  const level = fitting === -1 ? CELL_SIZES_DEG.length - 1 : fitting;
  const limit = level >= LARGE_FROM_LEVEL ? MAX_FINER_CELLS_LARGE : MAX_FINER_CELLS;
  return level > 0 && cellsAt(box, level - 1) <= limit ? level - 1 : level;
}

/** What is known of a cell while a cover is made. */
const UNTOUCHED = 0;
const ON_EDGE = 1;

/** Covers one box of a shape. Costs its edges and its cells, and one question for each run of cells between edges. */
export function coverBox(shape: PreparedShape, box: Box): CellCover {
  const level = levelOf(box);
  const sizeDeg = CELL_SIZES_DEG[level] ?? Number.NaN;
  const range = rangeOf(box, sizeDeg);
  const marks = markEdges(shape, range, sizeDeg);
  const columns = columnsOf(sizeDeg);
  const cells: number[] = [];
  let at = 0;
  for (let y = range.minY; y <= range.maxY; y += 1) {
    // cells without an edge between them are on the same side
    let side: boolean | null = null;
    for (let x = range.minX; x <= range.maxX; x += 1, at += 1) {
      const cell = (y * columns + x) * 2;
      if (marks[at] === ON_EDGE) {
        side = null;
        cells.push(cell);
        continue;
      }
      side ??= shape.contains(-180 + (x + 0.5) * sizeDeg, -90 + (y + 0.5) * sizeDeg);
      if (side) cells.push(cell + 1);
    }
  }
  return { box, level, cells };
}

/** Which cells of a range an edge may pass through. */
function markEdges(shape: PreparedShape, range: CellRange, sizeDeg: number): Uint8Array {
  const marks = new Uint8Array(cellsIn(range)).fill(UNTOUCHED);
  const outline = shape.outline();
  if (outline.kind === 'asked') {
    markAsked(marks, outline.mayCross, range, sizeDeg);
    return marks;
  }
  const width = range.maxX - range.minX + 1;
  outline.visit((minX, minY, maxX, maxY) => {
    const south = Math.max(rowOf(minY - MARGIN_DEG, sizeDeg), range.minY);
    const north = Math.min(rowOf(maxY + MARGIN_DEG, sizeDeg), range.maxY);
    for (let turn = -360; turn <= 360; turn += 360) {
      const west = minX + turn - MARGIN_DEG;
      const east = maxX + turn + MARGIN_DEG;
      if (east < -180 || west > 180) continue;
      const from = Math.max(columnOf(west, sizeDeg), range.minX);
      const to = Math.min(columnOf(east, sizeDeg), range.maxX);
      for (let y = south; y <= north; y += 1) {
        const row = (y - range.minY) * width - range.minX;
        for (let x = from; x <= to; x += 1) marks[row + x] = ON_EDGE;
      }
    }
  });
  return marks;
}

function markAsked(
  marks: Uint8Array,
  mayCross: (rectangle: Box) => boolean,
  { minX, maxX, minY, maxY }: CellRange,
  sizeDeg: number,
): void {
  let at = 0;
  for (let y = minY; y <= maxY; y += 1) {
    for (let x = minX; x <= maxX; x += 1, at += 1) {
      const west = -180 + x * sizeDeg;
      const south = -90 + y * sizeDeg;
      const rectangle = {
        minX: west - MARGIN_DEG,
        minY: south - MARGIN_DEG,
        maxX: west + sizeDeg + MARGIN_DEG,
        maxY: south + sizeDeg + MARGIN_DEG,
      };
      if (mayCross(rectangle)) marks[at] = ON_EDGE;
    }
  }
}
