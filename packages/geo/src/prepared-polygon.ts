/** One polygon with holes, ready to be asked. */
import type { LonLat } from '@followme/model';
import { orient2d } from 'robust-predicates';
import { edgeDistanceM } from './edge-distance.ts';
import { Edges, HEADER } from './edges.ts';
import { flattenPolygon, type FlatRing } from './flat-ring.ts';
import { signed, visitEdges, type Box, type Outline, type PreparedShape } from './prepared.ts';

/** Where a point lies; `edge` is inside for a fence, and tells a checker that two rings touch. */
export type RingSide = 'inside' | 'outside' | 'edge';

/**
 * The point-in-rings question over flat coordinates, even-odd over all rings, exact by the sign of
 * `orient2d`. The point is in the same unrolled longitudes as the rings.
 */
export function createRingTest(rings: readonly FlatRing[]): (x: number, y: number) => RingSide {
  const edges = new Edges(rings);
  return (x, y) => sideOf(edges, x, y);
}

function sideOf(edges: Edges, x: number, y: number): RingSide {
  const { xy, list } = edges;
  if (!(x >= edges.minX && x <= edges.maxX && y >= edges.minY && y <= edges.maxY)) return 'outside';
  const end = edges.endAt(y);
  let inside = false;
  for (let at = edges.startAt(y); at < end; at += 1) {
    const edge = HEADER + (list === null ? at : (list[at] ?? 0)) * 2;
    const ay = xy[edge + 1] ?? 0;
    const by = xy[edge + 3] ?? 0;
    if ((ay > y && by > y) || (ay < y && by < y)) continue;
    const ax = xy[edge] ?? 0;
    const bx = xy[edge + 2] ?? 0;
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
}

/** Makes a polygon ready; the first ring is its outside, the others are holes. */
export function preparePolygon(rings: readonly (readonly LonLat[])[]): PreparedShape {
  return new PreparedPolygon(flattenPolygon(rings));
}

/** A class and no closures: a hundred thousand of them are kept. */
class PreparedPolygon implements PreparedShape {
  readonly #edges: Edges;

  constructor(rings: readonly FlatRing[]) {
    this.#edges = new Edges(rings);
  }

  get boxes(): readonly Box[] {
    const { minX, minY, maxX, maxY } = this.#edges;
    return [{ minX, minY, maxX, maxY }];
  }

  contains(lon: number, lat: number): boolean {
    const edges = this.#edges;
    return (
      sideOf(edges, lon, lat) !== 'outside' ||
      sideOf(edges, lon + 360, lat) !== 'outside' ||
      sideOf(edges, lon - 360, lat) !== 'outside'
    );
  }

  signedDistanceM(lon: number, lat: number, limitM: number): number {
    return signed(this.contains(lon, lat), edgeDistanceM(this.#edges, lon, lat, limitM));
  }

  outline(): Outline {
    return { kind: 'edges', visit: (visit) => visitEdges(this.#edges, 0, 0, visit) };
  }
}
