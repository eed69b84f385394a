/**
 * Stage "append": fixes → one log record per lane and tick.
 *
 * A batch of a lane closes after `BATCH_AGE_MS`, at 1,000 fixes or at 512 kB, whichever comes first; while
 * an append of the lane is in flight it closes at that append's acknowledgement instead, so a lane has at
 * most one append in flight and its order is the order of arrival. All lanes share one tick, so that the
 * embedded engine stores them in one transaction. (Measured in the prototype: 10 ms ticks cost 40 % less
 * per position than 5 ms per lane; closing at every acknowledgement doubles the transactions.)
 *
 * The count is checked where a fix is added, not only by the timer: under overload timers starve.
 *
 * `isFull` is the back-pressure: while it is true the listener stops reading sockets. What is held is
 * bounded by `maxPendingBytes` plus one frame per connection.
 */
import { LogError, type Log } from '@followme/log';
import {
  laneOf,
  trustedId,
  type Lane,
  type RowDraft,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { isAbortError, type Clock, type Logger, type Metrics } from '@followme/platform';
import { LaneBatch, type DurableListener } from './lane-batch.ts';

/** Longest time a fix waits for company, ms. */
export const BATCH_AGE_MS = 10;
/** Fixes that close a batch. */
export const BATCH_MAX_FIXES = 1_000;
/** Bytes that close a batch. */
export const BATCH_MAX_BYTES = 512_000;

const RETRY_PAUSE_MS = 200;

export interface LaneBatcherDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface LaneBatcher {
  /** Adds a fix of a known tracker to its lane. */
  add(
    draft: RowDraft,
    owner: { readonly tenantId: TenantId; readonly trackerId: TrackerId; readonly lane: Lane },
    receivedTimeMs: number,
  ): void;
  /** Calls `listener.onDurable(token)` when all fixes added to `lane` so far are stored. */
  whenDurable(lane: Lane, listener: DurableListener, token: Buffer): void;
  /** More is held than the bound allows: stop reading. */
  readonly isFull: boolean;
  /** Called once when `isFull` turned false again. */
  onRelief(resume: () => void): void;
  /** The lane of a tracker in this installation. */
  laneOf(trackerId: TrackerId): Lane;
  /** Closes every batch, waits until all are durable. @throws Error when the log failed for good. */
  flush(): Promise<void>;
  /** Gives up what is not stored (it was never acknowledged) and stops. */
  stop(): Promise<void>;
}

/**
 * One lane. `open` is being filled; `sealed` are full batches waiting for their turn, oldest first;
 * `flying` is in the log's hands; `free` are empty buffers to use again.
 */
interface LaneState {
  readonly lane: Lane;
  open: LaneBatch;
  readonly sealed: LaneBatch[];
  flying: LaneBatch | null;
  readonly free: LaneBatch[];
}

const isFullBatch = (batch: LaneBatch): boolean =>
  batch.count >= BATCH_MAX_FIXES || batch.bytes >= BATCH_MAX_BYTES;

/** @param maxPendingBytes rows held in memory, in flight included, before reading stops. */
export function createLaneBatcher(
  deps: LaneBatcherDeps,
  maxPendingBytes = 32_000_000,
): LaneBatcher {
  const lanes = Array.from({ length: deps.log.lanes('positions') }, (_, index) =>
    createLaneState(trustedId<Lane>(index)),
  );
  const stopping = new AbortController();
  const count = appendMetrics(deps.metrics);
  let pendingBytes = 0;
  let tickScheduled = false;
  let full = false;
  let broken: unknown = null;
  let resume: () => void = () => undefined;
  let underWay = 0;
  let idle: () => void = () => undefined;

  const seal = (state: LaneState): void => {
    state.sealed.push(state.open);
    state.open = state.free.pop() ?? new LaneBatch();
  };

  const onStored = (state: LaneState, batch: LaneBatch): void => {
    batch.announceDurable();
    pendingBytes -= batch.bytes;
    count.fixes.inc(batch.count);
    count.batches.inc();
    batch.reset();
    state.free.push(batch);
    state.flying = null;
    // what arrived meanwhile waited long enough: this acknowledgement closes it
    launch(state);
    if (full && pendingBytes < maxPendingBytes / 2) {
      full = false;
      resume();
    }
  };

  const launch = (state: LaneState): void => {
    if (state.flying !== null || broken !== null) return;
    if (state.sealed.length === 0 && state.open.count > 0) seal(state);
    const batch = state.sealed.shift();
    if (batch === undefined) return;
    state.flying = batch;
    underWay += 1;
    void appendUntilStored(deps, stopping.signal, state.lane, batch, count.failures)
      .then(
        () => onStored(state, batch),
        (error: unknown) => {
          // the batch was never acknowledged; nothing more goes out of this process
          broken = error;
          full = true;
          if (!isAbortError(error)) deps.logger.error('append.failed', { lane: state.lane, error });
        },
      )
      .finally(() => {
        underWay -= 1;
        if (underWay === 0) idle();
      });
  };

  const tick = (): void => {
    tickScheduled = false;
    for (const state of lanes) launch(state);
  };

  const stateOf = (lane: Lane): LaneState => {
    const state = lanes[lane];
    if (state === undefined)
      throw new RangeError(`Got lane ${lane}, expected 0 … ${lanes.length - 1}`);
    return state;
  };

  const whenIdle = async (): Promise<void> => {
    while (underWay > 0) {
      await new Promise<void>((resolve) => {
        idle = resolve;
      });
    }
  };

  return {
    add(draft, owner, receivedTimeMs) {
      const state = stateOf(owner.lane);
      const before = state.open.count === 0 ? 0 : state.open.bytes;
      state.open.add(draft, owner, receivedTimeMs);
      pendingBytes += state.open.bytes - before;
      if (isFullBatch(state.open)) {
        seal(state);
        launch(state);
      }
      if (!tickScheduled) {
        tickScheduled = true;
        deps.clock.after(BATCH_AGE_MS, tick);
      }
      if (pendingBytes > maxPendingBytes) full = true;
    },
    whenDurable(lane, listener, token) {
      const state = stateOf(lane);
      const newest = state.open.count > 0 ? state.open : (state.sealed.at(-1) ?? state.flying);
      if (newest === null) listener.onDurable(token);
      else newest.whenDurable(listener, token);
    },
    get isFull() {
      return full;
    },
    onRelief(run) {
      resume = run;
    },
    laneOf: (trackerId) => laneOf(trackerId, lanes.length),
    async flush() {
      while (lanes.some((state) => state.open.count > 0 || state.flying !== null)) {
        if (broken !== null) throw new Error('The log stopped taking fixes', { cause: broken });
        tick();
        await whenIdle();
      }
    },
    async stop() {
      stopping.abort();
      await whenIdle();
    },
  };
}

function createLaneState(lane: Lane): LaneState {
  return { lane, open: new LaneBatch(), sealed: [], flying: null, free: [] };
}

function appendMetrics(metrics: Metrics): {
  fixes: { inc(by?: number): void };
  batches: { inc(): void };
  failures: { inc(): void };
} {
  return {
    fixes: metrics
      .counter('followme_tracker_fixes_stored_total', 'Fixes durable in the log')
      .of({}),
    batches: metrics.counter('followme_tracker_batches_total', 'Batches appended').of({}),
    failures: metrics
      .counter('followme_tracker_append_failures_total', 'Appends that failed and were tried again')
      .of({}),
  };
}

/** Tries until the log took the batch: order and acknowledgements of the lane depend on it. */
async function appendUntilStored(
  deps: LaneBatcherDeps,
  signal: AbortSignal,
  lane: Lane,
  batch: LaneBatch,
  failures: { inc(): void },
): Promise<void> {
  for (;;) {
    try {
      await deps.log.append('positions', lane, batch.payload());
      return;
    } catch (error) {
      const mayPass = error instanceof LogError && error.code === 'UNAVAILABLE';
      if (!mayPass) throw error;
      failures.inc();
      deps.logger.warn('append.retry', { lane, fixes: batch.count, error });
      await deps.clock.sleep(RETRY_PAUSE_MS, signal);
    }
  }
}
