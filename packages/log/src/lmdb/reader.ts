/** Reading a lane: what is there, then what comes. */
import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { LogError, type LogRecord } from '../port.ts';
import type { Bytes } from './engine.ts';
import { readChunk, type LaneState } from './lane.ts';

export interface Reading {
  /** The newest sequence ever trimmed from the lane, 0 when there was none. */
  readonly trimmedUpTo: () => number;
  readonly from: number;
  readonly signal: AbortSignal;
  /** Whether the log was closed; it wakes its lanes when it does. */
  readonly isClosed: () => boolean;
}

/**
 * Hands out the records of `lane` from sequence `from` until `signal` aborts or the log closes: the newest ones, which
 * all readers share, from memory, others from disk. Holds one range read at most,
 * so a reader that stops asking costs bounded memory and nobody else's time; between two range reads the
 * event loop gets its turn, so one that catches up does not starve the process.
 * @throws LogError `UNAVAILABLE` when records that should be there are not: a gap is never passed over.
 */
export async function* readLane(
  records: Bytes,
  lane: LaneState,
  { from, signal, isClosed, trimmedUpTo }: Reading,
): AsyncGenerator<LogRecord, void, undefined> {
  // a process reads all its lanes with one signal; Node takes more than ten listeners for a leak
  setMaxListeners(0, signal);
  let next = Math.max(1, from);
  while (!signal.aborted && !isClosed()) {
    const upTo = lane.durable;
    if (upTo < next) {
      await lane.woken(signal);
      continue;
    }
    const chunk = lane.recent.since(next) ?? readChunk(records, lane, { from: next, upTo });
    for (const record of chunk) {
      yield record;
      if (signal.aborted || isClosed()) return;
    }
    const newest = chunk.at(-1);
    if (newest === undefined && trimmedUpTo() < upTo) {
      throw new LogError(
        'UNAVAILABLE',
        `Lane ${lane.lane} of ${lane.stream} has no records from ${next} to ${upTo}, and they were not trimmed`,
      );
    }
    next = (newest?.sequence ?? upTo) + 1;
    if (next <= lane.durable) await nextTurn();
  }
}
