/** A clock that stands still until a test moves it. */
import { AbortError, type CancelTimer, type Clock } from '@followme/platform';

export interface FakeClock extends Clock {
  /**
   * Moves time on by `byMs`, firing what becomes due in order of its time (equal times: in order of asking).
   * After each timer everything it set off may run as far as it gets without I/O, so timers started by it
   * within the span fire too.
   */
  advance(byMs: number): Promise<void>;
  /** Sets the wall clock without moving durations, as when the system's time is corrected. */
  jumpTo(nowMs: number): void;
  /** Timers and sleeps that still wait. */
  waiting(): number;
}

interface Timer {
  readonly order: number;
  dueMs: number;
  readonly periodMs: number | null;
  readonly run: () => void;
}

/** The first moment unless told: 2026-01-01T00:00:00Z. */
const DEFAULT_START_MS = Date.UTC(2026, 0, 1);

/** Lets everything go on that waits for promises only. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function firstDue(timers: ReadonlySet<Timer>, untilMs: number): Timer | null {
  let first: Timer | null = null;
  for (const timer of timers) {
    if (timer.dueMs > untilMs) continue;
    const earlier = first === null || timer.dueMs < first.dueMs;
    if (earlier || (timer.dueMs === first?.dueMs && timer.order < first.order)) first = timer;
  }
  return first;
}

/** A clock at `startMs` whose monotonic time begins at 0. */
export function createFakeClock(startMs = DEFAULT_START_MS): FakeClock {
  const timers = new Set<Timer>();
  let elapsedMs = 0;
  let wallOffsetMs = startMs;
  let asked = 0;

  function schedule(delayMs: number, periodMs: number | null, run: () => void): CancelTimer {
    asked += 1;
    const timer: Timer = { order: asked, dueMs: elapsedMs + Math.max(0, delayMs), periodMs, run };
    timers.add(timer);
    return () => void timers.delete(timer);
  }

  function fire(timer: Timer): void {
    elapsedMs = Math.max(elapsedMs, timer.dueMs);
    if (timer.periodMs === null) timers.delete(timer);
    else timer.dueMs += timer.periodMs;
    timer.run();
  }

  return {
    nowMs: () => wallOffsetMs + elapsedMs,
    monotonicMs: () => elapsedMs,
    after: (delayMs, run) => schedule(delayMs, null, run),
    every: (periodMs, run) => {
      if (!(periodMs > 0)) throw new Error(`A period is more than 0 ms, got ${periodMs}`);
      return schedule(periodMs, periodMs, run);
    },
    sleep: (delayMs, signal) =>
      new Promise((resolve, reject) => {
        const onAbort = (): void => {
          cancel();
          reject(new AbortError('sleep'));
        };
        const cancel = schedule(delayMs, null, () => {
          signal?.removeEventListener('abort', onAbort);
          resolve();
        });
        if (signal?.aborted === true) onAbort();
        else signal?.addEventListener('abort', onAbort, { once: true });
      }),
    async advance(byMs) {
      const untilMs = elapsedMs + byMs;
      await settle();
      for (let due = firstDue(timers, untilMs); due !== null; due = firstDue(timers, untilMs)) {
        fire(due);
        await settle();
      }
      elapsedMs = untilMs;
    },
    jumpTo(nowMs) {
      wallOffsetMs = nowMs - elapsedMs;
    },
    waiting: () => timers.size,
  };
}
