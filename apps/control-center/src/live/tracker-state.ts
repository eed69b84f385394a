import { distanceM } from '../places/sphere.ts';

/** What a tracker is doing, as the map, the list and the chips show it. */
export type TrackerState = 'moving' | 'idle' | 'silent';

/** The three states in the order they are shown everywhere. */
export const TRACKER_STATES: readonly TrackerState[] = ['moving', 'idle', 'silent'];

/** From this speed on a tracker moves: the noise of a receiver at rest stays below it. */
export const MOVING_FROM_KMH = 3;
/** Below this speed it stands. Between the two it goes on with what it did, so that states do not flicker. */
const IDLE_BELOW_KMH = 2;
/** Whoever stays within this distance … */
const STILL_RADIUS_M = 15;
/** … for this long stands, whatever speed the device claims; a walker has left it by then. */
export const STILL_AFTER_MS = 60_000;
/** Nobody is called moving on the word of a fix older than this. */
export const MOVING_HOLDS_MS = 3 * 60_000;
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
  /** What the newest fix says, see `continueMotion`. */
  readonly isMoving: boolean;
  /** Usual time between two fixes; null before two were seen. */
  readonly intervalMs: number | null;
}

/** After how long without a fix a tracker with this interval is silent. */
export function silentAfterMs(intervalMs: number | null): number {
  if (intervalMs === null) return SILENT_UNKNOWN_MS;
  const limit = intervalMs * SILENT_AFTER_INTERVALS;
  return Math.min(SILENT_AT_MOST_MS, Math.max(SILENT_AT_LEAST_MS, limit));
}

/** Decides the state at `nowMs`: silence first, then whether its newest fix moves. */
export function classifyTracker(input: StateInput, nowMs: number): TrackerState {
  if (input.lastFixMs === null) return 'silent';
  if (nowMs - input.lastFixMs > silentAfterMs(input.intervalMs)) return 'silent';
  return input.isMoving && nowMs - input.lastFixMs <= MOVING_HOLDS_MS ? 'moving' : 'idle';
}

/** Where a tracker is and how fast it says it goes. */
interface MotionFix {
  readonly lon: number;
  readonly lat: number;
  /** ms since 1970 UTC. */
  readonly fixMs: number;
  readonly speedKmh: number | null;
}

/** Whether a tracker moves, and the place it has not left since `sinceMs`. */
export interface Motion {
  readonly isMoving: boolean;
  readonly lon: number;
  readonly lat: number;
  readonly sinceMs: number;
}

const KMH_PER_M_PER_MS = 3600;

/** Carries the motion of a tracker on by one fix: by its speed, with hysteresis, and by having gone anywhere. */
export function continueMotion(previous: Motion | null, fix: MotionFix): Motion {
  const { lon, lat, fixMs } = fix;
  if (previous === null) {
    return { isMoving: (fix.speedKmh ?? 0) >= MOVING_FROM_KMH, lon, lat, sinceMs: fixMs };
  }
  const wayM = distanceM([previous.lon, previous.lat], [lon, lat]);
  const hasLeft = wayM > STILL_RADIUS_M;
  const sinceMs = hasLeft ? fixMs : previous.sinceMs;
  const place = hasLeft ? { lon, lat } : { lon: previous.lon, lat: previous.lat };
  const spanMs = fixMs - previous.sinceMs;
  if (!hasLeft && spanMs >= STILL_AFTER_MS) return { ...place, sinceMs, isMoving: false };
  // a device that tells no speed is judged by the way it made
  const wayKmh = spanMs > 0 ? (wayM / spanMs) * KMH_PER_M_PER_MS : 0;
  const ownKmh = fix.speedKmh ?? (hasLeft ? wayKmh : null);
  const isMoving =
    ownKmh === null
      ? previous.isMoving
      : ownKmh >= (previous.isMoving ? IDLE_BELOW_KMH : MOVING_FROM_KMH);
  return { ...place, sinceMs, isMoving };
}

/** Weight of the newest gap in the running interval. */
const NEW_GAP_WEIGHT = 0.3;

/** Learns the interval from the gap between two fixes; gaps of zero or less say nothing. */
export function learnInterval(intervalMs: number | null, gapMs: number): number | null {
  if (gapMs <= 0) return intervalMs;
  return intervalMs === null ? gapMs : intervalMs + NEW_GAP_WEIGHT * (gapMs - intervalMs);
}
