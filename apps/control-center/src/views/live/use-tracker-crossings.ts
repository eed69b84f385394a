import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { fetchTrackerCrossings } from '../../api/events.ts';
import { browserClock } from '../../browser/clock.ts';
import { useLiveValue } from '../../live/live-context.ts';
import type { Crossing } from '../../live/socket-frames.ts';

/** Whoever is in a place for longer than this is said to be there without a time. */
const LOOK_BACK_MS = 7 * 24 * 3_600_000;
const FRESH_MS = 30_000;

/** What was heard on the socket and what happened before, newest first, each once. */
export function mergeCrossings(
  heard: readonly Crossing[],
  earlier: readonly Crossing[],
): readonly Crossing[] {
  const known = new Set(heard.map((crossing) => crossing.eventId));
  const merged = [...heard, ...earlier.filter((crossing) => !known.has(crossing.eventId))];
  return merged.sort((a, b) => b.fixMs - a.fixMs);
}

export interface TrackerCrossings {
  readonly status: 'loading' | 'failed' | 'ready';
  readonly crossings: readonly Crossing[];
}

/** The crossings of one tracker of the last week, growing while it is watched. */
export function useTrackerCrossings(trackerId: number): TrackerCrossings {
  const heard = useLiveValue((snapshot) => snapshot.crossings);
  const earlier = useQuery({
    queryKey: ['crossings', trackerId],
    queryFn: ({ signal }) =>
      fetchTrackerCrossings(trackerId, browserClock.nowMs() - LOOK_BACK_MS, signal),
    staleTime: FRESH_MS,
  });
  const { data } = earlier;
  const crossings = useMemo(() => {
    const own = heard.filter((crossing) => crossing.trackerId === trackerId);
    return mergeCrossings(own, data ?? []);
  }, [heard, data, trackerId]);
  const status = earlier.isLoadingError ? 'failed' : earlier.isPending ? 'loading' : 'ready';
  return { status, crossings };
}
