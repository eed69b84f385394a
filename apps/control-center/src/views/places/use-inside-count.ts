import type { FenceReply } from '@followme/contracts';
import { useEffect, useMemo, useState } from 'react';
import { browserClock } from '../../browser/clock.ts';
import { useLive } from '../../live/live-context.ts';
import { countInside, toShape } from './place-facts.ts';

/** All trackers are looked at: often enough to be true, seldom enough to cost nothing. */
const EVERY_MS = 3_000;

/** How many trackers this person sees stand inside of a place now, by their last positions. */
export function useInsideCount(fence: FenceReply): number {
  const { store } = useLive();
  const shape = useMemo(() => toShape(fence.geometry), [fence.geometry]);
  const [count, setCount] = useState(0);
  const { groupIds } = fence;
  useEffect(() => {
    function look(): void {
      if (shape === null) return;
      setCount(countInside(shape, groupIds, store.snapshot().trackers.values()));
    }
    look();
    return browserClock.every(EVERY_MS, look);
  }, [store, shape, groupIds]);
  return count;
}
