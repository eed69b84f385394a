/**
 * How far the reader of one lane of positions has come, and whether the log still holds what it has to read.
 * `next` and `hole` are set by the reader, `covered` and the clearing of `hole` by the watch.
 */
import type { Log } from '@followme/log';
import type { Lane, LogSequence } from '@followme/model';
import type { Clock, Logger, Metrics } from '@followme/platform';

/** How often the log is asked what it still holds: records are kept a day, so this is early enough. */
export const GAP_LOOK_MS = 10_000;

export interface LaneProgress {
  readonly lane: Lane;
  /** The sequence to read next. */
  next: LogSequence;
  /**
   * Sequences that were passed over since the last look, from this one on: they never were, or they were trimmed
   * before we came. Null when there are none.
   */
  hole: LogSequence | null;
  /** Everything before it stands in the states, whether we read it or not. */
  covered: LogSequence;
}

export interface GapWatch {
  /** Looks now, unless a look is under way. */
  look(): Promise<void>;
  stop(): void;
}

interface GapDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Loads the last states anew and takes them over. */
  readonly reload: () => Promise<void>;
}

/**
 * Trimming never passes what the recorder has put into the last states. So whoever finds that records before
 * his turn may have been trimmed loads the states again and misses nothing. Where lanes share sequences, a lane
 * that was trimmed empty and then gets a record looks alike; that costs one load more.
 */
export function watchGaps(deps: GapDeps, lanes: readonly LaneProgress[]): GapWatch {
  const { log, clock, logger } = deps;
  const gaps = deps.metrics
    .counter(
      'followme_live_reloads_total',
      'Lanes of which unread records may have been trimmed, so that the states were loaded again',
    )
    .of({});
  let isLooking = false;

  /** The first record kept, when unread ones before it are gone; null when all is there. */
  const lostBefore = async (progress: LaneProgress): Promise<LogSequence | null> => {
    const { lane, hole } = progress;
    const unread = hole ?? progress.next;
    const { first } = await log.bounds('positions', lane);
    if (first > unread && first > progress.covered) return first;
    // what the log still reaches back to and did not hand out never was
    if (progress.hole === hole) progress.hole = null;
    return null;
  };

  const lookAtAll = async (): Promise<void> => {
    const lost: { readonly progress: LaneProgress; readonly first: LogSequence }[] = [];
    for (const progress of lanes) {
      const first = await lostBefore(progress);
      if (first !== null) lost.push({ progress, first });
    }
    if (lost.length === 0) return;
    gaps.inc(lost.length);
    logger.info('live.statesReloaded', { lanes: lost.map(({ progress }) => progress.lane) });
    await deps.reload();
    for (const { progress, first } of lost) progress.covered = first;
  };

  const look = async (): Promise<void> => {
    if (isLooking) return;
    isLooking = true;
    try {
      await lookAtAll();
    } catch (error) {
      // what was not made good is found again by the next look
      logger.warn('live.gapLookFailed', { error });
    } finally {
      isLooking = false;
    }
  };
  const stop = clock.every(GAP_LOOK_MS, () => void look());
  return { look, stop };
}
