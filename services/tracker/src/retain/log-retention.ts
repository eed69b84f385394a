/**
 * Trims the log: records that are old enough and behind every consumer go. A consumer that stands still
 * keeps its records, however old; the age limit alone never removes what somebody still has to read.
 */
import type { Log, StreamName } from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { isAbortError, type Clock, type Logger, type Metrics } from '@followme/platform';

/** Positions are in the table seconds later; a day of log covers a database restored from a backup, ms. */
const POSITIONS_KEPT_MS = 24 * 3_600_000;
/** Events are kept for consumers that were away for a week, ms. */
const EVENTS_KEPT_MS = 7 * 24 * 3_600_000;
const TRIM_EVERY_MS = 60_000;

/** How far consumers have come. */
export interface ConsumerOffsets {
  /**
   * Per lane of the positions stream the lowest sequence that any consumer has yet to read; a lane that is
   * not in the answer is not trimmed.
   */
  lowestUnread(): Promise<ReadonlyMap<Lane, LogSequence>>;
}

export interface LogRetention {
  stop(): Promise<void>;
}

export function startLogRetention(deps: {
  readonly log: Log;
  readonly offsets: ConsumerOffsets;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}): LogRetention {
  const { log, clock, logger } = deps;
  const stopping = new AbortController();
  const trimmed = deps.metrics.counter('followme_log_records_trimmed_total', 'Records removed', [
    'stream',
  ]);

  const trim = async (
    stream: StreamName,
    lane: Lane,
    limits: { olderThanMs: number; keepFrom: LogSequence },
  ): Promise<void> => {
    trimmed.of({ stream }).inc(await log.trim(stream, lane, limits));
  };

  const trimAll = async (): Promise<void> => {
    for (const [lane, keepFrom] of await deps.offsets.lowestUnread()) {
      await trim('positions', lane, { olderThanMs: POSITIONS_KEPT_MS, keepFrom });
    }
    for (let lane = 0; lane < log.lanes('events'); lane += 1) {
      const id = trustedId<Lane>(lane);
      const { last } = await log.bounds('events', id);
      const keepFrom = trustedId<LogSequence>(last + 1);
      await trim('events', id, { olderThanMs: EVENTS_KEPT_MS, keepFrom });
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
