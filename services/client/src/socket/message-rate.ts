/** A bucket of allowances: `burst` at once, refilled with `perSecond`. */
export interface MessageRate {
  /** Takes one allowance; false when none is left. */
  take(nowMs: number): boolean;
}

/** Starts full. `nowMs` is of a clock that never goes back. */
export function createMessageRate(config: {
  readonly perSecond: number;
  readonly burst: number;
}): MessageRate {
  let allowance = config.burst;
  let seenMs: number | null = null;
  return {
    take(nowMs) {
      const passedMs = seenMs === null ? 0 : nowMs - seenMs;
      seenMs = nowMs;
      allowance = Math.min(config.burst, allowance + (passedMs / 1_000) * config.perSecond);
      if (allowance < 1) return false;
      allowance -= 1;
      return true;
    },
  };
}
