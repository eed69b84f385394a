import type { Clock } from '@followme/platform';

/** The clock of a process that can stand still while the time of others goes on. */
export interface ProcessClock extends Clock {
  /** From here on nothing of this process runs (SIGSTOP). */
  freeze(): void;
  /** What became due meanwhile runs now, each timer once (SIGCONT). */
  wake(): void;
  readonly isFrozen: boolean;
  /** Runs now, or on waking. */
  whenAwake(run: () => void): void;
}

/** A clock over `base`, with timers of its own. */
export function createProcessClock(base: Clock): ProcessClock {
  let late: Map<unknown, () => void> | null = null;
  const clock: ProcessClock = {
    nowMs: () => base.nowMs(),
    monotonicMs: () => base.monotonicMs(),
    after: (delayMs, run) => {
      const key = {};
      const cancel = base.after(delayMs, () => guarded(key, run));
      return () => {
        cancel();
        late?.delete(key);
      };
    },
    every: (periodMs, run) => {
      const key = {};
      const cancel = base.every(periodMs, () => guarded(key, run));
      return () => {
        cancel();
        late?.delete(key);
      };
    },
    sleep: async (delayMs, signal) => {
      await base.sleep(delayMs, signal);
      if (late !== null) await new Promise<void>((resolve) => guarded({}, resolve));
    },
    freeze: () => void (late ??= new Map()),
    wake() {
      const runs = late?.values() ?? [];
      late = null;
      for (const run of runs) run();
    },
    get isFrozen() {
      return late !== null;
    },
    whenAwake: (run) => guarded({}, run),
  };
  function guarded(key: unknown, run: () => void): void {
    if (late === null) run();
    else late.set(key, run);
  }
  return clock;
}
