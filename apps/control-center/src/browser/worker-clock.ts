import type { BrowserClock } from './clock.ts';

/** The clock inside a worker: there are no frames to wait for. */
export const workerClock: BrowserClock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = setInterval(run, periodMs);
    return () => clearInterval(timer);
  },
  nextFrame: (run) => workerClock.after(0, run),
  random: () => Math.random(),
};
