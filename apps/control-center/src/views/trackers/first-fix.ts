/** Whether the device of a new tracker has been heard, told from what the live store knows of it. */
import type { LiveTracker } from '../../live/live-tracker.ts';

/** The states of a tracker that is being connected. Times in ms since 1970 UTC. */
export type FirstFix =
  | { readonly kind: 'waiting' }
  /** The device reports, but sees no satellites: the address is right, the place is not. */
  | { readonly kind: 'noPosition'; readonly seenMs: number }
  /** Came while somebody looked, at `seenMs`. `isOld`: the device had kept it. */
  | {
      readonly kind: 'received';
      readonly seenMs: number;
      readonly fixMs: number;
      readonly isOld: boolean;
      readonly lon: number;
      readonly lat: number;
    }
  /** It had reported before anybody looked. */
  | {
      readonly kind: 'reporting';
      readonly fixMs: number;
      readonly lon: number;
      readonly lat: number;
    };

/** A fix that is older than this when it arrives was kept by the device. */
const OLD_AFTER_MS = 60_000;

/** What is known when somebody begins to look. */
export function firstLook(tracker: LiveTracker | undefined, nowMs: number): FirstFix {
  const fix = tracker?.fix ?? null;
  if (fix === null) return { kind: 'waiting' };
  if (!fix.valid) return { kind: 'noPosition', seenMs: nowMs };
  return { kind: 'reporting', fixMs: fix.fixMs, lon: fix.lon, lat: fix.lat };
}

/**
 * What a new look at the tracker makes of what was known. The first fix with a position settles it: `previous`
 * itself is returned from then on, for a fix that was reported before it follows the newest.
 */
export function followFirstFix(
  previous: FirstFix,
  tracker: LiveTracker | undefined,
  nowMs: number,
): FirstFix {
  const fix = tracker?.fix ?? null;
  if (previous.kind === 'received' || fix === null) return previous;
  if (previous.kind === 'reporting') {
    if (!fix.valid || fix.fixMs <= previous.fixMs) return previous;
    return { ...previous, fixMs: fix.fixMs, lon: fix.lon, lat: fix.lat };
  }
  if (!fix.valid) {
    return previous.kind === 'noPosition' ? previous : { kind: 'noPosition', seenMs: nowMs };
  }
  return {
    kind: 'received',
    seenMs: nowMs,
    fixMs: fix.fixMs,
    isOld: nowMs - fix.fixMs > OLD_AFTER_MS,
    lon: fix.lon,
    lat: fix.lat,
  };
}
