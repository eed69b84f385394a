/** Removes what nobody needs any more, in transactions of bounded size between which appends get their turn. */
import type { Clock } from '@followme/platform';
import type { Committer } from './committer.ts';
import type { Engine } from './engine.ts';
import { oldestPlaces, type LaneState } from './lane.ts';
import { counterValue, recordKey, trimmedKey, type RecordPlace } from './layout.ts';

/** Most records removed in one transaction. */
const TRIM_RECORDS = 256;

export interface TrimDeps {
  readonly engine: Engine;
  readonly committer: Committer;
  readonly clock: Clock;
}

export interface TrimLimits {
  readonly olderThanMs: number;
  readonly keepFrom: number;
}

/**
 * Removes the oldest records of `lane` that are before `keepFrom` and stored longer than `olderThanMs`; stops
 * at the first that is not. Answers how many went. Must not run twice at once on one lane.
 */
export async function trimLane(
  { engine, committer, clock }: TrimDeps,
  lane: LaneState,
  { olderThanMs, keepFrom }: TrimLimits,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const storedBeforeMs = clock.nowMs() - olderThanMs;
    const before = Math.min(keepFrom, lane.durable + 1);
    const oldest = oldestPlaces(engine.records, lane, { before, limit: TRIM_RECORDS });
    const firstKept = oldest.findIndex((place) => place.storedTimeMs >= storedBeforeMs);
    const leaving = firstKept === -1 ? oldest : oldest.slice(0, firstKept);
    const newest = leaving.at(-1);
    if (newest === undefined) return removed;
    await committer.commit(0, () => writeRemoval(engine, lane, leaving, newest));
    lane.recent.trimmed(newest.sequence);
    removed += leaving.length;
    if (leaving.length < TRIM_RECORDS) return removed;
  }
}

function writeRemoval(
  engine: Engine,
  { stream, lane }: LaneState,
  leaving: readonly RecordPlace[],
  newest: RecordPlace,
): void {
  for (const place of leaving) void engine.records.remove(recordKey(stream, lane, place));
  // the lane's counter must survive the removal of its newest record
  void engine.meta.put(trimmedKey(stream, lane), counterValue(newest.sequence));
}
