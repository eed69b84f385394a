import { useQuery } from '@tanstack/react-query';
import type { PositionReply } from '@followme/contracts';
import { useEffect, useMemo, useState } from 'react';
import { fetchPositions, MAX_POSITIONS } from '../../api/client.ts';
import { browserClock } from '../../browser/clock.ts';
import { useTracker } from '../../live/live-context.ts';
import type { TrailPoint } from '../../map/trail.ts';
import {
  addToTrail,
  foldTip,
  type GrowingTrail,
  NO_TRAIL,
  type TrailBounds,
  withHistory,
} from '../../map/trail-growth.ts';

const KMH_PER_MPS = 3.6;
/** The way as a whole, its kilometres and stops are made anew no more often than this. */
const REBUILD_MS = 5000;

/** Both lists are oldest first: today's history and what was heard since. */
export interface Trail extends Pick<GrowingTrail, 'points' | 'tip'> {
  readonly status: 'loading' | 'failed' | 'ready';
  /** There were more positions than are drawn. */
  readonly cut: boolean;
  /** Accuracy of the newest position of the history. */
  readonly accuracyM: number | null;
  /** Time of the newest position of the history, when the device had no fix then. */
  readonly noFixMs: number | null;
  readonly retry: () => void;
}

function startOfToday(): number {
  return new Date(browserClock.nowMs()).setHours(0, 0, 0, 0);
}

function boundsOfToday(): TrailBounds {
  return { sinceMs: startOfToday(), maxPoints: MAX_POSITIONS };
}

function toPoint(position: PositionReply): TrailPoint {
  return {
    lon: position.lon,
    lat: position.lat,
    fixMs: Date.parse(position.fixTime),
    speedKmh: (position.speedMps ?? 0) * KMH_PER_MPS,
  };
}

interface OwnedTrail {
  readonly trackerId: number | null;
  readonly trail: GrowingTrail;
}

/** The trail of one tracker, from the history on and growing with each fix. */
function useGrowingTrail(
  trackerId: number | null,
  history: readonly TrailPoint[] | null,
): GrowingTrail {
  const fix = useTracker(trackerId)?.fix ?? null;
  const [owned, setOwned] = useState<OwnedTrail>({ trackerId, trail: NO_TRAIL });
  const trail = owned.trackerId === trackerId ? owned.trail : NO_TRAIL;

  useEffect(() => {
    const change = (next: (trail: GrowingTrail) => GrowingTrail): void =>
      setOwned((old) => {
        const known = old.trackerId === trackerId ? old.trail : NO_TRAIL;
        return { trackerId, trail: next(known) };
      });
    change((known) => (history === null ? known : withHistory(known, history, boundsOfToday())));
  }, [trackerId, history]);

  useEffect(() => {
    if (fix === null || !fix.valid || fix.fixMs < startOfToday()) return;
    const { lon, lat, fixMs, speedKmh } = fix;
    setOwned((old) => {
      const known = old.trackerId === fix.trackerId ? old.trail : NO_TRAIL;
      const next = addToTrail(known, { lon, lat, fixMs, speedKmh: speedKmh ?? 0 });
      return next === old.trail ? old : { trackerId: fix.trackerId, trail: next };
    });
  }, [fix]);

  const hasTip = trail.tip.length > 0;
  useEffect(() => {
    if (!hasTip) return undefined;
    return browserClock.after(REBUILD_MS, () =>
      setOwned((old) => ({ ...old, trail: foldTip(old.trail, boundsOfToday()) })),
    );
  }, [hasTip, trail.points]);
  return trail;
}

/** Today's way of the selected tracker, growing while it is watched. */
export function useTrail(trackerId: number | null): Trail {
  const history = useQuery({
    queryKey: ['positions', trackerId, startOfToday()],
    queryFn: ({ signal }) => fetchPositions(trackerId ?? 0, startOfToday(), signal),
    enabled: trackerId !== null,
    staleTime: 0,
    gcTime: 0,
  });
  const { data } = history;
  const past = useMemo(() => data?.items.filter((item) => item.valid).map(toPoint) ?? null, [data]);
  const { points, tip, isTrimmed } = useGrowingTrail(trackerId, past);
  const newest = data?.items.at(-1);
  return {
    // a way that could not be asked for again is still the way until then
    status: history.isLoadingError ? 'failed' : history.isPending ? 'loading' : 'ready',
    points,
    tip,
    cut: isTrimmed || (data?.cut ?? false),
    accuracyM: newest?.accuracyM ?? null,
    noFixMs: newest === undefined || newest.valid ? null : Date.parse(newest.fixTime),
    retry: () => void history.refetch(),
  };
}
