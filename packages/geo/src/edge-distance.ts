/**
 * How far a place is from the nearest edge. Measured in the plane that touches the earth at the place
 * (equirectangular, true along its parallel and meridian): straight edges in lon/lat stay straight in it, and
 * distances of some kilometres are good to a few per mille.
 */
import { slabOf, type EdgeLines, type EdgeSlabs } from './edge-slabs.ts';
import { METRES_PER_DEGREE, RADIANS } from './sphere.ts';

/** Squared distance from (0, 0) to the segment that starts at (ax, ay) and runs (dx, dy). */
export function squaredDistanceToOrigin(ax: number, ay: number, dx: number, dy: number): number {
  const length = dx * dx + dy * dy;
  const along = length === 0 ? 0 : Math.max(0, Math.min(1, -(ax * dx + ay * dy) / length));
  const px = ax + along * dx;
  const py = ay + along * dy;
  return px * px + py * py;
}

/** Metres per degree of longitude at a latitude. */
export const metresPerLonAt = (lat: number): number => METRES_PER_DEGREE * Math.cos(lat * RADIANS);

/**
 * Metres from a place to the nearest of some edges, `limitM` where none is nearer. Looks at the slabs within reach
 * only and does not allocate. The edges may be unrolled beyond ±180: they are asked on every turn they may lie on.
 */
export function createEdgeDistance(
  { xs, ys }: EdgeLines,
  slabs: EdgeSlabs,
): (lon: number, lat: number, limitM: number) => number {
  const { starts, list } = slabs;
  const count = starts.length - 1;
  const nearest = (x: number, y: number, metresPerLon: number, limit: number): number => {
    const reachDeg = Math.sqrt(limit) / METRES_PER_DEGREE;
    if (y + reachDeg < slabs.minY || y - reachDeg > slabs.maxY) return limit;
    let least = limit;
    const end = starts[slabOf(slabs, count, y + reachDeg) + 1] ?? 0;
    for (let at = starts[slabOf(slabs, count, y - reachDeg)] ?? 0; at < end; at += 1) {
      const edge = list[at] ?? 0;
      const ax = ((xs[edge] ?? 0) - x) * metresPerLon;
      const ay = ((ys[edge] ?? 0) - y) * METRES_PER_DEGREE;
      const dx = ((xs[edge + 1] ?? 0) - x) * metresPerLon - ax;
      const dy = ((ys[edge + 1] ?? 0) - y) * METRES_PER_DEGREE - ay;
      const squared = squaredDistanceToOrigin(ax, ay, dx, dy);
      if (squared < least) least = squared;
    }
    return least;
  };
  return (lon, lat, limitM) => {
    const metresPerLon = metresPerLonAt(lat);
    let least = limitM * limitM;
    least = nearest(lon, lat, metresPerLon, least);
    least = nearest(lon + 360, lat, metresPerLon, least);
    least = nearest(lon - 360, lat, metresPerLon, least);
    return Math.sqrt(least);
  };
}
