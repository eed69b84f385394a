/**
 * Stage "publish": committed events go to the events stream, then are marked as sent, those of a quarter of a second
 * at once: marks are for the next owner, nobody waits for them. An event that was
 * appended by an owner who was killed before the mark is appended again by the next one. With its id as the
 * record's id the log drops the repeat while it remembers ids (`DUPLICATE_WINDOW_MS`); after a longer outage
 * the event stands in the stream twice. Consumers therefore insert by event id.
 *
 * Order is per tracker: events leave in waves with at most one of each tracker, and a wave has left before
 * the next starts.
 *
 * A lane may change hands while its events wait here. Whoever owns a lane sends what is not marked as sent, from
 * the first one on and in order, so that two who do so at the same time write the same row of events, of which the
 * log keeps each where it came first. A former owner stops as soon as it knows (`forget`): what is under way then
 * is the next event of its tracker, or a repeat.
 */
import type { Log } from '@followme/log';
import { laneOf, type FenceEvent, type TrackerId } from '@followme/model';
import { isAbortError, withDeadline, type Clock, type Logger } from '@followme/platform';
import type { GeofenceStatePort, LaneLease } from '@followme/store';
import type { OperatorMetrics } from './operator-metrics.ts';
import type { GeofenceSettings } from './settings.ts';
import { Waiters } from './waiters.ts';

const WAVE_EVENTS = 256;
/** How far down the queue a wave looks for further trackers. */
const WAVE_REACH = 1_024;
const UNSENT_PAGE = 1_000;
/** Events in the log are marked this long after the first of them, or when so many wait for it. */
const MARK_AFTER_MS = 250;
const MARK_EVENTS = 1_024;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 2_000;

/** An event and the lane it was judged in. */
interface OfferedEvent {
  readonly event: FenceEvent;
  readonly lease: LaneLease;
}

export interface EventPublisher {
  /** Events that are not marked as sent yet. */
  readonly waiting: number;
  /** Sends events of a lane after those that wait; of a lane that is lost none. */
  offer(events: readonly FenceEvent[], lease: LaneLease): void;
  /** Resolves when at most `events` wait. @throws AbortError */
  room(events: number, signal: AbortSignal): Promise<void>;
  /** Resolves when all events of the lane are sent and marked. @throws AbortError when the lane is lost. */
  sent(lease: LaneLease): Promise<void>;
  /**
   * Sends what an owner of the lane before us committed and did not send.
   * @throws AbortError when the lane is lost, or what the store throws.
   */
  sendLeftOver(lease: LaneLease): Promise<void>;
  /** The lane is another's: what waits of it is that one's to send. */
  forget(lease: LaneLease): void;
  /** Ends. What waits by now is sent by the next owner. */
  stop(): Promise<void>;
}

export interface PublisherDeps {
  readonly log: Log;
  readonly state: GeofenceStatePort;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: OperatorMetrics;
  readonly settings: GeofenceSettings;
}

export function createEventPublisher(deps: PublisherDeps): EventPublisher {
  return new WavePublisher(deps);
}

class WavePublisher implements EventPublisher {
  readonly #deps: PublisherDeps;
  readonly #stopped = new AbortController();
  readonly #waiters = new Waiters();
  #queue: OfferedEvent[] = [];
  #underWay: readonly OfferedEvent[] = [];
  /** In the log, and to be marked. */
  #sent: OfferedEvent[] = [];
  #marking: readonly OfferedEvent[] = [];
  #cancelMark: (() => void) | null = null;
  #run: Promise<void> | null = null;
  #marks: Promise<void> | null = null;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  get waiting(): number {
    return this.#all().reduce((count, events) => count + events.length, 0);
  }

  offer(events: readonly FenceEvent[], lease: LaneLease): void {
    if (events.length === 0 || this.#stopped.signal.aborted || lease.signal.aborted) return;
    for (const event of events) this.#queue.push({ event, lease });
    this.#run ??= this.#sendAll();
  }

  room(events: number, signal: AbortSignal): Promise<void> {
    return this.#waiters.until(() => this.waiting <= events, signal);
  }

  sent(lease: LaneLease): Promise<void> {
    const isOfLane = (offered: OfferedEvent): boolean => offered.lease === lease;
    return this.#waiters.until(() => {
      if (!this.#all().some((events) => events.some(isOfLane))) return true;
      if (this.#sent.some(isOfLane)) this.#mark();
      return false;
    }, lease.signal);
  }

  async sendLeftOver(lease: LaneLease): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const unsent = await this.#answer(
        'reading unsent events',
        this.#deps.state.unsent([lease.lane], UNSENT_PAGE),
      );
      const fresh = unsent.filter(({ eventId }) => !seen.has(eventId));
      if (fresh.length === 0) return;
      for (const { eventId } of fresh) seen.add(eventId);
      this.offer(fresh, lease);
      await this.sent(lease);
    }
  }

  forget(lease: LaneLease): void {
    this.#queue = this.#queue.filter((offered) => offered.lease !== lease);
    this.#waiters.wake();
  }

  async stop(): Promise<void> {
    this.#stopped.abort();
    this.#cancelMark?.();
    await this.#run;
    await this.#marks;
  }

  #all(): readonly (readonly OfferedEvent[])[] {
    return [this.#queue, this.#underWay, this.#sent, this.#marking];
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#queue.length > 0 && !this.#stopped.signal.aborted) {
        const wave = this.#nextWave();
        this.#underWay = wave;
        const appended = await Promise.all(wave.map((offered) => this.#append(offered)));
        this.#sent.push(...wave.filter((_, place) => appended[place]));
        this.#underWay = [];
        this.#markSoon();
        this.#waiters.wake();
        if (this.#sent.length >= MARK_EVENTS) await this.#marks;
      }
    } catch (error) {
      if (!isAbortError(error)) throw error; // only a stop ends the retries
    } finally {
      this.#run = null;
    }
  }

  #nextWave(): readonly OfferedEvent[] {
    const wave: OfferedEvent[] = [];
    const trackers = new Set<TrackerId>();
    const reach = Math.min(this.#queue.length, WAVE_REACH);
    const later: OfferedEvent[] = [];
    for (const offered of this.#queue.slice(0, reach)) {
      const { trackerId } = offered.event;
      if (wave.length < WAVE_EVENTS && !trackers.has(trackerId)) wave.push(offered);
      else later.push(offered);
      trackers.add(trackerId);
    }
    this.#queue = [...later, ...this.#queue.slice(reach)];
    return wave;
  }

  /** False when the lane was lost before the event was in the log: the next owner sends it. */
  async #append({ event, lease }: OfferedEvent): Promise<boolean> {
    const { log } = this.#deps;
    const lane = laneOf(event.trackerId, log.lanes('events'));
    const payload = Buffer.from(JSON.stringify(event));
    const append = (): Promise<unknown> =>
      log.append('events', lane, payload, { recordId: event.eventId });
    return this.#untilDone({ what: 'appending an event', work: append, while: lease.signal });
  }

  #markSoon(): void {
    if (this.#sent.length === 0 || this.#stopped.signal.aborted) return;
    if (this.#sent.length >= MARK_EVENTS) this.#mark();
    else this.#cancelMark ??= this.#deps.clock.after(MARK_AFTER_MS, () => this.#mark());
  }

  /** Marks what is sent by now, unless marks are under way. */
  #mark(): void {
    this.#cancelMark?.();
    this.#cancelMark = null;
    this.#marks ??= this.#markSent().finally(() => {
      this.#marks = null;
      this.#markSoon();
      this.#waiters.wake();
    });
  }

  async #markSent(): Promise<void> {
    this.#marking = this.#sent;
    this.#sent = [];
    const ids = this.#marking.map(({ event }) => event.eventId);
    try {
      await this.#untilDone({
        what: 'marking events sent',
        work: () => this.#deps.state.markSent(ids),
        while: null,
      });
      this.#marking = [];
    } catch (error) {
      if (!isAbortError(error)) throw error; // only a stop ends the retries: these are not marked, and say so
    }
  }

  /** Tries until it works; false when `while` aborts first. @throws AbortError when the publisher stops. */
  async #untilDone(task: {
    readonly what: string;
    readonly work: () => Promise<unknown>;
    readonly while: AbortSignal | null;
  }): Promise<boolean> {
    const { clock, logger, metrics } = this.#deps;
    const { what } = task;
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS)) {
      if (task.while?.aborted === true) return false;
      try {
        await this.#answer(what, task.work());
        return true;
      } catch (error) {
        metrics.publishFailures.inc();
        logger.warn('geofence.publishFailed', { what, error, retryInMs: pauseMs });
        await clock.sleep(pauseMs, this.#stopped.signal);
      }
    }
  }

  #answer<T>(what: string, work: Promise<T>): Promise<T> {
    return withDeadline(this.#deps.clock, this.#deps.settings.answerWithinMs, what, work);
  }
}
