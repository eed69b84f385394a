/** Reading a lane: what is there, then what comes. */
import { setMaxListeners } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { LogRecord } from '../port.ts';
import type { Bytes } from './engine.ts';
import { readChunk, type LaneState } from './lane.ts';

export interface Reading {
  readonly from: number;
  readonly signal: AbortSignal;
  /** Whether the log was closed; it wakes its lanes when it does. */
  readonly isClosed: () => boolean;
}

/**
 * Hands out the records of `lane` from sequence `from` until `signal` aborts or the log closes. Holds one range read at most,
 * so a reader that stops asking costs bounded memory and nobody else's time; between two range reads the
 * event loop gets its turn, so one that catches up does not starve the process.
 */
export async function* readLane(
  records: Bytes,
  lane: LaneState,
  { from, signal, isClosed }: Reading,
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
    const chunk = readChunk(records, lane, { from: next, upTo });
    for (const record of chunk) {
      yield record;
      if (signal.aborted || isClosed()) return;
    }
    // an empty range: everything up to there was trimmed
    next = (chunk.at(-1)?.sequence ?? upTo) + 1;
    if (next <= lane.durable) await nextTurn();
  }
}
