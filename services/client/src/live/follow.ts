/**
 * Follows the log into the hub: every lane of positions from where the last states end, and crossings from
 * now on. A reader that fails is started again where it stopped; a record that cannot be read is counted
 * and passed over, since the next one brings a newer state anyway. Records that were trimmed before they were
 * read stand in the last states, which are loaded again then (`lane-progress`).
 */
import { parseFenceEventRecord } from '@followme/contracts';
import type { Log, LogRecord, StreamName } from '@followme/log';
import {
  type Lane,
  lanesOf,
  type LogSequence,
  recordKindOf,
  RowCursor,
  trustedId,
} from '@followme/model';
import {
  isAbortError,
  retryDelayMs,
  type Clock,
  type Logger,
  type Metrics,
  type Random,
  type RetryPolicy,
} from '@followme/platform';
import type { LiveSource } from '../ports.ts';
import type { LiveHub } from './hub.ts';
import { watchGaps, type LaneProgress } from './lane-progress.ts';
import { restoreStates } from './restore.ts';

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
  readonly source: Pick<LiveSource, 'loadLastStates'>;
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
  readonly progress: LaneProgress;
  readonly take: Take;
}

/** Reads a lane until `signal` aborts, through failures of the log. */
async function readLane(deps: FollowDeps, reader: LaneReader, signal: AbortSignal): Promise<void> {
  const { stream, progress, take } = reader;
  const { lane } = progress;
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const record of deps.log.read(stream, lane, progress.next, signal)) {
        if (record.sequence > progress.next) progress.hole ??= progress.next;
        take(record);
        progress.next = trustedId<LogSequence>(record.sequence + 1);
        failures = 0;
      }
    } catch (error) {
      if (signal.aborted || isAbortError(error)) return;
      deps.logger.warn('live.readFailed', { stream, lane, error });
    }
    failures += 1;
    const pauseMs = retryDelayMs(RETRY, failures, deps.random);
    // an abort ends the pause, and then the loop
    if (!signal.aborted) await deps.clock.sleep(pauseMs, signal).catch(() => undefined);
  }
}

/** Every lane of a stream with its newest sequence; asked together, since each question may cross a network. */
function endsOf(log: Log, stream: StreamName) {
  const lanes = lanesOf(log.lanes(stream));
  return Promise.all(
    lanes.map(async (lane) => ({ lane, last: (await log.bounds(stream, lane)).last })),
  );
}

const progressFrom = (lane: Lane, next: LogSequence): LaneProgress => ({
  lane,
  next,
  hole: null,
  covered: next,
});

/** Begins to follow; resolves when the readers run, not when they have caught up. */
export async function followLog(
  deps: FollowDeps,
  stateSequences: ReadonlyMap<Lane, LogSequence>,
): Promise<Follower> {
  const { log, hub, source } = deps;
  const stopping = new AbortController();
  /** Where the log stood at the start, of lanes that have not come there. */
  const goals = new Map<Lane, LogSequence>();
  const takePosition = createPositionTake(deps);
  const takeEvent = createEventTake(deps);
  const readers: LaneReader[] = [];
  const positions: LaneProgress[] = [];
  for (const { lane, last } of await endsOf(log, 'positions')) {
    const from = trustedId<LogSequence>((stateSequences.get(lane) ?? 0) + 1);
    if (last >= from) goals.set(lane, last);
    const progress = progressFrom(lane, from);
    const take: Take = (record) => {
      takePosition(record);
      const goal = goals.get(lane);
      if (goal !== undefined && record.sequence >= goal) goals.delete(lane);
    };
    positions.push(progress);
    readers.push({ stream: 'positions', progress, take });
  }
  for (const { lane, last } of await endsOf(log, 'events')) {
    const progress = progressFrom(lane, trustedId<LogSequence>(last + 1));
    readers.push({ stream: 'events', progress, take: takeEvent });
  }
  const reload = async (): Promise<void> => {
    const last = await source.loadLastStates();
    restoreStates(hub, last);
    for (const [lane, sequence] of last.stateSequences) {
      if (sequence >= (goals.get(lane) ?? Number.POSITIVE_INFINITY)) goals.delete(lane);
    }
  };
  const gaps = watchGaps({ ...deps, reload }, positions);
  const running = readers.map((reader) => readLane(deps, reader, stopping.signal));
  void gaps.look();
  return {
    get lanesBehind() {
      return goals.size;
    },
    async stop() {
      stopping.abort();
      gaps.stop();
      await Promise.all(running);
    },
  };
}
