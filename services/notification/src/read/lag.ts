import type { Log, StreamName } from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import type { InputLane } from './input-lane.ts';

/** Longest that the log is waited for, ms. */
const ANSWER_WITHIN_MS = 2_000;

/**
 * How long the first record that is not committed lies in the log, s, of the lane where it is longest; 0 when all
 * is committed.
 */
export async function measureLag(
  lanes: Iterable<Pick<InputLane, 'lane' | 'source' | 'committedSequence'>>,
  deps: { readonly log: Log; readonly clock: Clock },
): Promise<number> {
  let seconds = 0;
  for (const { lane, source, committedSequence } of lanes) {
    const { last } = await deps.log.bounds(source.stream, lane);
    if (last <= committedSequence) continue;
    const from = trustedId<LogSequence>(committedSequence + 1);
    const storedMs = await storedTimeMs(deps, { stream: source.stream, lane, from });
    if (storedMs !== null) seconds = Math.max(seconds, (deps.clock.nowMs() - storedMs) / 1_000);
  }
  return seconds;
}

/** When the log took the first record from there on; null when it does not answer. */
async function storedTimeMs(
  { log, clock }: { readonly log: Log; readonly clock: Clock },
  place: { readonly stream: StreamName; readonly lane: Lane; readonly from: LogSequence },
): Promise<number | null> {
  const ended = new AbortController();
  const cancel = clock.after(ANSWER_WITHIN_MS, () => ended.abort());
  try {
    for await (const record of log.read(place.stream, place.lane, place.from, ended.signal)) {
      return record.storedTimeMs;
    }
    return null;
  } finally {
    cancel();
    ended.abort();
  }
}
