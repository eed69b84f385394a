/**
 * Time as a dependency. Everything that waits or asks the hour takes a `Clock`, so that tests and the
 * simulation decide what time it is. This package is the only one that may touch the global timers.
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Stops a timer; calling it twice is harmless. */
export type CancelTimer = () => void;

export interface Clock {
  /** Wall clock, ms since 1970 UTC. May jump. */
  nowMs(): number;
  /** Never goes back; for durations. Milliseconds from an arbitrary start. */
  monotonicMs(): number;
  /** Calls `run` once after `delayMs`. The timer does not keep the process alive. */
  after(delayMs: number, run: () => void): CancelTimer;
  /** Calls `run` every `periodMs`. The timer does not keep the process alive. */
  every(periodMs: number, run: () => void): CancelTimer;
  /**
   * Resolves after `delayMs`.
   * @throws AbortError when `signal` aborts first.
   */
  sleep(delayMs: number, signal?: AbortSignal): Promise<void>;
}

/** The error of everything that was told to stop waiting. */
export class AbortError extends Error {
  override readonly name = 'AbortError';
  constructor(what: string, options?: ErrorOptions) {
    super(`${what} was aborted`, options);
  }
}

/** True for the rejection of an aborted wait, ours or Node's. */
export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}

/** The machine's clock. */
export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs).unref();
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs).unref();
    return () => clearInterval(timer);
  },
  sleep(delayMs, signal) {
    return new Promise((resolve, reject) => {
      if (signal?.aborted === true) {
        reject(new AbortError('sleep'));
        return;
      }
      const onAbort = (): void => {
        clearTimeout(timer);
        reject(new AbortError('sleep'));
      };
      const timer = setTimeout(() => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      }, delayMs);
      signal?.addEventListener('abort', onAbort, { once: true });
    });
  },
};

/**
 * Waits for `work`, at most `limitMs`.
 * @throws Error `<what> took longer than <limitMs> ms` when the time is over; `work` itself is not stopped.
 */
export async function withDeadline<T>(
  clock: Clock,
  limitMs: number,
  what: string,
  work: Promise<T>,
): Promise<T> {
  let cancel: CancelTimer = () => undefined;
  const deadline = new Promise<never>((_, reject) => {
    cancel = clock.after(limitMs, () =>
      reject(new Error(`${what} took longer than ${limitMs} ms`)),
    );
  });
  try {
    return await Promise.race([work, deadline]);
  } finally {
    cancel();
  }
}

/** Watches how late the event loop runs; `p99Ms` is since the last call of `reset`. */
export function watchEventLoop(): { p99Ms(): number; reset(): void; stop(): void } {
  const histogram = monitorEventLoopDelay({ resolution: 10 });
  histogram.enable();
  return {
    p99Ms: () => histogram.percentile(99) / 1e6,
    reset: () => histogram.reset(),
    stop: () => histogram.disable(),
  };
}
