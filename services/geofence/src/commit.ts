/**
 * Stage "commit": what lanes have judged goes into the store, several lanes in one transaction, one
 * transaction at a time. A commit starts `commitEveryMs` after the first record that waits for one, or as
 * soon as `commitRecords` wait.
 *
 * A commit the store did not answer is tried again as it is. Should the first try have gone through after
 * all, the offset has moved, the lane comes back as fenced and is loaded anew: never twice, never lost.
 *
 * A stretch builds on the one before: while one is not settled, nothing further of its lane is taken, also
 * not when the lane is brought to an end, which would move the offset past events that never arrived.
 */
import { isAbortError, withDeadline, type Clock, type Logger } from '@followme/platform';
import type { GeofenceStatePort, LaneCommitOutcome } from '@followme/store';
import type { OperatedLane, TakenCommit } from './operated-lane.ts';
import type { OperatorMetrics } from './operator-metrics.ts';
import type { EventPublisher } from './publish-events.ts';
import type { GeofenceSettings } from './settings.ts';
import { Waiters } from './waiters.ts';

/** A commit that fails this often for a reason that will not pass is taken apart. */
const REFUSED_AFTER = 3;
const RETRY_FIRST_MS = 25;
const RETRY_MOST_MS = 2_000;

export interface Committer {
  /** A record of the lane was judged. */
  note(): void;
  /** Resolves when the lane may judge another record. @throws AbortError when the lane is let go. */
  room(lane: OperatedLane): Promise<void>;
  /**
   * Commits what is judged in lanes that are not read any more; resolves when nothing of them waits. A lane whose
   * commit fails after `hurry` keeps what it has.
   */
  finish(lanes: readonly OperatedLane[]): Promise<void>;
  /** From here on nothing is tried twice: what fails is judged again by the next owner. */
  hurry(): void;
}

export interface CommitterDeps {
  readonly state: GeofenceStatePort;
  readonly publisher: EventPublisher;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  readonly settings: GeofenceSettings;
  /** The lanes as they are owned now. */
  readonly lanes: () => Iterable<OperatedLane>;
  /** The lane cannot go on as it is: another owner has it, or the store refuses what it holds. */
  readonly onLost: (lane: OperatedLane, why: 'fenced' | 'commitRefused') => void;
  /** Whether an error of the store may go away by itself. */
  readonly isRetryable: (error: unknown) => boolean;
}

export function createCommitter(deps: CommitterDeps): Committer {
  return new GroupCommitter(deps);
}

class GroupCommitter implements Committer {
  readonly #deps: CommitterDeps;
  readonly #stopping = new AbortController();
  readonly #waiters = new Waiters();
  #cancelTimer: (() => void) | null = null;
  #running: Promise<void> | null = null;

  constructor(deps: CommitterDeps) {
    this.#deps = deps;
  }

  note(): void {
    if (this.#running !== null || this.#stopping.signal.aborted) return;
    if (this.#waitingWork() >= this.#deps.settings.commitRecords) this.#start();
    else
      this.#cancelTimer ??= this.#deps.clock.after(this.#deps.settings.commitEveryMs, () =>
        this.#start(),
      );
  }

  room(lane: OperatedLane): Promise<void> {
    const { maxUncommittedRecords, maxUnsentEvents } = this.#deps.settings;
    return this.#waiters.until(
      () => lane.uncommittedRecords < maxUncommittedRecords && lane.pendingEvents < maxUnsentEvents,
      lane.signal,
    );
  }

  async finish(lanes: readonly OperatedLane[]): Promise<void> {
    await this.#running;
    while (!this.#stopping.signal.aborted && lanes.some((lane) => !lane.isSettled)) {
      this.#start();
      await this.#running;
    }
    const left = lanes.filter((lane) => !lane.isSettled && !lane.isCommitUnderWay);
    if (left.length === 0) return;
    try {
      await this.#commitOnce(left.map((lane) => lane.take()));
    } catch (error) {
      this.#deps.logger.warn('geofence.lastCommitFailed', { lanes: left.length, error });
    }
  }

  hurry(): void {
    this.#stopping.abort();
    this.#cancelTimer?.();
  }

  #waitingWork(): number {
    let work = 0;
    for (const lane of this.#deps.lanes())
      work += Math.max(lane.pendingRecords, lane.pendingEvents);
    return work;
  }

  #start(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
    this.#running ??= this.#commit().finally(() => {
      this.#running = null;
      this.#waiters.wake();
      if (this.#waitingWork() > 0) this.note();
    });
  }

  #take(): readonly TakenCommit[] {
    return Array.from(this.#deps.lanes())
      .filter((lane) => lane.pendingRecords > 0 && !lane.isCommitUnderWay)
      .map((lane) => lane.take());
  }

  async #commit(): Promise<void> {
    const { clock, logger, metrics, publisher, settings } = this.#deps;
    const { signal } = this.#stopping;
    try {
      await publisher.room(settings.maxUnsentEvents, signal);
      const taken = this.#take();
      for (let attempt = 1; taken.length > 0; attempt += 1) {
        try {
          return await this.#commitOnce(taken);
        } catch (error) {
          metrics.commitFailures.inc();
          if (attempt >= REFUSED_AFTER && !this.#deps.isRetryable(error)) {
            return await this.#commitOneByOne(taken);
          }
          const pauseMs = Math.min(RETRY_FIRST_MS * 2 ** attempt, RETRY_MOST_MS);
          logger.warn('geofence.commitFailed', { lanes: taken.length, error, retryInMs: pauseMs });
          await clock.sleep(pauseMs, signal);
        }
      }
    } catch (error) {
      // stopping: what is not committed is judged again by the next owner
      if (!isAbortError(error)) throw error;
    }
  }

  /** The group fails for good: finds the lane at fault, and lets the others go on. */
  async #commitOneByOne(taken: readonly TakenCommit[]): Promise<void> {
    for (const one of taken) {
      try {
        await this.#commitOnce([one]);
      } catch (error) {
        this.#deps.logger.error('geofence.commitRefused', { lane: one.operated.lane, error });
        this.#deps.onLost(one.operated, 'commitRefused');
      }
    }
  }

  async #commitOnce(taken: readonly TakenCommit[]): Promise<void> {
    const { state, clock, metrics, settings } = this.#deps;
    const startedMs = clock.monotonicMs();
    const committing = state.commit(taken.map(({ commit }) => commit));
    const outcomes = await withDeadline(clock, settings.answerWithinMs, 'the commit', committing);
    metrics.commitSeconds.observe((clock.monotonicMs() - startedMs) / 1_000);
    for (const [index, one] of taken.entries()) this.#settle(one, outcomes[index] ?? 'fenced');
  }

  #settle(taken: TakenCommit, outcome: LaneCommitOutcome): void {
    if (outcome === 'fenced') return this.#deps.onLost(taken.operated, 'fenced');
    taken.operated.settle(taken);
    for (const event of taken.commit.events) this.#deps.metrics.event(event.kind);
    this.#deps.publisher.offer(taken.commit.events, taken.operated.lease);
  }
}
