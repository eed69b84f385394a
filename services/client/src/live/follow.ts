/**
 * Follows the log into the hub: every lane of positions from where the last states end, and crossings from
 * now on. A reader that fails is started again where it stopped; a record that cannot be read is counted
 * and passed over, since the next one brings a newer state anyway.
 */
import { parseFenceEventRecord } from '@followme/contracts';
import type { Log, LogRecord, StreamName } from '@followme/log';
import { recordKindOf, RowCursor, trustedId, type Lane, type LogSequence } from '@followme/model';
import {
  isAbortError,
  retryDelayMs,
  type Clock,
  type Logger,
  type Metrics,
  type Random,
  type RetryPolicy,
} from '@followme/platform';
import type { LiveHub } from './hub.ts';

/** Pauses before a reader that failed reads again: the log is asked for ever, ever less often. */
const RETRY: RetryPolicy = {
  attempts: Number.POSITIVE_INFINITY,
  firstDelayMs: 200,
  maxDelayMs: 5_000,
  isRetryable: () => true,
};

export interface FollowDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly hub: LiveHub;
}

export interface Follower {
  /** Lanes of positions that have not yet come to where the log stood at the start. */
  readonly lanesBehind: number;
  /** Ends all readers. */
  stop(): Promise<void>;
}

type Take = (record: LogRecord) => void;

/** Applies records of position lanes; one cursor serves all of them. */
function createPositionTake({ hub, metrics, logger }: FollowDeps): Take {
  const rows = metrics.counter(
    'followme_live_rows_total',
    'Rows of the log by what became of them',
    ['outcome'],
  );
  const newer = rows.of({ outcome: 'newer' });
  const older = rows.of({ outcome: 'older' });
  const unreadable = metrics
    .counter('followme_live_records_dropped_total', 'Log records passed over', ['reason'])
    .of({ reason: 'unreadablePositions' });
  const cursor = new RowCursor();
  return (record) => {
    if (recordKindOf(record.payload) !== 'positions') return;
    let taken = 0;
    let count = 0;
    try {
      cursor.open(record.payload);
      while (cursor.next()) {
        count += 1;
        if (hub.apply(cursor)) taken += 1;
      }
    } catch (error) {
      unreadable.inc();
      logger.warn('live.recordUnreadable', { lane: record.lane, sequence: record.sequence, error });
    }
    newer.inc(taken);
    older.inc(count - taken);
  };
}

function createEventTake({ hub, metrics, logger }: FollowDeps): Take {
  const unreadable = metrics
    .counter('followme_live_records_dropped_total', 'Log records passed over', ['reason'])
    .of({ reason: 'unreadableEvent' });
  return (record) => {
    const event = parseFenceEventRecord(record.payload);
    if (event !== null) {
      hub.announce(event);
      return;
    }
    unreadable.inc();
    logger.warn('live.eventUnreadable', { lane: record.lane, sequence: record.sequence });
  };
}

interface LaneReader {
  readonly stream: StreamName;
  readonly lane: Lane;
  /** First sequence to read. */
  readonly from: LogSequence;
  readonly take: Take;
}

/** Reads a lane until `signal` aborts, through failures of the log. */
async function readLane(deps: FollowDeps, reader: LaneReader, signal: AbortSignal): Promise<void> {
  let from = reader.from;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const record of deps.log.read(reader.stream, reader.lane, from, signal)) {
        reader.take(record);
        from = trustedId<LogSequence>(record.sequence + 1);
        failures = 0;
      }
    } catch (error) {
      if (signal.aborted || isAbortError(error)) return;
      const { stream, lane } = reader;
      deps.logger.warn('live.readFailed', { stream, lane, error });
    }
    failures += 1;
    const pauseMs = retryDelayMs(RETRY, failures, deps.random);
    // an abort ends the pause, and then the loop
    if (!signal.aborted) await deps.clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

const lanesOf = (log: Log, stream: StreamName): Lane[] =>
  Array.from({ length: log.lanes(stream) }, (_, lane) => trustedId<Lane>(lane));

/** Begins to follow; resolves when the readers run, not when they have caught up. */
export async function followLog(
  deps: FollowDeps,
  stateSequences: ReadonlyMap<Lane, LogSequence>,
): Promise<Follower> {
  const { log } = deps;
  const stopping = new AbortController();
  const behind = new Map<Lane, LogSequence>();
  const takePosition = createPositionTake(deps);
  const takeEvent = createEventTake(deps);
  const readers: LaneReader[] = [];
  for (const lane of lanesOf(log, 'positions')) {
    const from = trustedId<LogSequence>((stateSequences.get(lane) ?? 0) + 1);
    const { last } = await log.bounds('positions', lane);
    if (last >= from) behind.set(lane, last);
    const take: Take = (record) => {
      takePosition(record);
      const goal = behind.get(lane);
      if (goal !== undefined && record.sequence >= goal) behind.delete(lane);
    };
    readers.push({ stream: 'positions', lane, from, take });
  }
  for (const lane of lanesOf(log, 'events')) {
    const { last } = await log.bounds('events', lane);
    const from = trustedId<LogSequence>(last + 1);
    readers.push({ stream: 'events', lane, from, take: takeEvent });
  }
  const running = readers.map((reader) => readLane(deps, reader, stopping.signal));
  return {
    get lanesBehind() {
      return behind.size;
    },
    async stop() {
      stopping.abort();
      await Promise.all(running);
    },
  };
}
