/**
 * How far a place is from the nearest edge. Measured in the plane that touches the earth at the place
 * (equirectangular, true along its parallel and meridian): straight edges in lon/lat stay straight in it, and
 * distances of some kilometres are good to a few per mille.
 */
import { HEADER, type Edges } from './edges.ts';
import { METRES_PER_DEGREE, RADIANS } from './sphere.ts';

/** Metres per degree of longitude at a latitude. */
export const metresPerLonAt = (lat: number): number => METRES_PER_DEGREE * Math.cos(lat * RADIANS);

/** Squared distance from (0, 0) to the segment that starts at (ax, ay) and runs (dx, dy). */
function squaredDistanceToOrigin(ax: number, ay: number, dx: number, dy: number): number {
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
  const px = ax + along * dx;
  const py = ay + along * dy;
  return px * px + py * py;
}

/**
 * The square of the distance in metres from the place (x, y), in the unrolled longitudes of the edges, to the nearest
 * of them; `limit`, a square too, where none is nearer. Looks at the slabs within reach only, and no further than to
 * what is at most `enough`. Does not allocate.
 */
export function squaredEdgeDistance(
  edges: Edges,
  x: number,
  y: number,
  limit: number,
  enough = -1,
): number {
  const metresPerLon = metresPerLonAt(y);
  const reachDeg = Math.sqrt(limit) / METRES_PER_DEGREE;
  if (y + reachDeg < edges.minY || y - reachDeg > edges.maxY) return limit;
  const { xy, list } = edges;
  let least = limit;
  const end = edges.endAt(y + reachDeg);
  for (let at = edges.startAt(y - reachDeg); at < end; at += 1) {
    const edge = HEADER + (list === null ? at : (list[at] ?? 0)) * 2;
    const ax = ((xy[edge] ?? 0) - x) * metresPerLon;
    const ay = ((xy[edge + 1] ?? 0) - y) * METRES_PER_DEGREE;
    const dx = ((xy[edge + 2] ?? 0) - x) * metresPerLon - ax;
    const dy = ((xy[edge + 3] ?? 0) - y) * METRES_PER_DEGREE - ay;
    const squared = squaredDistanceToOrigin(ax, ay, dx, dy);
    if (squared < least) least = squared;
    if (least <= enough) return least;
  }
  return least;
}

/** Metres from a place to the nearest of the edges, on whatever turn around the earth they lie; at most `limitM`. */
export function edgeDistanceM(edges: Edges, lon: number, lat: number, limitM: number): number {
  let least = squaredEdgeDistance(edges, lon, lat, limitM * limitM);
  least = squaredEdgeDistance(edges, lon + 360, lat, least);
  return Math.sqrt(squaredEdgeDistance(edges, lon - 360, lat, least));
}
