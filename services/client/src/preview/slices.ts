/** The stretches of time a preview looks through. */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Where there is too much to look through, the last hours are told at least. */
const FIRST_STEPS_MS = [HOUR_MS, 6 * HOUR_MS];

/** From `fromMs` to before `toMs`. */
export interface Slice {
  readonly fromMs: number;
  readonly toMs: number;
}

/**
 * A period in slices that join, newest first; none passes midnight UTC, where the positions' partitions meet, and
 * the newest ones are short.
 */
export function slicesOf({ fromMs, toMs }: Slice): readonly Slice[] {
  const cuts = new Set([fromMs, ...FIRST_STEPS_MS.map((stepMs) => toMs - stepMs)]);
  for (let cutMs = Math.floor(toMs / DAY_MS) * DAY_MS; cutMs > fromMs; cutMs -= DAY_MS) {
    cuts.add(cutMs);
  }
  const slices: Slice[] = [];
  let endMs = toMs;
  for (const cutMs of [...cuts].sort((a, b) => b - a)) {
    if (cutMs >= endMs || cutMs < fromMs) continue;
    slices.push({ fromMs: cutMs, toMs: endMs });
    endMs = cutMs;
  }
  return slices;
}
