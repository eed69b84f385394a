/**
 * Stage "append": fixes → one log record per lane and tick.
 *
 * A batch of a lane closes after `ageMs`, at 1,000 fixes or at 512 kB, whichever comes first; while
 * an append of the lane is in flight it closes at that append's acknowledgement instead, so a lane has at
 * most one append in flight and its order is the order of arrival. All lanes share one tick, so that the
 * embedded engine stores them in one transaction. (10 ms ticks cost 40 % less per position than
 * 5 ms per lane, and closing at every acknowledgement doubles the transactions: docs/decisions/0002.)
 *
 * What does not fit into the batch being filled waits in a queue of its tenant, and tenants take turns
 * (`lane-backlog.ts`): a lane is shared, and one tenant's flood must not be the wait of the others.
 *
 * The count is checked where a fix is added, not only by the timer: under overload timers starve.
 *
 * `mayRead` is the back-pressure: the listener stops reading the sockets of tenants that may not. Below half of
 * `maxPendingBytes` all may; above it those who hold less than an equal share; at `maxPendingBytes` nobody. What is
 * held is bounded by that and one read of each socket that is being read.
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
import {
  isAbortError,
  type Clock,
  type CountedValue,
  type Logger,
  type Metrics,
} from '@followme/platform';
import { LaneBacklog } from './lane-backlog.ts';
import { LaneBatch, type DurableListener } from './lane-batch.ts';
import type { FixOwner, TenantLoad } from './tenant-load.ts';

/** Fixes that close a batch. */
export const BATCH_MAX_FIXES = 1_000;
/** Bytes that close a batch. */
const BATCH_MAX_BYTES = 512_000;
const BATCH_LIMITS = { fixes: BATCH_MAX_FIXES, bytes: BATCH_MAX_BYTES } as const;

const RETRY_PAUSE_MS = 200;
/** A log that does not take batches is told once in so many tries: 16 lanes retry five times a second. */
const WARN_EVERY_TRIES = 50;

export interface LaneBatcherDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A tenant's place in a lane: where its fixes go. */
export interface LaneOwner extends FixOwner {
  readonly lane: Lane;
}

export interface LaneBatcher {
  /** What a tenant has in the batches; always the same object. */
  loadOf(tenantId: TenantId): TenantLoad;
  /** Adds a fix of a known tracker to its lane. */
  add(draft: RowDraft, owner: LaneOwner, receivedTimeMs: number): void;
  /** Calls `listener.onDurable(token)` when all fixes of `owner`'s tenant added to its lane so far are stored. */
  whenDurable(owner: LaneOwner, listener: DurableListener, token: Buffer): void;
  /** More may be read for this tenant; null is a connection that has named no device of ours. */
  mayRead(load: TenantLoad | null): boolean;
  /** The log failed for good: nothing is taken any more, the process has to be replaced. */
  readonly isBroken: boolean;
  /** Bytes held, in flight included. */
  readonly pendingBytes: number;
  /** `relieved` is called when a batch was stored: who had to wait may be allowed to read now. */
  onRelief(relieved: () => void): void;
  /** The lane of a tracker in this installation. */
  laneOf(trackerId: TrackerId): Lane;
  /** Closes every batch, waits until all are durable. @throws Error when the log failed for good. */
  flush(): Promise<void>;
  /** Gives up what is not stored (it was never acknowledged) and stops. */
  stop(): Promise<void>;
}

/**
 * One lane. `open` is being filled; `backlog` waits because `open` is full; `flying` is in the log's hands; `free`
 * are empty buffers to use again. While anything is in `backlog`, whatever comes goes there too. `isDue` says that a
 * tick came while a batch was flying: what is open then goes at the acknowledgement.
 */
interface LaneState {
  readonly lane: Lane;
  open: LaneBatch;
  readonly backlog: LaneBacklog;
  flying: LaneBatch | null;
  isDue: boolean;
  readonly free: LaneBatch[];
}

const isFullBatch = (batch: LaneBatch): boolean =>
  batch.count >= BATCH_MAX_FIXES || batch.bytes >= BATCH_MAX_BYTES;

export interface BatcherSettings {
  /** Longest time a fix waits for company, ms: twice that of the embedded log where every record goes over a network. */
  readonly ageMs: number;
  /** Rows held in memory, in flight included, before reading stops, bytes. */
  readonly maxPendingBytes: number;
}

/** For one process with its log inside. */
export const DEFAULT_BATCHER_SETTINGS: BatcherSettings = {
  ageMs: 10,
  maxPendingBytes: 32_000_000,
};

/** A batcher over all lanes of the log's positions. */
export function createLaneBatcher(
  deps: LaneBatcherDeps,
  settings: Partial<BatcherSettings> = {},
): LaneBatcher {
  return new Batcher(deps, { ...DEFAULT_BATCHER_SETTINGS, ...settings });
}

/**
 * States: working, or broken (`#broken` holds why) once the log failed for good; a broken batcher stays full and
 * takes nothing more out of its lanes. Only `#launch` hands batches to the log, only `#onStored` takes them back.
 */
class Batcher implements LaneBatcher {
  readonly #deps: LaneBatcherDeps;
  readonly #settings: BatcherSettings;
  readonly #lanes: readonly LaneState[];
  readonly #stopping = new AbortController();
  readonly #count: AppendCounters;
  #pendingBytes = 0;
  #underWay = 0;
  #isTickScheduled = false;
  #isFull = false;
  readonly #loads = new Map<TenantId, TenantLoad>();
  /** Tenants with anything pending: among how many the room is shared. */
  #activeTenants = 0;
  #broken: unknown = null;
  #relieved: () => void = () => undefined;
  #onIdle: () => void = () => undefined;

  constructor(deps: LaneBatcherDeps, settings: BatcherSettings) {
    this.#deps = deps;
    this.#settings = settings;
    this.#count = createAppendCounters(deps.metrics);
    this.#lanes = Array.from({ length: deps.log.lanes('positions') }, (_, lane) =>
      createLaneState(trustedId<Lane>(lane)),
    );
  }

  get isBroken(): boolean {
    return this.#broken !== null;
  }

  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  loadOf(tenantId: TenantId): TenantLoad {
    let load = this.#loads.get(tenantId);
    if (load === undefined) {
      load = { tenantId, pendingBytes: 0 };
      this.#loads.set(tenantId, load);
    }
    return load;
  }

  mayRead(load: TenantLoad | null): boolean {
    if (this.#isFull) return false;
    const shared = this.#settings.maxPendingBytes / 2;
    if (load === null || this.#pendingBytes <= shared) return true;
    return load.pendingBytes <= shared / Math.max(1, this.#activeTenants);
  }

  add(draft: RowDraft, owner: LaneOwner, receivedTimeMs: number): void {
    const state = this.#stateOf(owner.lane);
    const into = state.backlog.isEmpty && !isFullBatch(state.open) ? state.open : state.backlog;
    into.add(draft, owner, receivedTimeMs);
    this.#charge(owner.load, draft.length);
    if (isFullBatch(state.open)) this.#launch(state);
    if (!this.#isTickScheduled) {
      this.#isTickScheduled = true;
      this.#deps.clock.after(this.#settings.ageMs, () => this.#tick());
    }
  }

  whenDurable(owner: LaneOwner, listener: DurableListener, token: Buffer): void {
    const state = this.#stateOf(owner.lane);
    const newest =
      state.backlog.newestOf(owner.load) ?? (state.open.count > 0 ? state.open : state.flying);
    if (newest === null) listener.onDurable(token);
    else newest.whenDurable(listener, token);
  }

  onRelief(relieved: () => void): void {
    this.#relieved = relieved;
  }

  laneOf(trackerId: TrackerId): Lane {
    return laneOf(trackerId, this.#lanes.length);
  }

  async flush(): Promise<void> {
    while (this.#lanes.some((state) => state.open.count > 0 || state.flying !== null)) {
      if (this.#broken !== null) {
        throw new Error('The log stopped taking fixes', { cause: this.#broken });
      }
      this.#tick();
      await this.#whenIdle();
    }
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#whenIdle();
  }

  #stateOf(lane: Lane): LaneState {
    const state = this.#lanes[lane];
    if (state === undefined) {
      throw new RangeError(`Got lane ${lane}, expected 0 … ${this.#lanes.length - 1}`);
    }
    return state;
  }

  #tick(): void {
    this.#isTickScheduled = false;
    for (const state of this.#lanes) this.#launch(state);
  }

  /** Hands over what is open, or notes that this is due. */
  #launch(state: LaneState): void {
    if (this.#broken !== null) return;
    state.isDue = state.flying !== null && state.open.count > 0;
    if (state.flying !== null) return;
    if (!state.backlog.isEmpty) state.backlog.moveInto(state.open, BATCH_LIMITS);
    if (state.open.count === 0) return;
    const batch = state.open;
    state.open = state.free.pop() ?? new LaneBatch();
    state.flying = batch;
    this.#underWay += 1;
    void appendUntilStored(
      this.#deps,
      this.#stopping.signal,
      state.lane,
      batch,
      this.#count.failures,
    )
      .then(
        () => this.#onStored(state, batch),
        (error: unknown) => this.#onFailed(state, error),
      )
      .finally(() => {
        this.#underWay -= 1;
        if (this.#underWay === 0) this.#onIdle();
      });
  }

  #onStored(state: LaneState, batch: LaneBatch): void {
    batch.announceDurable();
    batch.eachLoad((load, bytes) => this.#discharge(load, bytes));
    this.#count.fixes.inc(batch.count);
    this.#count.batches.inc();
    batch.reset();
    state.free.push(batch);
    state.flying = null;
    // what came since the last tick waits for the next one: an acknowledgement is no reason to make small batches
    if (state.isDue || isFullBatch(state.open) || !state.backlog.isEmpty) this.#launch(state);
    if (this.#isFull && this.#pendingBytes < this.#settings.maxPendingBytes / 2)
      this.#isFull = false;
    this.#relieved();
  }

  #charge(load: TenantLoad, bytes: number): void {
    if (load.pendingBytes === 0) this.#activeTenants += 1;
    load.pendingBytes += bytes;
    this.#pendingBytes += bytes;
    if (this.#pendingBytes > this.#settings.maxPendingBytes) this.#isFull = true;
  }

  #discharge(load: TenantLoad, bytes: number): void {
    load.pendingBytes -= bytes;
    this.#pendingBytes -= bytes;
    if (load.pendingBytes === 0) this.#activeTenants -= 1;
  }

  /** The batch was never acknowledged; nothing more goes out of this process. */
  #onFailed(state: LaneState, error: unknown): void {
    this.#broken = error;
    this.#isFull = true;
    if (!isAbortError(error)) {
      this.#deps.logger.error('append.failed', { lane: state.lane, error });
    }
  }

  async #whenIdle(): Promise<void> {
    while (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
  }
}

function createLaneState(lane: Lane): LaneState {
  return {
    lane,
    open: new LaneBatch(),
    backlog: new LaneBacklog(),
    flying: null,
    isDue: false,
    free: [],
  };
}

interface AppendCounters {
  readonly fixes: CountedValue;
  readonly batches: CountedValue;
  readonly failures: CountedValue;
}

function createAppendCounters(metrics: Metrics): AppendCounters {
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
  failures: CountedValue,
): Promise<void> {
  for (let attempt = 0; ; attempt += 1) {
    try {
      await deps.log.append('positions', lane, batch.payload());
      return;
    } catch (error) {
      const mayPass = error instanceof LogError && error.code === 'UNAVAILABLE';
      if (!mayPass) throw error;
      failures.inc();
      if (attempt % WARN_EVERY_TRIES === 0) {
        deps.logger.warn('append.retry', { lane, fixes: batch.count, attempt, error });
      }
      await deps.clock.sleep(RETRY_PAUSE_MS, signal);
    }
  }
}
