/**
 * Reads both inputs and commits what happened: one transaction at a time, at once when something happened (in groups
 * when much does), every few seconds when only offsets moved. Which lanes are ours the keepers say, one for each input. A lane whose commit
 * was not answered is let go and taken anew, from the offset in the store: never twice, never lost. One that is
 * handed over is committed first.
 */
import type { Log } from '@followme/log';
import { type Lane, lanesOf, SUBJECTS, type TenantId } from '@followme/model';
import {
  createRandom,
  withDeadline,
  type Clock,
  type Logger,
  type Metrics,
} from '@followme/platform';
import {
  createLaneKeeper,
  failureCode,
  type Consumer,
  type HeldLane,
  type LaneKeeper,
  type LaneLease,
  type LaneLeases,
  type LaneLoss,
} from '@followme/store';
import type { NotificationMetrics } from '../notification-metrics.ts';
import { InputLane, type InputSource } from '../read/input-lane.ts';
import type { NotificationSettings } from '../settings.ts';
import { createSignal } from '../signal.ts';
import {
  createOccurrenceCommit,
  type CommitOutcome,
  type InputStretch,
} from './commit-occurrences.ts';
import type { Occurrence } from './occurrence.ts';
import type { Input, RaisingStore } from './raising-store.ts';

const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 5_000;
/** A commit that fails this often for a reason that will not pass is taken apart. */
const REFUSED_AFTER = 3;

export interface RaiserDeps {
  readonly log: Log;
  readonly raising: RaisingStore;
  /** Ownership of the lanes of each input. */
  readonly leases: (consumer: Consumer) => LaneLeases;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  /** Where the keepers count. */
  readonly registry: Metrics;
  readonly settings: NotificationSettings;
  readonly sources: readonly InputSource[];
  /** Names this process in the lane rows. */
  readonly owner: string;
  readonly publicUrl: string | null;
  /** Messages were put into the outbox. */
  readonly onMessages: () => void;
}

/**
 * Why a lane is let go that comes back to us before others can take it: it counts as ours meanwhile, so that what
 * waits in it is seen to wait.
 */
const COMES_BACK: ReadonlySet<LaneLoss> = new Set(['readFailed', 'commitUnknown']);
/** … for so long, ms. */
const COMES_BACK_WITHIN_MS = 5_000;

/** Idle until `start`. What commits takes turns; lanes come and go as the keepers say. */
export class Raiser {
  readonly #deps: RaiserDeps;
  readonly #commits: ReturnType<typeof createOccurrenceCommit>;
  readonly #keepers: ReadonlyMap<Input, LaneKeeper>;
  readonly #lanes = new Map<string, InputLane>();
  /** Lanes that are about to come back, and until when that is believed, by the monotonic clock. */
  readonly #coming = new Map<string, { readonly lane: InputLane; readonly untilMs: number }>();
  /** Lanes that are let go and still end their reading. */
  readonly #ending = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  readonly #work = createSignal();
  #turn: Promise<unknown> = Promise.resolve();
  #loop: Promise<void> = Promise.resolve();
  /**
   * How often in a row a commit of what happened in a lane failed, by the lane's name. Only a commit of that lane
   * ends the row: a round in which it was still being read anew proves nothing.
   */
  readonly #failuresOf = new Map<string, number>();
  #lastIdleCommitMs = 0;
  /** When the newest commit began, by the monotonic clock. */
  #lastCommitMs = -Infinity;
  /** Rounds that failed since all lanes were well. */
  #failures = 0;

  constructor(deps: RaiserDeps) {
    this.#deps = deps;
    this.#commits = createOccurrenceCommit(deps);
    this.#keepers = new Map(
      deps.sources.map((source) => [source.input, this.#createKeeper(source)]),
    );
  }

  /** Lanes that are ours to read, also while they cannot be. */
  get lanes(): readonly InputLane[] {
    const nowMs = this.#deps.clock.monotonicMs();
    const coming = [...this.#coming].filter(([, { untilMs }]) => nowMs < untilMs);
    return [...this.#lanes.values(), ...coming.map(([, { lane }]) => lane)];
  }

  /** How long there have been lanes of an input that nobody reads, ms. */
  get unownedForMs(): number {
    return Math.max(...Array.from(this.#keepers.values(), (keeper) => keeper.unownedForMs));
  }

  /**
   * Takes lanes that are free and begins to read; one that was never read begins at the present end of the log, so
   * that an installation that gets this service does not raise alerts about its history.
   * @throws when store or log cannot be reached.
   */
  async start(): Promise<void> {
    for (const source of this.#deps.sources) await this.#beginAtEnd(source);
    await Promise.all(Array.from(this.#keepers.values(), (keeper) => keeper.start()));
    this.#loop = this.#run();
  }

  /** Stops reading, commits what was read, gives the lanes back. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    this.#work.set();
    await this.#loop;
    await Promise.all(Array.from(this.#keepers.values(), (keeper) => keeper.stop()));
    await Promise.all(this.#ending);
  }

  /**
   * Raises alerts for what comes from no lane. @throws what the store throws: the caller looks again later.
   */
  async raise(occurrences: readonly Occurrence[]): Promise<void> {
    await this.#commit([], occurrences);
  }

  async #beginAtEnd({ input, stream }: InputSource): Promise<void> {
    const { log, raising } = this.#deps;
    const places = await Promise.all(
      lanesOf(log.lanes(stream)).map(async (lane) => {
        const { last } = await log.bounds(stream, lane);
        return { lane, sequence: last };
      }),
    );
    await raising.beginLanes(input, places);
  }

  #createKeeper(source: InputSource): LaneKeeper {
    const { log, settings, registry, owner } = this.#deps;
    return createLaneKeeper({
      ...this.#deps,
      leases: this.#deps.leases(source.input),
      metrics: registry,
      random: createRandom(`${owner}/${source.input}`),
      signals: log,
      lanes: lanesOf(log.lanes(source.stream)),
      work: {
        begin: async (leases) => {
          for (const lease of leases) this.#open(source, lease);
        },
        finish: (leases) => this.#finish(source.input, leases),
        drop: (lease, why) => this.#drop(source.input, lease, why),
      },
      settings: { renewEveryMs: settings.renewEveryMs },
    });
  }

  #open(source: InputSource, lease: LaneLease): void {
    const { log, logger, metrics, settings } = this.#deps;
    const deps = { log, logger, metrics, maxPending: settings.maxPendingPerLane };
    const lane = new InputLane(source, lease, { ...deps, onWork: () => this.#work.set() });
    const name = nameOf(source.input, lease.lane);
    this.#coming.delete(name);
    this.#lanes.set(name, lane);
    lane.start();
  }

  async #finish(input: Input, leases: readonly LaneLease[]): Promise<void> {
    const lanes = leases.flatMap((lease) => this.#find(input, lease) ?? []);
    await Promise.all(lanes.map((lane) => lane.stop()));
    await this.#inTurn(async () => {
      const stretches = lanes
        .filter((lane) => this.#find(input, lane) === lane && lane.isAhead)
        .map((lane) => lane.stretch());
      if (stretches.length > 0) await this.#commitStretches(stretches);
    });
    for (const lane of lanes) {
      if (this.#find(input, lane) === lane) this.#lanes.delete(nameOf(input, lane.lane));
    }
  }

  #drop(input: Input, lease: LaneLease, why: LaneLoss): void {
    const lane = this.#find(input, lease);
    if (lane === undefined) return;
    const name = nameOf(input, lease.lane);
    this.#lanes.delete(name);
    if (COMES_BACK.has(why)) {
      const untilMs = this.#deps.clock.monotonicMs() + COMES_BACK_WITHIN_MS;
      this.#coming.set(name, { lane, untilMs });
    }
    const ended = lane.stop().finally(() => this.#ending.delete(ended));
    this.#ending.add(ended);
  }

  #find(input: Input, { lane, epoch }: HeldLane): InputLane | undefined {
    const found = this.#lanes.get(nameOf(input, lane));
    return found?.epoch === epoch ? found : undefined;
  }

  /** The lane cannot go on as it is. */
  #lose(lane: InputLane, why: LaneLoss): void {
    this.#keepers.get(lane.source.input)?.lose(lane, why);
  }

  /** Runs `work` when all that was asked for before has ended. */
  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  async #run(): Promise<void> {
    const { clock, logger, metrics, settings } = this.#deps;
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      await this.#work.wait(clock, settings.idleCommitMs);
      await this.#pause();
      try {
        await this.#inTurn(() => this.#step());
        if (this.#failuresOf.size === 0) this.#failures = 0;
      } catch (error) {
        metrics.commitFailures.inc();
        this.#failures += 1;
        const retryInMs = Math.min(RETRY_FIRST_MS * 2 ** this.#failures, RETRY_MOST_MS);
        logger.warn('notification.commitFailed', { error, retryInMs });
        // what fails here is tried again by the next round, from what the store has by then
        await this.#inTurn(() => this.#recover(error)).catch(() => metrics.commitFailures.inc());
        await clock.sleep(retryInMs, signal).catch(() => undefined);
        this.#work.set();
      }
    }
  }

  /** Waits for the gap after the commit before; a stop ends it. */
  async #pause(): Promise<void> {
    const { clock, settings } = this.#deps;
    const waitMs = this.#lastCommitMs + settings.commitGapMs - clock.monotonicMs();
    if (waitMs > 0) await clock.sleep(waitMs, this.#stopping.signal).catch(() => undefined);
  }

  async #step(): Promise<void> {
    const { clock, settings } = this.#deps;
    for (const lane of this.#lanes.values()) if (lane.isBroken) this.#lose(lane, 'readFailed');
    const nowMs = clock.monotonicMs();
    const isIdleDue = nowMs - this.#lastIdleCommitMs >= settings.idleCommitMs;
    const stretches = this.#stretches(isIdleDue);
    if (stretches.length > 0) {
      this.#lastCommitMs = nowMs;
      await this.#commitStretches(stretches);
    }
    if (isIdleDue) this.#lastIdleCommitMs = nowMs;
    if (Array.from(this.#lanes.values()).some((lane) => lane.pending > 0)) this.#work.set();
  }

  /** Lanes in which something happened, as many as fit; all that were read when `all`. */
  #stretches(all: boolean): readonly InputStretch[] {
    const taken: InputStretch[] = [];
    let occurrences = 0;
    for (const lane of this.#lanes.values()) {
      const isWanted = lane.pending > 0 ? occurrences < this.#deps.settings.commitOccurrences : all;
      if (!isWanted || !lane.isAhead) continue;
      taken.push(lane.stretch());
      occurrences += lane.pending;
    }
    return taken;
  }

  async #commitStretches(stretches: readonly InputStretch[]): Promise<void> {
    const { fenced } = await this.#commit(stretches, []).catch((error: unknown) => {
      this.#noteFailure(stretches);
      throw error;
    });
    const lost = new Set(fenced.map(({ input, lane }) => nameOf(input, lane)));
    for (const stretch of stretches) {
      const name = nameOf(stretch.input, stretch.lane);
      if (stretch.occurrences.length > 0) this.#failuresOf.delete(name);
      const lane = this.#find(stretch.input, stretch);
      // it was let go meanwhile; begun anew it stands where the store has it
      if (lane === undefined) continue;
      if (!lost.has(name)) lane.settle(stretch);
      else {
        this.#deps.metrics.fenced.inc();
        this.#deps.logger.warn('notification.fenced', { input: stretch.input, lane: stretch.lane });
        this.#lose(lane, 'fenced');
      }
    }
  }

  #noteFailure(stretches: readonly InputStretch[]): void {
    for (const { input, lane, occurrences } of stretches) {
      if (occurrences.length === 0) continue;
      const name = nameOf(input, lane);
      this.#failuresOf.set(name, (this.#failuresOf.get(name) ?? 0) + 1);
    }
  }

  /** One transaction, then everybody who waits for what it did is told. */
  async #commit(
    stretches: readonly InputStretch[],
    also: readonly Occurrence[],
  ): Promise<CommitOutcome> {
    const { clock, settings } = this.#deps;
    const outcome = await withDeadline(
      clock,
      settings.answerWithinMs,
      'the commit',
      this.#commits.commit(stretches, also, clock.nowMs()),
    );
    this.#count(outcome);
    tellChanged(this.#deps.log, outcome.tenantIds);
    if (outcome.messages > 0) this.#deps.onMessages();
    return outcome;
  }

  #count({ counts, strangers, unmatched, messages, overflow }: CommitOutcome): void {
    const { metrics } = this.#deps;
    metrics.alerts('raised', counts.raised);
    metrics.alerts('repeated', counts.repeated);
    metrics.alerts('reopened', counts.reopened);
    metrics.passed('resent', counts.resent);
    metrics.passed('late', counts.late);
    metrics.passed('stranger', strangers);
    metrics.passed('unmatched', unmatched);
    metrics.coolDown.inc(counts.coolDown);
    metrics.messages.inc(messages);
    metrics.skipped('too many waiting', overflow);
  }

  /**
   * After a failure: a commit that was not answered may be in the store, so lanes in which something happened
   * are begun anew from what the store has. One that is refused again and again is taken apart.
   */
  async #recover(error: unknown): Promise<void> {
    try {
      if (isRefusal(error)) await this.#commitOneByOne();
    } finally {
      for (const lane of this.#lanes.values()) {
        if (lane.pending > 0) this.#lose(lane, 'commitUnknown');
      }
    }
  }

  /**
   * Raises every occurrence of the lanes that were refused too often on its own, so that one the store refuses
   * harms no other, and moves the offsets behind them. What was raised and is read again after a crash in between is known by its time.
   */
  async #commitOneByOne(): Promise<void> {
    const { metrics, logger } = this.#deps;
    for (const [name, lane] of this.#lanes) {
      if ((this.#failuresOf.get(name) ?? 0) < REFUSED_AFTER) continue;
      const stretch = lane.stretch();
      for (const occurrence of stretch.occurrences) {
        try {
          await this.#commit([], [occurrence]);
        } catch (error) {
          if (!isRefusal(error)) throw error;
          metrics.poisonOccurrences.inc();
          const { tenantId, trackerId, cause } = occurrence;
          logger.error('notification.occurrenceRefused', {
            tenantId,
            trackerId,
            kind: cause.kind,
            error,
          });
        }
      }
      const { fenced } = await this.#commit([{ ...stretch, occurrences: [] }], []);
      this.#failuresOf.delete(name);
      if (fenced.length === 0) lane.settle(stretch);
    }
  }
}

/** Tells everybody who shows alerts that those of these tenants changed. */
export function tellChanged(log: Log, tenantIds: Iterable<TenantId>): void {
  for (const tenantId of tenantIds) log.broadcast(SUBJECTS.alerts, Buffer.from(String(tenantId)));
}

/**
 * Whether trying the same again must fail the same way: the server refuses the values (SQLSTATE class 22, 23), or
 * we made an error. All else, silence of the database included, may pass, and nothing is given up for it.
 */
function isRefusal(error: unknown): boolean {
  if (error instanceof TypeError || error instanceof RangeError) return true;
  return /^2[23]/.test(failureCode(error) ?? '');
}

const nameOf = (input: string, lane: Lane): string => `${input}/${lane}`;
