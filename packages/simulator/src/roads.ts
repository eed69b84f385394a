/**
 * A street network that needs no memory: crossings on a disturbed grid, some streets missing, every sixth
 * line a main road. Where a crossing lies and which streets exist follows from the seed alone.
 *
 * Places are metres east (x) and north (y) of the middle of the area.
 */

/** A crossing by its place in the grid. */
export interface Crossing {
  readonly column: number;
  readonly row: number;
}

/** A place in metres. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/** The streets of an area. */
export interface Roads {
  /** Crossings lie at −reach … reach in both directions. */
  readonly reach: number;
  placeOf(crossing: Crossing): Place;
  /** Crossings that one street leads to; at least one. */
  neighboursOf(crossing: Crossing): readonly Crossing[];
  /** Whether the street between two neighbours is a main road. */
  isMainRoad(from: Crossing, to: Crossing): boolean;
}

const BLOCK_M = 160;
const JITTER_M = 45;
const MAIN_ROAD_EVERY = 6;
const MISSING_SHARE = 0.14;
const DIRECTIONS = [
  [1, 0],
  [0, 1],
  [-1, 0],
  [0, -1],
] as const;

/** Uniform in [0, 1) from three integers (MurmurHash3's final mix, public domain, Austin Appleby). */
function noise(seed: number, a: number, b: number): number {
  let h = seed ^ Math.imul(a + 0x7fff, 0x9e3779b1) ^ Math.imul(b + 0x7fff, 0x85ebca77);
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 2 ** 32;
}

/** Streets within `radiusM` of the middle. */
export function createRoads(seed: number, radiusM: number): Roads {
  const reach = Math.max(2, Math.floor(radiusM / BLOCK_M));

  const isMainLine = (line: number): boolean => line % MAIN_ROAD_EVERY === 0;
  const isMainRoad = (from: Crossing, to: Crossing): boolean =>
    from.row === to.row ? isMainLine(from.row) : isMainLine(from.column);

  const isStreet = (from: Crossing, to: Crossing): boolean => {
    if (Math.abs(to.column) > reach || Math.abs(to.row) > reach) return false;
    if (isMainRoad(from, to)) return true;
    const column = from.column + to.column;
    const row = from.row + to.row;
    return noise(seed ^ 0x51ed270b, column, row) >= MISSING_SHARE;
  };

  return {
    reach,
    isMainRoad,
    placeOf: ({ column, row }) => ({
      x: column * BLOCK_M + (noise(seed, column, row) - 0.5) * 2 * JITTER_M,
      y: row * BLOCK_M + (noise(seed ^ 0x2545f491, column, row) - 0.5) * 2 * JITTER_M,
    }),
    neighboursOf(crossing) {
      const around = DIRECTIONS.map(([column, row]) => ({
        column: crossing.column + column,
        row: crossing.row + row,
      }));
      const reachable = around.filter((next) => isStreet(crossing, next));
      // a crossing that lost all its streets keeps a path to the middle of the area
      return reachable.length > 0 ? reachable : [towardsMiddle(crossing)];
    },
  };
}

function towardsMiddle({ column, row }: Crossing): Crossing {
  return column === 0
    ? { column, row: row === 0 ? 1 : row - Math.sign(row) }
    : { column: column - Math.sign(column), row };
}
