/**
 * A stretch of load at one rate. The schedule is arithmetic: fix `i` of a phase is due at `startMs + i / rate`, goes
 * out for tracker `i mod trackers` and carries a fix time one second behind the tracker's last. So whoever sees a fix
 * anywhere (an answer, a viewer's frame, a row) knows from tracker and fix time when it was due, and delays of the
 * generator count as delays of the system.
 */

/** Binary frames are answered when they are stored, text frames never. */
export type FrameKind = 'text' | 'binary';

export interface Phase {
  /** Fixes per second of the whole fleet. */
  readonly rate: number;
  readonly trackers: number;
  readonly frames: FrameKind;
  /** When its first fix is due, by `monotonicMs`. */
  readonly startMs: number;
  /** Fix time of its first round, ms since 1970; each round is a second later. */
  readonly firstFixTimeMs: number;
}

/** What the generator did. */
export interface Sent {
  /** Fixes since it started. */
  readonly sent: number;
  /** Most fixes it was behind its own schedule since the look before. */
  readonly mostBehind: number;
  /** Answers since the look before. */
  readonly acks: LatencySummary;
}

/** Delays from the scheduled time of sending, ms. */
export interface LatencySummary {
  readonly count: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

const ROUND_MS = 1_000;
const offsetMs = Number(process.hrtime.bigint()) / 1e6 - performance.now();

/** The kernel's monotonic clock, ms: the same in every process of the machine. */
export function monotonicMs(): number {
  return performance.now() + offsetMs;
}

/** Fix time of the round that fix `i` belongs to. */
export function fixTimeOf(phase: Phase, i: number): number {
  return phase.firstFixTimeMs + Math.floor(i / phase.trackers) * ROUND_MS;
}

/** When the fix of tracker `index` with this fix time was due, by `monotonicMs`; null when it is of another phase. */
export function dueMs(phase: Phase, index: number, fixTimeMs: number): number | null {
  if (fixTimeMs < phase.firstFixTimeMs) return null;
  const round = Math.round((fixTimeMs - phase.firstFixTimeMs) / ROUND_MS);
  return phase.startMs + ((round * phase.trackers + index) * 1_000) / phase.rate;
}

/** Gathers delays. */
export class Latencies {
  readonly #values: number[] = [];

  add(ms: number): void {
    this.#values.push(ms);
  }

  summary(): LatencySummary {
    const sorted = Float64Array.from(this.#values).sort();
    const at = (share: number): number =>
      sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
    return { count: sorted.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
  }
}
