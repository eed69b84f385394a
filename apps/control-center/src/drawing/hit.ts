/** What of a draft is under the pointer, in pixels of the screen. Pure. */

/** A place on the screen. */
export interface Pixel {
  readonly x: number;
  readonly y: number;
}

/** The nearest of several within reach; null when none is. */
export function nearestWithin(points: readonly Pixel[], at: Pixel, reachPx: number): number | null {
  let best: number | null = null;
  let bestPx = reachPx;
  for (const [index, { x, y }] of points.entries()) {
    const distancePx = Math.hypot(x - at.x, y - at.y);
    if (distancePx > bestPx) continue;
    best = index;
    bestPx = distancePx;
  }
  return best;
}

/** The foot of the perpendicular on an edge, kept between its ends. */
export function footOn(from: Pixel, to: Pixel, at: Pixel): Pixel {
  const [dx, dy] = [to.x - from.x, to.y - from.y];
  const square = dx * dx + dy * dy;
  const share = square === 0 ? 0 : ((at.x - from.x) * dx + (at.y - from.y) * dy) / square;
  const bounded = Math.min(1, Math.max(0, share));
  return { x: from.x + bounded * dx, y: from.y + bounded * dy };
}
