/**
 * Rings as flat coordinates with the antimeridian unrolled.
 *
 * An edge never spans more than 180° of longitude: between two vertices the short way round is meant. So
 * a ring 179 → −179 crosses the antimeridian, and unrolled it runs 179 → 181. A vertex is only ever moved
 * by one addition of a multiple of 360 to what was given; a query moved by the same addition meets it
 * exactly.
 */
import type { LonLat } from '@followme/model';

/** A closed line of vertices (last = first), longitudes unrolled; the smallest lies in −180 … 180. */
export interface FlatRing {
  readonly xs: Float64Array;
  readonly ys: Float64Array;
}

/**
 * For each vertex the number of turns (× 360°) to add to its longitude so that each is within 180° of
 * the one before.
 */
function turnsOf(line: readonly LonLat[]): Int32Array {
  const turns = new Int32Array(line.length);
  let turn = 0;
  for (let i = 1; i < line.length; i += 1) {
    const delta = (line[i]?.[0] ?? 0) - (line[i - 1]?.[0] ?? 0);
    if (delta > 180) turn -= 1;
    else if (delta < -180) turn += 1;
    turns[i] = turn;
  }
  return turns;
}

/** How often a closed ring goes around the earth: 0 unless it encloses a pole. */
export function turnsAroundPole(ring: readonly LonLat[]): number {
  return turnsOf(ring).at(-1) ?? 0;
}

/**
 * Unrolls a line or closed ring so that its smallest longitude lies in −180 … 180, then `extraTurns` times
 * 360° further.
 */
export function flatten(line: readonly LonLat[], extraTurns = 0): FlatRing {
  const turns = turnsOf(line);
  let minX = Infinity;
  for (let i = 0; i < line.length; i += 1) {
    minX = Math.min(minX, (line[i]?.[0] ?? 0) + 360 * (turns[i] ?? 0));
  }
  const shift = extraTurns - Math.floor((minX + 180) / 360);
  const xs = new Float64Array(line.length);
  const ys = new Float64Array(line.length);
  for (let i = 0; i < line.length; i += 1) {
    const vertex = line[i];
    xs[i] = (vertex?.[0] ?? 0) + 360 * ((turns[i] ?? 0) + shift);
    ys[i] = vertex?.[1] ?? 0;
  }
  return { xs, ys };
}

/** Smallest and largest of `values`; ∞ and −∞ of none. */
export function extentOf(values: Float64Array): { readonly min: number; readonly max: number } {
  let min = Infinity;
  let max = -Infinity;
  for (const value of values) {
    if (value < min) min = value;
    if (value > max) max = value;
  }
  return { min, max };
}

/**
 * Unrolls the rings of one polygon so that holes lie on the same turn as the outer ring, the first.
 */
export function flattenPolygon(rings: readonly (readonly LonLat[])[]): readonly FlatRing[] {
  const [first = [], ...holes] = rings;
  const outside = flatten(first);
  const outer = extentOf(outside.xs);
  const flatHoles = holes.map((hole) => {
    const flat = flatten(hole);
    const { min, max } = extentOf(flat.xs);
    const turn = [0, 1, -1].find((t) => min + 360 * t >= outer.min && max + 360 * t <= outer.max);
    return turn === undefined || turn === 0 ? flat : flatten(hole, turn);
  });
  return [outside, ...flatHoles];
}
