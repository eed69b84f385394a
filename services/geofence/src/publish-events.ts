/**
 * Stage "publish": committed events go to the events stream, then are marked as sent. An event that was
 * appended by an owner who was killed before the mark is appended again by the next one. With its id as the
 * record's id the log drops the repeat while it remembers ids (`DUPLICATE_WINDOW_MS`); after a longer outage
 * the event stands in the stream twice. Consumers therefore insert by event id.
 *
 * Order is per tracker: events leave in waves with at most one of each tracker, and a wave has left before
 * the next starts.
 */
import type { Log } from '@followme/log';
import { laneOf, type FenceEvent, type Lane, type TrackerId } from '@followme/model';
import { isAbortError, withDeadline, type Clock, type Logger } from '@followme/platform';
import type { GeofenceStatePort } from '@followme/store';
import type { OperatorMetrics } from './operator-metrics.ts';
import type { GeofenceSettings } from './settings.ts';
import { Waiters } from './waiters.ts';

const WAVE_EVENTS = 256;
/** How far down the queue a wave looks for further trackers. */
const WAVE_REACH = 1_024;
const UNSENT_PAGE = 1_000;
const RETRY_FIRST_MS = 50;
const RETRY_MOST_MS = 2_000;

export interface EventPublisher {
  /** Events that have not left yet. */
  readonly waiting: number;
  /** Sends events after those that wait. */
  offer(events: readonly FenceEvent[]): void;
  /** Resolves when at most `events` wait. @throws AbortError */
  room(events: number, signal: AbortSignal): Promise<void>;
  /** Sends what an owner before us committed and did not send. @throws AbortError, or what the store throws. */
  sendLeftOver(lanes: readonly Lane[], signal: AbortSignal): Promise<void>;
  /** Sends what waits, at most for the drain time; what is left is sent by the next owner. */
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
  #queue: FenceEvent[] = [];
  #underWay = 0;
  #run: Promise<void> | null = null;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
  }

  get waiting(): number {
    return this.#queue.length + this.#underWay;
  }

  offer(events: readonly FenceEvent[]): void {
    if (events.length === 0 || this.#stopped.signal.aborted) return;
    for (const event of events) this.#queue.push(event);
    this.#run ??= this.#sendAll();
  }

  room(events: number, signal: AbortSignal): Promise<void> {
    return this.#waiters.until(() => this.waiting <= events, signal);
  }

  async sendLeftOver(lanes: readonly Lane[], signal: AbortSignal): Promise<void> {
    const seen = new Set<string>();
    for (;;) {
      const unsent = await this.#answer(
        'reading unsent events',
        this.#deps.state.unsent(lanes, UNSENT_PAGE),
      );
      const fresh = unsent.filter(({ eventId }) => !seen.has(eventId));
      if (fresh.length === 0) return;
      for (const { eventId } of fresh) seen.add(eventId);
      this.offer(fresh);
      await this.room(0, signal);
    }
  }

  async stop(): Promise<void> {
    const { clock, settings, logger } = this.#deps;
    const running = this.#run ?? Promise.resolve();
    await withDeadline(clock, settings.drainWithinMs, 'sending the last events', running).catch(
      () => logger.warn('geofence.eventsLeftForNextOwner', { events: this.waiting }),
    );
    this.#stopped.abort();
    await this.#run;
  }

  async #sendAll(): Promise<void> {
    try {
      while (this.#queue.length > 0) {
        const wave = this.#nextWave();
        this.#underWay = wave.length;
        await Promise.all(wave.map((event) => this.#append(event)));
        await this.#markSent(wave);
        this.#underWay = 0;
        this.#waiters.wake();
      }
    } catch (error) {
      if (!isAbortError(error)) throw error; // only a stop ends the retries
    } finally {
      this.#run = null;
    }
  }

  #nextWave(): readonly FenceEvent[] {
    const wave: FenceEvent[] = [];
    const trackers = new Set<TrackerId>();
    const reach = Math.min(this.#queue.length, WAVE_REACH);
    const later: FenceEvent[] = [];
    for (const event of this.#queue.slice(0, reach)) {
      if (wave.length < WAVE_EVENTS && !trackers.has(event.trackerId)) wave.push(event);
      else later.push(event);
      trackers.add(event.trackerId);
    }
    this.#queue = [...later, ...this.#queue.slice(reach)];
    return wave;
  }

  #append(event: FenceEvent): Promise<void> {
    const { log } = this.#deps;
    const lane = laneOf(event.trackerId, log.lanes('events'));
    const payload = Buffer.from(JSON.stringify(event));
    return this.#untilDone('appending an event', () =>
      log.append('events', lane, payload, { recordId: event.eventId }),
    );
  }

  #markSent(wave: readonly FenceEvent[]): Promise<void> {
    const ids = wave.map(({ eventId }) => eventId);
    return this.#untilDone('marking events sent', () => this.#deps.state.markSent(ids));
  }

  /** Tries until it works. @throws AbortError when the publisher stops. */
  async #untilDone(what: string, work: () => Promise<unknown>): Promise<void> {
    const { clock, logger, metrics } = this.#deps;
    for (let pauseMs = RETRY_FIRST_MS; ; pauseMs = Math.min(pauseMs * 2, RETRY_MOST_MS)) {
      try {
        await this.#answer(what, work());
        return;
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
