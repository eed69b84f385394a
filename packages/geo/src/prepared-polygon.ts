/** One polygon with holes, ready to be asked. */
import type { LonLat } from '@followme/model';
import { orient2d } from 'robust-predicates';
import { createEdgeDistance } from './edge-distance.ts';
import { buildEdgeSlabs, slabOf, type EdgeLines, type EdgeSlabs } from './edge-slabs.ts';
import { extentOf, flattenPolygon, type FlatRing } from './flat-ring.ts';
import { signed, type Box, type PreparedShape } from './prepared.ts';

/** Where a point lies; `edge` is inside for a fence, and tells a checker that two rings touch. */
export type RingSide = 'inside' | 'outside' | 'edge';

/** Joins rings to one list of vertices; edges never run from ring to ring. */
function joinRings(rings: readonly FlatRing[]): EdgeLines {
  const vertices = rings.reduce((sum, ring) => sum + ring.xs.length, 0);
  const xs = new Float64Array(vertices);
  const ys = new Float64Array(vertices);
  const edges = new Int32Array(rings.reduce((sum, { xs }) => sum + Math.max(0, xs.length - 1), 0));
  let vertex = 0;
  let edge = 0;
  for (const ring of rings) {
    xs.set(ring.xs, vertex);
    ys.set(ring.ys, vertex);
    for (let i = 0; i + 1 < ring.xs.length; i += 1, edge += 1) edges[edge] = vertex + i;
    vertex += ring.xs.length;
  }
  return { xs, ys, edges };
}

/** The edges of some rings, sorted into slabs. */
interface SortedRings {
  readonly lines: EdgeLines;
  readonly slabs: EdgeSlabs;
}

function sortRings(rings: readonly FlatRing[]): SortedRings {
  const lines = joinRings(rings);
  return { lines, slabs: buildEdgeSlabs(lines, 0) };
}

/**
 * The point-in-rings question over flat coordinates, even-odd over all rings, exact by the sign of
 * `orient2d`. The point is in the same unrolled longitudes as the rings.
 */
export function createRingTest(rings: readonly FlatRing[]): (x: number, y: number) => RingSide {
  return createSideTest(sortRings(rings));
}

/** Whether the box of an edge meets the rectangle; in the unrolled longitudes of the rings. */
function createEdgeTest({ lines, slabs }: SortedRings): (rectangle: Box) => boolean {
  const { xs, ys } = lines;
  const { starts, list } = slabs;
  const slabCount = starts.length - 1;
  return ({ minX, minY, maxX, maxY }) => {
    if (maxY < slabs.minY || minY > slabs.maxY) return false;
    const end = starts[slabOf(slabs, slabCount, maxY) + 1] ?? 0;
    for (let at = starts[slabOf(slabs, slabCount, minY)] ?? 0; at < end; at += 1) {
      const edge = list[at] ?? 0;
      const ax = xs[edge] ?? 0;
      const bx = xs[edge + 1] ?? 0;
      if ((ax < minX && bx < minX) || (ax > maxX && bx > maxX)) continue;
      const ay = ys[edge] ?? 0;
      const by = ys[edge + 1] ?? 0;
      if ((ay < minY && by < minY) || (ay > maxY && by > maxY)) continue;
      return true;
    }
    return false;
  };
}

function createSideTest({ lines, slabs }: SortedRings): (x: number, y: number) => RingSide {
  const { xs, ys } = lines;
  const slabCount = slabs.starts.length - 1;
  const { starts, list, minY, maxY } = slabs;
  return (x, y) => {
    if (!(y >= minY && y <= maxY)) return 'outside';
    const slab = slabOf(slabs, slabCount, y);
    const end = starts[slab + 1] ?? 0;
    let inside = false;
    for (let at = starts[slab] ?? 0; at < end; at += 1) {
      const edge = list[at] ?? 0;
      const ay = ys[edge] ?? 0;
      const by = ys[edge + 1] ?? 0;
      if ((ay > y && by > y) || (ay < y && by < y)) continue;
      const ax = xs[edge] ?? 0;
      const bx = xs[edge + 1] ?? 0;
      if (ax < x && bx < x) continue;
      // a vertex on the line of sight belongs to the edge that goes up from it
      const straddles = ay > y !== by > y;
      if (ax > x && bx > x) {
        if (straddles) inside = !inside;
        continue;
      }
      if (ay === by) return 'edge'; // level with the point, and the point is between its ends
      const side = orient2d(ax, ay, bx, by, x, y);
      if (side === 0) return 'edge';
      // the point is west of the edge: left of an edge that goes up, right of one that goes down
      if (straddles && side < 0 === by > ay) inside = !inside;
    }
    return inside ? 'inside' : 'outside';
  };
}

/** Makes a polygon ready; the first ring is its outside, the others are holes. */
export function preparePolygon(rings: readonly (readonly LonLat[])[]): PreparedShape {
  const flat = flattenPolygon(rings);
  const sorted = sortRings(flat);
  const test = createSideTest(sorted);
  const hasEdge = createEdgeTest(sorted);
  const { min: minX, max: maxX } = extentOf(flat[0]?.xs ?? new Float64Array());
  const { min: minY, max: maxY } = extentOf(flat[0]?.ys ?? new Float64Array());
  const edgeDistanceM = createEdgeDistance(sorted.lines, sorted.slabs);
  const holds = (x: number, y: number): boolean =>
    x >= minX && x <= maxX && test(x, y) !== 'outside';
  const contains = (lon: number, lat: number): boolean => {
    if (lat < minY || lat > maxY) return false;
    return holds(lon, lat) || holds(lon + 360, lat) || holds(lon - 360, lat);
  };
  return {
    boxes: [{ minX, minY, maxX, maxY }],
    contains,
    signedDistanceM: (lon, lat, limitM) =>
      signed(contains(lon, lat), edgeDistanceM(lon, lat, limitM)),
    hasEdgeIn: (rectangle) =>
      hasEdge(rectangle) || hasEdge(turned(rectangle, 360)) || hasEdge(turned(rectangle, -360)),
  };
}

const turned = (rectangle: Box, byDeg: number): Box => ({
  ...rectangle,
  minX: rectangle.minX + byDeg,
  maxX: rectangle.maxX + byDeg,
});
