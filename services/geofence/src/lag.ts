import type { Log } from '@followme/log';
import type { Clock } from '@followme/platform';
import type { OperatedLane } from './operated-lane.ts';

/** How far the operator is behind. */
export interface Lag {
  /** Records (by sequence) between the committed offsets and the ends of the lanes. */
  readonly records: number;
  /** Age of the last committed record of the lane that is furthest behind; 0 when none is. */
  readonly seconds: number;
}

/** Compares the committed offsets with the ends of the lanes. */
export async function measureLag(
  lanes: Iterable<OperatedLane>,
  deps: { readonly log: Log; readonly clock: Clock },
): Promise<Lag> {
  let records = 0;
  let seconds = 0;
  for (const lane of lanes) {
    const { last } = await deps.log.bounds('positions', lane.lane);
    const behind = Math.max(0, last - lane.committedSequence);
    records += behind;
    if (behind > 0 && lane.committedStoredTimeMs !== null) {
      seconds = Math.max(seconds, (deps.clock.nowMs() - lane.committedStoredTimeMs) / 1_000);
    }
  }
  return { records, seconds };
}
