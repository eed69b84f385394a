/** Fewer corners for a way: what a receiver's noise adds is left out, nothing moves further than the tolerance. */

/** A place on a way. */
interface WayPoint {
  readonly lon: number;
  readonly lat: number;
}

const M_PER_DEGREE = 111_195;

/** A point in metres around the start of a way; flat, which is right for the short deviations compared here. */
type Flat = readonly [x: number, y: number];

function flatten(points: readonly WayPoint[]): Flat[] {
  const origin = points[0] ?? { lon: 0, lat: 0 };
  const mPerDegreeLon = M_PER_DEGREE * Math.cos((origin.lat * Math.PI) / 180);
  return points.map(({ lon, lat }) => [
    (lon - origin.lon) * mPerDegreeLon,
    (lat - origin.lat) * M_PER_DEGREE,
  ]);
}

/** Distance of `p` from the stretch between `a` and `b`. */
function offM(p: Flat, a: Flat, b: Flat): number {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const lengthSquared = dx * dx + dy * dy;
  const share = lengthSquared === 0 ? 0 : ((p[0] - a[0]) * dx + (p[1] - a[1]) * dy) / lengthSquared;
  const t = Math.min(1, Math.max(0, share));
  return Math.hypot(p[0] - a[0] - t * dx, p[1] - a[1] - t * dy);
}

/** The corner between `from` and `to` that is furthest off the straight way, if that is more than `toleranceM`. */
function furthest(
  flat: readonly Flat[],
  range: readonly [from: number, to: number],
  toleranceM: number,
) {
  const [from, to] = range;
  const a = flat[from];
  const b = flat[to];
  let best = -1;
  let bestM = toleranceM;
  for (let i = from + 1; i < to; i += 1) {
    const p = flat[i];
    if (a === undefined || b === undefined || p === undefined) continue;
    const distance = offM(p, a, b);
    if (distance <= bestM) continue;
    bestM = distance;
    best = i;
  }
  return best;
}

/** Keeps the first, the last and every corner that matters, by Douglas and Peucker (1973). */
export function simplifyWay<P extends WayPoint>(points: readonly P[], toleranceM: number): P[] {
  if (points.length < 3) return [...points];
  const flat = flatten(points);
  const kept = new Set([0, points.length - 1]);
  const open: (readonly [number, number])[] = [[0, points.length - 1]];
  for (let range = open.pop(); range !== undefined; range = open.pop()) {
    const corner = furthest(flat, range, toleranceM);
    if (corner < 0) continue;
    kept.add(corner);
    open.push([range[0], corner], [corner, range[1]]);
  }
  return points.filter((_, i) => kept.has(i));
}
