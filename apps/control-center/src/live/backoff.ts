/** Most of the first waits: a server that restarts is back within seconds. */
const QUICK_MS = 1000;
const QUICK_TRIES = 4;
/** Then, for about five minutes, a return is noticed within two seconds. */
const STEADY_MS = 2000;
const STEADY_TRIES = 200;
/** Nobody waits longer than this for the next attempt. */
export const LONGEST_WAIT_MS = 15_000;

function ceilingMs(failures: number): number {
  if (failures <= 1) return QUICK_MS / 2;
  if (failures <= QUICK_TRIES) return QUICK_MS;
  return Math.min(LONGEST_WAIT_MS, STEADY_MS * 2 ** Math.max(0, failures - STEADY_TRIES));
}

/**
 * How long to wait before attempt number `failures` (1 = the first retry). Half of the wait is fixed, half is
 * drawn with `random` in [0, 1), so that a thousand screens do not return in the same instant.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceiling = ceilingMs(failures);
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
