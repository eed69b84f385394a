/**
 * A trail that grows at its end while somebody watches. What is costly, the clean way with its stops, is made of `points`
 * only, which change seldom; `tip` is what came since, drawn at once and cheaply.
 */
import { orderTrail, type TrailPoint } from './trail.ts';

/** Both oldest first; every point of `tip` is newer than all of `points`. */
export interface GrowingTrail {
  readonly points: readonly TrailPoint[];
  readonly tip: readonly TrailPoint[];
  /** Older points were dropped to stay within the bound. */
  readonly isTrimmed: boolean;
}

/** Nothing heard yet. */
export const NO_TRAIL: GrowingTrail = { points: [], tip: [], isTrimmed: false };

/** How much of the way is kept. */
export interface TrailBounds {
  /** Points before are of another day. ms since 1970 UTC */
  readonly sinceMs: number;
  readonly maxPoints: number;
}

function newestOf({ points, tip }: GrowingTrail): TrailPoint | undefined {
  return tip.at(-1) ?? points.at(-1);
}

/** Adds the newest point; the same trail when it is not newer than the last. */
export function addToTrail(trail: GrowingTrail, point: TrailPoint): GrowingTrail {
  if (point.fixMs <= (newestOf(trail)?.fixMs ?? -Infinity)) return trail;
  return { ...trail, tip: [...trail.tip, point] };
}

/** Takes the tip into the points, without what is of another day or beyond the bound. */
export function foldTip(trail: GrowingTrail, { sinceMs, maxPoints }: TrailBounds): GrowingTrail {
  if (trail.tip.length === 0) return trail;
  const all = [...trail.points, ...trail.tip];
  const today = all.findIndex(({ fixMs }) => fixMs >= sinceMs);
  const from = Math.max(today < 0 ? all.length : today, all.length - maxPoints);
  const isTrimmed = trail.isTrimmed || all.length - Math.max(0, today) > maxPoints;
  return { points: from === 0 ? all : all.slice(from), tip: [], isTrimmed };
}

/** Begins with what the server knows; of what was heard only what is newer than that is kept. */
export function withHistory(
  trail: GrowingTrail,
  history: readonly TrailPoint[],
  bounds: TrailBounds,
): GrowingTrail {
  const past = orderTrail(history);
  const untilMs = past.at(-1)?.fixMs ?? -Infinity;
  const isNews = ({ fixMs }: TrailPoint): boolean => fixMs > untilMs;
  const tip = [...trail.points.filter(isNews), ...trail.tip.filter(isNews)];
  const known = { points: past, tip: [], isTrimmed: false };
  return tip.length === 0 ? known : foldTip({ ...known, tip }, bounds);
}
