/** First wait after a lost connection; doubles with every failure. */
const FIRST_MS = 500;
/** Nobody waits longer than this for the next attempt. */
export const LONGEST_WAIT_MS = 15_000;

/**
 * How long to wait before attempt number `failures` (1 = the first retry). Half of the wait is fixed, half is
 * drawn with `random` in [0, 1), so that a thousand screens do not return in the same instant.
 */
export function reconnectDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_WAIT_MS, FIRST_MS * 2 ** Math.max(0, failures - 1));
  return Math.round(ceiling / 2 + (ceiling / 2) * random);
}
