/**
 * Keeps a process' share of the lanes of one consumer: renews, takes what is free, hands over what is too much,
 * drops what is lost. It knows nothing of the work in a lane but to begin it, to finish it and to throw it away.
 *
 * Where leases run out (`leased`), every `renewEveryMs` one look at the store renews all lanes and counts the
 * members; a fair share is lanes / members, rounded up. Who has less takes what is free, who has more hands over
 * the rest, and who gives something back calls the others (`SUBJECTS.lanes`). When a lease is about to run out the
 * look comes when it does. All this is for liveness: that no stretch is committed twice is for the epochs to see to.
 *
 * A lane is thrown away at once when a look says that it is not ours. When no look has succeeded for a lease by our
 * own clock (the store is away, the process stood still or has too much to do) the store is asked at once, and all
 * lanes are thrown away unless it answers (after ten leases without asking): a lease that ran out and that nobody took is ours again, and a process
 * that is late anyway does not load all its lanes anew for nothing. When the log is silent all lanes go back to the
 * store, and none is taken until it answers: who cannot read must not keep lanes from those who can.
 *
 * The only process (`single`) takes all lanes, and those it let go again with the next round; nothing is renewed.
 *
 * running → paused (the log is silent) → running; running | paused → stopping → stopped.
 */
import { SUBJECTS, type Lane } from '@followme/model';
import {
  withDeadline,
  type CancelTimer,
  type Clock,
  type Logger,
  type Metrics,
  type Random,
} from '@followme/platform';
import { createKeeperMetrics, type KeeperMetrics, type LaneLoss } from './keeper-metrics.ts';
import type { LaneLease, LaneSignals, LaneWork } from './lane-work.ts';
import type { LaneLeases, LeaseLook, OwnedLane } from './port.ts';

export interface KeeperSettings {
  /** Leases are renewed so often, ms; a third of their length at most. */
  readonly renewEveryMs: number;
  /** Least time between two looks while a lane is free or about to be, ms. */
  readonly pollEveryMs: number;
  /** Longest answer of the store that is waited for, ms; two thirds of a lease unless told. */
  readonly answerWithinMs: number;
  /** Longest that lanes may take to finish, ms. */
  readonly finishWithinMs: number;
  /** At a log that has been silent for longer, ms, lanes are given back. */
  readonly logSilentMs: number;
}

const DEFAULT_KEEPER_SETTINGS: Omit<KeeperSettings, 'answerWithinMs'> = {
  renewEveryMs: 800,
  pollEveryMs: 250,
  finishWithinMs: 10_000,
  logSilentMs: 2_000,
};

/** Longest that the store is waited for where no lease runs out meanwhile, ms. */
const PATIENCE_MS = 10_000;
/** After so many lengths of a lease without a look nothing is asked any more: what is still to be sent is too old. */
const STANDSTILL_LEASES = 10;
/** How often it is looked whether leases ran out by our clock, or the log fell silent, ms. */
const WATCH_EVERY_MS = 200;

export interface LaneKeeperDeps {
  readonly leases: LaneLeases;
  readonly signals: LaneSignals;
  readonly work: LaneWork;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Names this process in the lease rows. */
  readonly owner: string;
  /** The lanes this process may take. */
  readonly lanes: readonly Lane[];
  readonly settings?: Partial<KeeperSettings>;
}

export interface LaneKeeper {
  /** Lanes that are ours, also those whose work begins or ends. */
  readonly held: readonly LaneLease[];
  /** How long there have been lanes that nobody owns, ms; 0 when there are none. */
  readonly unownedForMs: number;
  /**
   * Whether the leases have been renewed for less than a lease by our clock. Who does what cannot be undone asks
   * before: after a standstill it says no until a look has succeeded.
   */
  isCurrent(): boolean;
  /** Resolves when the first lanes are being worked in; never rejects, what fails is tried again. */
  start(): Promise<void>;
  /** The consumer cannot go on with a lane of this epoch. It is dropped, and taken again when it is free. */
  lose(lane: Pick<OwnedLane, 'lane' | 'epoch'>, why: LaneLoss): void;
  /** Hands over all lanes and takes no more. May be called while `start` still waits. */
  stop(): Promise<void>;
}

/** A keeper that has not started. */
export function createLaneKeeper(deps: LaneKeeperDeps): LaneKeeper {
  return new Keeper(deps);
}

interface Entry {
  readonly lease: LaneLease;
  readonly controller: AbortController;
  state: 'beginning' | 'working' | 'finishing';
}

class Keeper implements LaneKeeper {
  readonly #deps: LaneKeeperDeps;
  readonly #settings: KeeperSettings;
  readonly #metrics: KeeperMetrics;
  /** Null where leases do not run out. */
  readonly #leaseMs: number | null;
  readonly #entries = new Map<Lane, Entry>();
  /** Begins, hand-overs and give-backs that have not come to an end. */
  readonly #underWay = new Set<Promise<void>>();
  #state: 'idle' | 'running' | 'paused' | 'stopping' | 'stopped' = 'idle';
  #members = 1;
  /** When the last look that succeeded was sent, by the monotonic clock. */
  #renewedMs = -Infinity;
  #unownedSinceMs: number | null = null;
  #round: Promise<void> | null = null;
  #taking: Promise<void> | null = null;
  #isCalled = false;
  /** When the next round is due, by the monotonic clock. */
  #nextMs = Infinity;
  #cancelNext: CancelTimer = () => undefined;
  #endings: (() => void)[] = [];

  constructor(deps: LaneKeeperDeps) {
    const { ownership, consumer } = deps.leases;
    this.#deps = deps;
    this.#leaseMs = ownership.kind === 'leased' ? ownership.leaseMs : null;
    const answerWithinMs = this.#leaseMs === null ? PATIENCE_MS : (this.#leaseMs * 2) / 3;
    const settings = { ...DEFAULT_KEEPER_SETTINGS, answerWithinMs, ...deps.settings };
    const pollEveryMs = Math.min(settings.pollEveryMs, settings.renewEveryMs);
    this.#settings = { ...settings, pollEveryMs };
    this.#metrics = createKeeperMetrics(deps.metrics, consumer, {
      owned: () => this.#entries.size,
      members: () => this.#members,
    });
  }

  get held(): readonly LaneLease[] {
    return Array.from(this.#entries.values(), ({ lease }) => lease);
  }

  get unownedForMs(): number {
    if (this.#unownedSinceMs === null) return 0;
    return this.#deps.clock.monotonicMs() - this.#unownedSinceMs;
  }

  isCurrent(): boolean {
    if (this.#leaseMs === null) return true;
    return this.#deps.clock.monotonicMs() - this.#renewedMs < this.#leaseMs;
  }

  async start(): Promise<void> {
    const { clock, signals, leases } = this.#deps;
    this.#state = 'running';
    if (this.#leaseMs !== null) {
      const hear = (payload: Uint8Array): void => {
        if (Buffer.from(payload).toString() === leases.consumer) this.#call();
      };
      this.#endings = [
        clock.every(WATCH_EVERY_MS, () => this.#watch()),
        signals.subscribe(SUBJECTS.lanes, hear),
      ];
      this.#watch();
    }
    this.#call();
    await this.#round;
    await this.#taking;
    await Promise.all(this.#underWay);
  }

  lose({ lane, epoch }: Pick<OwnedLane, 'lane' | 'epoch'>, why: LaneLoss): void {
    const entry = this.#entries.get(lane);
    if (entry?.lease.epoch !== epoch) return;
    this.#drop(entry, why);
    // what is still ours by name need not wait for the next renewal
    const { pollEveryMs } = this.#settings;
    const isSooner = this.#deps.clock.monotonicMs() + pollEveryMs < this.#nextMs;
    if (this.#round === null && this.#state === 'running' && isSooner) this.#callIn(pollEveryMs);
  }

  async stop(): Promise<void> {
    if (this.#state === 'idle') return;
    this.#state = 'stopping';
    await this.#taking; // what it takes from now on it gives back
    const active = this.#active();
    if (active.length > 0) this.#follow(this.#handOver(active));
    while (this.#underWay.size > 0) await Promise.all(this.#underWay); // renewing goes on meanwhile
    this.#state = 'stopped';
    this.#cancelNext();
    for (const end of this.#endings.splice(0)) end();
    await this.#round; // a look after leaving would be seen as coming back
    if (this.#leaseMs !== null) await this.#leave();
  }

  /** A round now, or right after the one under way. */
  #call(): void {
    if (this.#round !== null) {
      this.#isCalled = true;
      return;
    }
    if (this.#state === 'paused' || this.#state === 'stopped') return;
    this.#cancelNext();
    this.#isCalled = false;
    this.#round = this.#go().then((nextMs) => {
      this.#round = null;
      if (this.#state === 'paused' || this.#state === 'stopped') return;
      if (this.#isCalled) this.#call();
      else this.#callIn(nextMs);
    });
  }

  #callIn(ms: number): void {
    const { clock, random } = this.#deps;
    const delayMs = ms * (0.9 + 0.2 * random.next());
    this.#cancelNext();
    this.#nextMs = clock.monotonicMs() + delayMs;
    this.#cancelNext = clock.after(delayMs, () => this.#call());
  }

  /** Answers in how many ms the next round is due. */
  async #go(): Promise<number> {
    const { renewEveryMs, pollEveryMs } = this.#settings;
    if (this.#leaseMs === null) {
      const missing = this.#deps.lanes.length - this.#entries.size;
      this.#noteUnowned(missing);
      this.#takeMore(missing);
      return renewEveryMs;
    }
    const look = await this.#look();
    if (look === null) return pollEveryMs;
    if (this.#state === 'running') this.#balance(look);
    return Math.min(renewEveryMs, Math.max(pollEveryMs, look.nextFreeMs ?? renewEveryMs));
  }

  /** Null when the store did not answer. */
  async #look(): Promise<LeaseLook | null> {
    const { clock, leases, owner, lanes, logger } = this.#deps;
    const sentMs = clock.monotonicMs();
    const held = this.held;
    try {
      const look = await this.#answer('renewing lanes', leases.look(owner, { held, all: lanes }));
      this.#renewedMs = sentMs;
      this.#members = look.members;
      this.#noteUnowned(look.free);
      const kept = new Set(look.kept);
      for (const lease of held) if (!kept.has(lease.lane)) this.lose(lease, 'leaseLost');
      return look;
    } catch (error) {
      this.#metrics.failures.inc();
      logger.warn('lanes.lookFailed', { consumer: leases.consumer, error });
      if (!this.isCurrent()) this.#dropAll('leaseExpired');
      return null;
    }
  }

  #noteUnowned(lanes: number): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#unownedSinceMs = lanes === 0 ? null : (this.#unownedSinceMs ?? nowMs);
  }

  #balance({ members, free }: LeaseLook): void {
    const share = Math.ceil(this.#deps.lanes.length / members);
    const active = this.#active();
    if (active.length > share) {
      this.#follow(this.#handOver(this.#shuffled(active).slice(share)));
    } else if (free > 0) {
      this.#takeMore(share - active.length);
    }
  }

  /** Lanes that are not on their way back. */
  #active(): readonly Entry[] {
    return [...this.#entries.values()].filter(({ state }) => state !== 'finishing');
  }

  #takeMore(most: number): void {
    if (most <= 0 || this.#state !== 'running') return;
    this.#taking ??= this.#take(most).finally(() => (this.#taking = null));
  }

  async #take(most: number): Promise<void> {
    const { leases, owner, lanes, logger } = this.#deps;
    const missing = lanes.filter((lane) => !this.#entries.has(lane));
    const wanted = this.#leaseMs === null ? missing : this.#shuffled(missing);
    const taking = leases.acquire(owner, wanted, most);
    try {
      const taken = await this.#answer('taking lanes', taking);
      if (this.#state === 'running') return this.#hold(taken);
      await this.#release(taken);
    } catch (error) {
      this.#metrics.failures.inc();
      logger.warn('lanes.takeFailed', { consumer: leases.consumer, error });
      // what comes too late is nobody's, unless it was taken anew since
      taking.then(
        (late) => this.#release(late),
        () => undefined,
      );
    }
  }

  #hold(taken: readonly OwnedLane[]): void {
    if (taken.length === 0) return;
    const entries = taken.map((owned): Entry => {
      const controller = new AbortController();
      const lease = { ...owned, signal: controller.signal };
      return { lease, controller, state: 'beginning' };
    });
    for (const entry of entries) this.#entries.set(entry.lease.lane, entry);
    this.#metrics.taken.inc(entries.length);
    this.#follow(this.#begin(entries));
  }

  async #begin(entries: readonly Entry[]): Promise<void> {
    const { work, leases, logger } = this.#deps;
    try {
      await work.begin(entries.map(({ lease }) => lease));
      for (const entry of entries) if (entry.state === 'beginning') entry.state = 'working';
    } catch (error) {
      const failed = entries.filter(({ lease }) => !lease.signal.aborted);
      if (failed.length > 0) {
        logger.warn('lanes.beginFailed', { consumer: leases.consumer, error });
      }
      for (const entry of failed) this.#drop(entry, 'beginFailed');
    }
  }

  async #handOver(entries: readonly Entry[]): Promise<void> {
    const { work, leases, logger } = this.#deps;
    const begun = entries.filter(({ state }) => state === 'working');
    for (const entry of entries) {
      if (entry.state === 'beginning') this.#drop(entry, 'withdrawn');
      entry.state = 'finishing';
    }
    try {
      if (begun.length > 0) {
        const finishing = work.finish(begun.map(({ lease }) => lease));
        const { finishWithinMs } = this.#settings;
        await withDeadline(this.#deps.clock, finishWithinMs, 'finishing lanes', finishing);
      }
    } catch (error) {
      logger.warn('lanes.finishFailed', { consumer: leases.consumer, error });
      for (const entry of begun) if (this.#isHeld(entry)) this.#drop(entry, 'finishFailed');
    }
    const finished = begun.filter((entry) => this.#isHeld(entry));
    for (const entry of finished) this.#forget(entry);
    this.#metrics.handedOver.inc(finished.length);
    await this.#giveBack(entries);
  }

  /** Gives lanes back that are not worked in any more, and calls those who want some. */
  async #giveBack(entries: readonly Entry[]): Promise<void> {
    await this.#release(entries.map(({ lease }) => lease));
    if (this.#leaseMs !== null) this.#tell();
  }

  async #release(lanes: readonly OwnedLane[]): Promise<void> {
    const { leases, owner, logger } = this.#deps;
    if (lanes.length === 0) return;
    try {
      await this.#answer('giving lanes back', leases.release(owner, lanes));
    } catch (error) {
      // they run out by themselves
      logger.warn('lanes.releaseFailed', { consumer: leases.consumer, error });
    }
  }

  async #leave(): Promise<void> {
    const { leases, owner, logger } = this.#deps;
    try {
      await this.#answer('leaving', leases.leave(owner));
      this.#tell();
    } catch (error) {
      logger.warn('lanes.leaveFailed', { consumer: leases.consumer, error }); // missed after a lease
    }
  }

  #tell(): void {
    const { signals, leases, logger } = this.#deps;
    try {
      signals.broadcast(SUBJECTS.lanes, Buffer.from(leases.consumer));
    } catch (error) {
      logger.debug('lanes.callFailed', { consumer: leases.consumer, error }); // their next look finds it
    }
  }

  /** Also what follows a standstill: timers are the first to run then. */
  #watch(): void {
    this.#doubt();
    const isSilent = this.#deps.signals.silentForMs() > this.#settings.logSilentMs;
    if (isSilent && this.#state === 'running') this.#pause();
    if (!isSilent && this.#state === 'paused') {
      this.#state = 'running';
      this.#call();
    }
  }

  /** No look has succeeded for a lease: asks, or, after a long standstill, knows. */
  #doubt(): void {
    if (this.isCurrent() || this.#entries.size === 0) return;
    const lateMs = this.#deps.clock.monotonicMs() - this.#renewedMs;
    if (lateMs > STANDSTILL_LEASES * (this.#leaseMs ?? Infinity)) this.#dropAll('leaseExpired');
    if (this.#round === null) this.#call();
  }

  #pause(): void {
    this.#state = 'paused';
    this.#cancelNext();
    const entries = this.#dropAll('logSilent');
    const giveBack = async (): Promise<void> => {
      await this.#giveBack(entries);
      await this.#round;
      if (this.#state === 'paused') await this.#leave();
    };
    this.#follow(giveBack());
  }

  #dropAll(why: LaneLoss): readonly Entry[] {
    const entries = [...this.#entries.values()];
    for (const entry of entries) this.#drop(entry, why);
    return entries;
  }

  #drop(entry: Entry, why: LaneLoss): void {
    const { work, leases, logger } = this.#deps;
    const { lane, epoch } = entry.lease;
    this.#forget(entry);
    this.#metrics.lost(why);
    logger.warn('lanes.lost', { consumer: leases.consumer, lane, epoch, why });
    work.drop(entry.lease, why);
  }

  #forget(entry: Entry): void {
    if (this.#isHeld(entry)) this.#entries.delete(entry.lease.lane);
    entry.controller.abort();
  }

  #isHeld(entry: Entry): boolean {
    return this.#entries.get(entry.lease.lane) === entry;
  }

  #follow(work: Promise<void>): void {
    const followed = work.finally(() => this.#underWay.delete(followed));
    this.#underWay.add(followed);
  }

  #shuffled<T>(values: readonly T[]): readonly T[] {
    const { random } = this.#deps;
    return values
      .map((value) => ({ value, at: random.next() }))
      .sort((a, b) => a.at - b.at)
      .map(({ value }) => value);
  }

  #answer<T>(what: string, work: Promise<T>): Promise<T> {
    return withDeadline(this.#deps.clock, this.#settings.answerWithinMs, what, work);
  }
}
