/**
 * How far a consumer is behind the ends of its lanes.
 *
 * When its last committed record was stored a lane can say only once it has committed one since it was taken: a lane
 * whose reader or commit fails, and that is thrown away and taken again and again, never can. So it is remembered
 * here, by the lane's number, since when it is behind a place it has not come to yet.
 */
import type { Lane, LogSequence } from '@followme/model';
import type { Clock } from '@followme/platform';
import type { Log, StreamName } from './port.ts';

/** A lane that was ours until lately still counts, ms: between two attempts it is nobody's for a moment. */
const STILL_OURS_MS = 5_000;

/** How far a consumer is behind. */
export interface Lag {
  /** Records (by sequence) between the committed offsets and the ends of the lanes. */
  readonly records: number;
  /** How long the lane that is furthest behind has been, as far as is known; 0 when none is. */
  readonly seconds: number;
}

/** What is asked of a lane that is owned. */
export interface MeasuredLane {
  readonly lane: Lane;
  readonly committedSequence: LogSequence;
  /** When the log took the last record that was committed since the lane was taken; null before. */
  readonly committedStoredTimeMs: number | null;
}

export interface LagMeter {
  /** Compares the committed offsets with the ends of the lanes. @throws what the log throws. */
  measure(lanes: Iterable<MeasuredLane>): Promise<Lag>;
}

/** What is remembered of a lane; times by the monotonic clock. */
interface Memory {
  /** Where it has to come to, and since when; null while it is not behind. */
  mark: { readonly sequence: LogSequence; readonly sinceMs: number } | null;
  /** When it was last seen at its end: nothing it has yet to read is older. */
  atEndMs: number;
  ownedMs: number;
}

/** A meter that has not looked at a lane yet. */
export function createLagMeter(deps: {
  readonly log: Log;
  readonly clock: Clock;
  readonly stream: StreamName;
}): LagMeter {
  const { log, clock, stream } = deps;
  const memories = new Map<Lane, Memory>();

  const behindMs = (memory: Memory, lane: MeasuredLane, last: LogSequence): number => {
    const { ownedMs: nowMs } = memory;
    if (memory.mark === null || lane.committedSequence >= memory.mark.sequence) {
      memory.mark = { sequence: last, sinceMs: nowMs };
    }
    const { committedStoredTimeMs: storedMs } = lane;
    const sinceStoredMs = storedMs === null ? 0 : clock.nowMs() - storedMs;
    return Math.max(nowMs - memory.mark.sinceMs, Math.min(sinceStoredMs, nowMs - memory.atEndMs));
  };

  return {
    async measure(lanes) {
      let records = 0;
      let ms = 0;
      const look = async (lane: MeasuredLane): Promise<void> => {
        const { last } = await log.bounds(stream, lane.lane);
        const nowMs = clock.monotonicMs();
        const memory = memories.get(lane.lane) ?? {
          mark: null,
          atEndMs: -Infinity,
          ownedMs: nowMs,
        };
        memories.set(lane.lane, memory);
        memory.ownedMs = nowMs;
        const behind = last - lane.committedSequence;
        if (behind <= 0) {
          memory.mark = null;
          memory.atEndMs = nowMs;
          return;
        }
        records += behind;
        ms = Math.max(ms, behindMs(memory, lane, last));
      };
      await Promise.all(Array.from(lanes, look));
      const nowMs = clock.monotonicMs();
      for (const { mark, ownedMs } of memories.values()) {
        if (mark === null || nowMs - ownedMs >= STILL_OURS_MS) continue;
        ms = Math.max(ms, ownedMs - mark.sinceMs);
      }
      return { records, seconds: ms / 1_000 };
    },
  };
}
