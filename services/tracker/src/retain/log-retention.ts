/**
 * Trims the log: records that are old enough and behind every consumer go. A consumer that stands still
 * keeps its records, however old; the age limit alone never removes what somebody still has to read.
 *
 * Consumers commit without waiting for the disk, so an offset that can be read may still be lost with the
 * power, and the log has to be read again from the one before. Trimming therefore goes by the offsets of the
 * round before, which have been on disk for most of a minute.
 */
import type { Log, StreamName } from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { isAbortError, type Clock, type Logger } from '@followme/platform';

/** Positions are in the table seconds later; a day of log covers a database restored from a backup, ms. */
const POSITIONS_KEPT_MS = 24 * 3_600_000;
/** Events are kept for consumers that were away for a week, ms. */
const EVENTS_KEPT_MS = 7 * 24 * 3_600_000;
/** Far longer than the database takes to write a commit to the disk by itself (below a second), ms. */
const TRIM_EVERY_MS = 60_000;

/** How far consumers have come. */
export interface ConsumerOffsets {
  /**
   * Per lane of a stream the lowest sequence that any consumer has yet to read. A lane of the positions that is
   * not in the answer is not trimmed; one of the events has no reader, so its age alone counts.
   */
  lowestUnread(stream: StreamName): Promise<ReadonlyMap<Lane, LogSequence>>;
}

export interface LogRetention {
  stop(): Promise<void>;
}

export function startLogRetention(deps: {
  readonly log: Log;
  readonly offsets: ConsumerOffsets;
  readonly clock: Clock;
  readonly logger: Logger;
}): LogRetention {
  const { log, clock, logger } = deps;
  const stopping = new AbortController();
  let before: ReadonlyMap<Lane, LogSequence> = new Map();

  const trimAll = async (): Promise<void> => {
    const present = await deps.offsets.lowestUnread('positions');
    for (const [lane, unread] of present) {
      const unreadBefore = before.get(lane);
      if (unreadBefore === undefined) continue;
      // an offset that went back was lost with the power: the lower one counts
      const keepFrom = unread < unreadBefore ? unread : unreadBefore;
      await log.trim('positions', lane, { olderThanMs: POSITIONS_KEPT_MS, keepFrom });
    }
    before = present;
    const readers = await deps.offsets.lowestUnread('events');
    for (let lane = 0; lane < log.lanes('events'); lane += 1) {
      const id = trustedId<Lane>(lane);
      const { last } = await log.bounds('events', id);
      const keepFrom = readers.get(id) ?? trustedId<LogSequence>(last + 1);
      await log.trim('events', id, { olderThanMs: EVENTS_KEPT_MS, keepFrom });
    }
  };

  const loop = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await clock.sleep(TRIM_EVERY_MS, stopping.signal);
        await trimAll();
      } catch (error) {
        if (!isAbortError(error)) logger.warn('log.trimFailed', { error });
      }
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
