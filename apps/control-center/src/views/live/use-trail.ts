import { useQuery } from '@tanstack/react-query';
import type { PositionReply } from '@followme/contracts';
import { useEffect, useMemo, useState } from 'react';
import { fetchPositions } from '../../api/client.ts';
import { browserClock } from '../../browser/clock.ts';
import { useTracker } from '../../live/live-context.ts';
import type { Fix } from '../../live/socket-frames.ts';
import { orderTrail, type TrailPoint } from '../../map/trail.ts';

const KMH_PER_MPS = 3.6;
const NO_POINTS: readonly TrailPoint[] = [];

export interface Trail {
  readonly status: 'loading' | 'failed' | 'ready';
  /** Oldest first: today's history and what was heard since. */
  readonly points: readonly TrailPoint[];
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

function toPoint(position: PositionReply): TrailPoint {
  return {
    lon: position.lon,
    lat: position.lat,
    fixMs: Date.parse(position.fixTime),
    speedKmh: (position.speedMps ?? 0) * KMH_PER_MPS,
  };
}

/** Fixes of one tracker heard since it was selected. */
function useHeardSince(trackerId: number | null): readonly Fix[] {
  const fix = useTracker(trackerId)?.fix ?? null;
  const [heard, setHeard] = useState<readonly Fix[]>([]);
  useEffect(() => {
    if (fix === null) setHeard([]);
    else setHeard((list) => [...list.filter((old) => old.trackerId === fix.trackerId), fix]);
  }, [fix]);
  return heard;
}

/** Today's way of the selected tracker, growing while it is watched. */
export function useTrail(trackerId: number | null): Trail {
  const heard = useHeardSince(trackerId);
  const history = useQuery({
    queryKey: ['positions', trackerId, startOfToday()],
    queryFn: ({ signal }) => fetchPositions(trackerId ?? 0, startOfToday(), signal),
    enabled: trackerId !== null,
    staleTime: 0,
    gcTime: 0,
  });
  const past = useMemo(
    () => (history.data?.items ?? []).filter((item) => item.valid).map(toPoint),
    [history.data],
  );
  const points = useMemo(() => {
    if (trackerId === null) return NO_POINTS;
    const since = heard
      .filter((fix) => fix.valid && fix.trackerId === trackerId && fix.fixMs >= startOfToday())
      .map(({ lon, lat, fixMs, speedKmh }) => ({ lon, lat, fixMs, speedKmh: speedKmh ?? 0 }));
    return orderTrail([...past, ...since]);
  }, [trackerId, past, heard]);
  const newest = history.data?.items.at(-1);
  return {
    status: history.isError ? 'failed' : history.isPending ? 'loading' : 'ready',
    points,
    cut: history.data?.cut ?? false,
    accuracyM: newest?.accuracyM ?? null,
    noFixMs: newest === undefined || newest.valid ? null : Date.parse(newest.fixTime),
    retry: () => void history.refetch(),
  };
}
