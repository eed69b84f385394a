import type { BrowserClock, CancelTimer } from '../browser/clock.ts';

/** Runs something soon after it was asked for, but never twice within a time, however often it is asked for. */
export interface Pacer {
  /** Asks for a run. */
  soon(): void;
  /** Runs at once; what was asked for before is done with it. */
  now(): void;
  stop(): void;
}

/** `firstMs` is the wait after a pause, `gapMs` the least time between two runs. */
export function createPacer(
  clock: BrowserClock,
  { firstMs, gapMs }: { readonly firstMs: number; readonly gapMs: number },
  run: () => void,
): Pacer {
  let cancel: CancelTimer | null = null;
  let ranMs = -Infinity;
  function now(): void {
    cancel?.();
    cancel = null;
    ranMs = clock.nowMs();
    run();
  }
  return {
    now,
    soon(): void {
      if (cancel !== null) return;
      // a clock that was set back must not stop the screen
      const gapLeftMs = Math.min(gapMs, ranMs + gapMs - clock.nowMs());
      cancel = clock.after(Math.max(firstMs, gapLeftMs), now);
    },
    stop: () => cancel?.(),
  };
}
