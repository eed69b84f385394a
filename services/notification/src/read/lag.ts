import type { Log } from '@followme/log';
import type { Clock } from '@followme/platform';
import type { InputLane } from './input-lane.ts';

/** Age of the last committed record of the lane that is furthest behind the log, s; 0 when none is. */
export async function measureLag(
  lanes: Iterable<InputLane>,
  deps: { readonly log: Log; readonly clock: Clock },
): Promise<number> {
  let seconds = 0;
  for (const { lane, source, committedSequence, committedStoredMs } of lanes) {
    const { last } = await deps.log.bounds(source.stream, lane);
    if (last <= committedSequence || committedStoredMs === null) continue;
    seconds = Math.max(seconds, (deps.clock.nowMs() - committedStoredMs) / 1_000);
  }
  return seconds;
}
