/**
 * The browser's clock and dice, as dependencies: everything that waits or asks the hour takes them, so that
 * tests decide. This is the only file of the app that touches the global timers.
 */

/** Stops a timer; calling it twice is harmless. */
export type CancelTimer = () => void;

export interface BrowserClock {
  /** Wall clock, ms since 1970 UTC. */
  nowMs(): number;
  /** Calls `run` once after `delayMs`. */
  after(delayMs: number, run: () => void): CancelTimer;
  /** Calls `run` every `periodMs`. */
  every(periodMs: number, run: () => void): CancelTimer;
  /** Calls `run` before the next paint, or within a quarter of a second when the page is hidden. */
  nextFrame(run: () => void): CancelTimer;
  /** Uniform in [0, 1); for spreading reconnects, not for secrets. */
  random(): number;
}

/** Hidden pages get no animation frames, but their list must be right when they are shown again. */
const HIDDEN_FRAME_MS = 250;

export const browserClock: BrowserClock = {
  nowMs: () => Date.now(),
  after(delayMs, run) {
    const timer = window.setTimeout(run, delayMs);
    return () => window.clearTimeout(timer);
  },
  every(periodMs, run) {
    const timer = window.setInterval(run, periodMs);
    return () => window.clearInterval(timer);
  },
  nextFrame(run) {
    if (document.hidden) return browserClock.after(HIDDEN_FRAME_MS, run);
    const frame = requestAnimationFrame(run);
    return () => cancelAnimationFrame(frame);
  },
  random: () => Math.random(),
};
