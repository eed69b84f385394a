/**
 * Stage "read": one lane of the log from behind its committed sequence, record by record, each judged
 * before the next is read. Stops reading while too much is not committed.
 */
import type { Log, LogRecord } from '@followme/log';
import { trustedId, type LogSequence } from '@followme/model';
import { isAbortError, type Clock, type Logger } from '@followme/platform';
import type { Committer } from './commit.ts';
import { FencesUnavailable, type FenceSets } from './fence-sets.ts';
import { RecordJudge } from './judge-record.ts';
import type { OperatedLane } from './operated-lane.ts';
import type { OperatorMetrics } from './operator-metrics.ts';

/** A record that fails this often is skipped: one damaged record must not stop a sixteenth of the fleet. */
const POISON_AFTER = 3;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 2_000;

export interface ReadLaneDeps {
  readonly log: Log;
  readonly sets: FenceSets;
  readonly committer: Committer;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  /** Whether an error of the fence source may go away by itself; such a record is never skipped. */
  readonly isRetryable: (error: unknown) => boolean;
}

/**
 * Reads and judges until the lane is let go.
 * @throws what the log throws when it cannot be read, Error when its iteration ends by itself.
 */
export async function readLane(lane: OperatedLane, deps: ReadLaneDeps): Promise<void> {
  const judge = new RecordJudge(lane, deps);
  const from = trustedId<LogSequence>(lane.committedSequence + 1);
  try {
    for await (const record of deps.log.read('positions', lane.lane, from, lane.signal)) {
      await deps.committer.room(lane);
      await judgeWithRetries(judge, record, { lane, deps });
      lane.finishRecord(record);
      deps.committer.note();
    }
    if (!lane.signal.aborted) throw new Error(`Reading lane ${lane.lane} ended by itself`);
  } catch (error) {
    if (!isAbortError(error) || !lane.signal.aborted) throw error;
  } finally {
    judge.close();
  }
}

/** Judges the record, again after a pause when it fails, and skips it in the end. @throws AbortError */
async function judgeWithRetries(
  judge: RecordJudge,
  record: LogRecord,
  { lane, deps }: { readonly lane: OperatedLane; readonly deps: ReadLaneDeps },
): Promise<void> {
  const where = { lane: record.lane, sequence: record.sequence };
  let failures = 0;
  for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS)) {
    try {
      await judge.judge(record);
      return;
    } catch (error) {
      const mayPass = error instanceof FencesUnavailable && deps.isRetryable(error.cause);
      if (!mayPass) failures += 1;
      if (failures >= POISON_AFTER) {
        deps.metrics.poisonRecords.inc();
        deps.logger.error('geofence.recordSkipped', { ...where, error });
        return;
      }
      deps.logger.warn('geofence.recordFailed', { ...where, error, retryInMs: pauseMs });
      await deps.clock.sleep(pauseMs, lane.signal);
    }
  }
}
