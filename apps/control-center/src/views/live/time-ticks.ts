/** Where a time axis is labelled: at whole hours of the clock on the wall, or at whole parts of one. */

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Distances between two labels, from close to far. */
const STEPS_MS = [1, 5, 15, 30, 60, 120, 180, 240, 360].map((minutes) => minutes * MINUTE_MS);

/** Midnight here before this time; the day may have 23 or 25 hours. */
function midnightMs(timeMs: number): number {
  return new Date(timeMs).setHours(0, 0, 0, 0);
}

/**
 * At most `most` times (ms) within `fromMs` … `untilMs`, as far apart as the smallest step allows that needs no
 * more; empty when none fits.
 */
export function timeTicks(fromMs: number, untilMs: number, most: number): number[] {
  for (const stepMs of STEPS_MS) {
    const ticks: number[] = [];
    const startMs = stepMs < HOUR_MS ? Math.floor(fromMs / HOUR_MS) * HOUR_MS : midnightMs(fromMs);
    for (let timeMs = startMs; timeMs <= untilMs && ticks.length <= most; timeMs += stepMs) {
      if (timeMs >= fromMs) ticks.push(timeMs);
    }
    if (ticks.length <= most) return ticks;
  }
  return [];
}
