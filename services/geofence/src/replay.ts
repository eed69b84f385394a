/**
 * What a set of fences says about a track: the judge of the live operator, without a log and a store.
 * Events come in the order of the track; of one fix exits before enters, each in the order of the fences.
 */
import { createFenceIndex, FenceMatches } from '@followme/geo';
import type { Fence, FenceEvent, TrackerId } from '@followme/model';
import { judgePlacedFix, type JudgeSink, type PlacedFix } from './judge-tracker.ts';
import type { TrackerMemory } from './tracker-memory.ts';

/** A fix of a track; `Source` is what it was read from. */
export interface TrackFix<Source> extends PlacedFix {
  readonly source: Source;
}

/** A crossing and what the fix that decided it was read from. */
export interface ReplayedEvent<Source> {
  readonly event: FenceEvent;
  readonly source: Source;
}

/**
 * Judges fixes in the order they come, any number of trackers mixed. The fences are those of the fixes'
 * tenant; they do not change on the way.
 */
export function createReplay<Source>(fences: readonly Fence[]): {
  /** The events the fix decides. */
  judge(fix: TrackFix<Source>): readonly ReplayedEvent<Source>[];
} {
  const inForce = { version: 1, index: createFenceIndex(fences) };
  const trackers = new Map<TrackerId, TrackerMemory>();
  const found = new FenceMatches();
  let events: FenceEvent[] = [];
  const sink: JudgeSink = {
    ignored: () => undefined,
    touched: () => undefined,
    happened: (event) => void events.push(event),
  };
  return {
    judge(fix) {
      events = [];
      judgePlacedFix(trackers, fix, { fences: inForce, found, sink });
      return events.map((event) => ({ event, source: fix.source }));
    },
  };
}

/** All events of a track. */
export function replayTrack<Source>(
  fences: readonly Fence[],
  fixes: Iterable<TrackFix<Source>>,
): readonly ReplayedEvent<Source>[] {
  const replay = createReplay<Source>(fences);
  return Array.from(fixes).flatMap((fix) => replay.judge(fix));
}
