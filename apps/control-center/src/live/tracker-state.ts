/** What a tracker is doing, as the map, the list and the chips show it. */
export type TrackerState = 'moving' | 'idle' | 'silent';

/** The three states in the order they are shown everywhere. */
export const TRACKER_STATES: readonly TrackerState[] = ['moving', 'idle', 'silent'];

/** Slower than this counts as standing: the noise of a receiver at rest stays below it. */
export const MOVING_FROM_KMH = 3;
/** A tracker that stood for longer than this is idle; a red light is shorter. */
export const IDLE_AFTER_MS = 3 * 60_000;
/** Reports are expected within three of the tracker's own intervals … */
const SILENT_AFTER_INTERVALS = 3;
/** … but nobody is called silent sooner than this, … */
export const SILENT_AT_LEAST_MS = 2 * 60_000;
/** … nor later than this, however rarely it used to report … */
export const SILENT_AT_MOST_MS = 24 * 3_600_000;
/** … and this holds while its interval is not known yet. */
export const SILENT_UNKNOWN_MS = 10 * 60_000;

/** What the state follows from. All times in ms since 1970 UTC. */
export interface StateInput {
  /** Time of the newest fix; null when none was ever received. */
  readonly lastFixMs: number | null;
  /** Time of the newest fix that moved; null when none was seen. */
  readonly lastMovedMs: number | null;
  /** Usual time between two fixes; null before two were seen. */
  readonly intervalMs: number | null;
}

/** After how long without a fix a tracker with this interval is silent. */
export function silentAfterMs(intervalMs: number | null): number {
  if (intervalMs === null) return SILENT_UNKNOWN_MS;
  const limit = intervalMs * SILENT_AFTER_INTERVALS;
  return Math.min(SILENT_AT_MOST_MS, Math.max(SILENT_AT_LEAST_MS, limit));
}

/** Decides the state at `nowMs`: silence first, then whether it moved lately. */
export function classifyTracker(input: StateInput, nowMs: number): TrackerState {
  if (input.lastFixMs === null) return 'silent';
  if (nowMs - input.lastFixMs > silentAfterMs(input.intervalMs)) return 'silent';
  if (input.lastMovedMs !== null && nowMs - input.lastMovedMs <= IDLE_AFTER_MS) return 'moving';
  return 'idle';
}

/** Weight of the newest gap in the running interval. */
const NEW_GAP_WEIGHT = 0.3;

/** Learns the interval from the gap between two fixes; gaps of zero or less say nothing. */
export function learnInterval(intervalMs: number | null, gapMs: number): number | null {
  if (gapMs <= 0) return intervalMs;
  return intervalMs === null ? gapMs : intervalMs + NEW_GAP_WEIGHT * (gapMs - intervalMs);
}
