/**
 * Deletes what is older than an installation keeps: whole days of positions, positions without a day of their own,
 * fence events, and forms of fences that nobody can ask for any more.
 *
 * What is too old the database says, by its own clock: a process whose clock is wrong deletes no more than others.
 *
 * Any number of processes may do this at once: every step is one short transaction that one of them does. Nothing
 * waits for it: a day that is in use is left for later, deleting goes in bounded batches with a rest between them.
 */
import {
  isAbortError,
  type Clock,
  type CountedValue,
  type Logger,
  type Metrics,
} from '@followme/platform';
import type { RetentionStore } from '@followme/store';

/** How long things are kept, in days. */
export interface Keep {
  /** Positions: UTC days of their fix before today. */
  readonly positionDays: number;
  /** Fence events, by when they were received; also how long the forms of a deleted fence are kept. */
  readonly eventDays: number;
}

export interface DataRetention {
  stop(): Promise<void>;
}

/** A day turns once a day; looking costs a read of the catalogue, and what was in use goes an hour later. */
const LOOK_EVERY_MS = 3_600_000;
/** How often and how many times a day that is in use is tried again before it is left for the next look. */
const BUSY_PAUSE_MS = 5_000;
const BUSY_TRIES = 12;
/** Rows of one batch: 20 to 60 ms of the server. */
const BATCH_ROWS = 5_000;
/** Rest between two batches, so that recorder and autovacuum go on, ms. */
const BATCH_PAUSE_MS = 100;

type What = 'positions' | 'events' | 'fenceVersions';

export interface DataRetentionDeps {
  readonly store: RetentionStore;
  /** Lanes of the positions in this installation. */
  readonly lanes: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** Deletes now and then once an hour what is too old. */
export function startDataRetention(deps: DataRetentionDeps, keep: Keep): DataRetention {
  const { clock, logger } = deps;
  const stopping = new AbortController();
  const count = retentionCounters(deps.metrics);

  const loop = (async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      try {
        await runOnce(deps, keep, { count, signal: stopping.signal });
      } catch (error) {
        if (isAbortError(error)) return;
        count.failures.inc();
        logger.warn('retention.failed', { error });
      }
      await clock.sleep(LOOK_EVERY_MS, stopping.signal).catch(() => undefined);
    }
  })();

  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}

interface Round {
  readonly count: RetentionCounters;
  readonly signal: AbortSignal;
}

async function runOnce(deps: DataRetentionDeps, keep: Keep, round: Round): Promise<void> {
  const { store } = deps;
  const { positionDays, eventDays } = keep;
  for (const day of await store.oldDays(positionDays)) {
    await dropOne(deps, day, round);
  }
  await inBatches(deps, round, 'positions', (limit) =>
    store.deleteStrayPositions({ keepDays: positionDays, limit }),
  );
  await inBatches(deps, round, 'events', (limit) =>
    store.deleteOldEvents({ keepDays: eventDays, limit }),
  );
  await inBatches(deps, round, 'fenceVersions', (limit) =>
    store.purgeFenceVersions({ lanes: deps.lanes, keepDays: eventDays, limit }),
  );
}

async function dropOne(deps: DataRetentionDeps, day: string, round: Round): Promise<void> {
  const { store, clock, logger } = deps;
  for (let attempt = 1; attempt <= BUSY_TRIES; attempt += 1) {
    round.signal.throwIfAborted();
    const outcome = await store.dropDay(day);
    if (outcome === 'dropped') {
      round.count.days.inc();
      logger.info('retention.dayDropped', { day });
    }
    if (outcome !== 'busy') return;
    round.count.busy.inc();
    await clock.sleep(BUSY_PAUSE_MS, round.signal);
  }
  logger.warn('retention.dayInUse', { day, tries: BUSY_TRIES });
}

async function inBatches(
  { clock, logger }: DataRetentionDeps,
  { count, signal }: Round,
  what: What,
  deleteSome: (limit: number) => Promise<number>,
): Promise<void> {
  let all = 0;
  for (;;) {
    signal.throwIfAborted();
    const deleted = await deleteSome(BATCH_ROWS);
    all += deleted;
    count.rows(what).inc(deleted);
    if (deleted < BATCH_ROWS) break;
    await clock.sleep(BATCH_PAUSE_MS, signal);
  }
  if (all > 0) logger.info('retention.deleted', { what, rows: all });
}

interface RetentionCounters {
  readonly days: CountedValue;
  readonly busy: CountedValue;
  readonly failures: CountedValue;
  rows(what: What): CountedValue;
}

function retentionCounters(metrics: Metrics): RetentionCounters {
  const of = (name: string, help: string): CountedValue =>
    metrics.counter(`followme_retention_${name}_total`, help).of({});
  const rows = metrics.counter(
    'followme_retention_rows_deleted_total',
    'Rows deleted one by one because they were too old',
    ['what'],
  );
  return {
    days: of('days_dropped', 'Days of positions dropped because they were too old'),
    busy: of('busy', 'Times a day was not dropped because somebody used the positions'),
    failures: of(
      'failures',
      'Looks for what is too old that failed and are repeated an hour later',
    ),
    rows: (what) => rows.of({ what }),
  };
}
