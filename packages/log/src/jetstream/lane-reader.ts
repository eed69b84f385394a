/**
 * Reads one lane: an ephemeral consumer without acknowledgements, kept in the server's memory, from which records
 * are fetched in portions of bounded size. A portion stays open while nothing comes, so reading a lane costs one
 * request per 512 records or half a minute.
 *
 * States: `building` (a consumer is being made, from the next sequence on) → `following` (records come, checked for
 * gaps by the consumer's own count) → anything suspicious → `building` again; `ended`. Only `rebuild`, `#build` and
 * `end` change the state. `#generation` counts the buildings: what comes for an earlier one is not heard.
 */
import { AckPolicy, DeliverPolicy } from '@nats-io/jetstream';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Msg } from '@nats-io/transport-node';
import { LogError, type LogRecord, type StreamName } from '../port.ts';
import type { Delivery } from './delivery.ts';
import type { RebuildReason } from './jetstream-counters.ts';
import type { ReaderDeps, ReadingPlace } from './readers.ts';

/** Records and bytes of one portion; a record of the largest size fits in. */
const PORTION_RECORDS = 512;
const PORTION_BYTES = 1_100_000;
/** The next portion is asked for when no more than this waits to be read. */
const REFILL_BELOW_BYTES = 300_000;
const PORTION_LIFE_MS = 30_000;
const HEARTBEAT_MS = 1000;
/** The server forgets a consumer that nobody asks for this long, and does not answer those who ask then. */
const CONSUMER_LIFE_MS = 30_000;
const CONSUMER_MARGIN_MS = 5000;
const NANOSECONDS_PER_MS = 1e6;
const FIRST_PAUSE_MS = 50;
const MAX_PAUSE_MS = 1000;
/** A reader that could not begin for so long says so, and again after that. */
const STUCK_MS = 10_000;

const STATUS_HEARTBEAT = 100;
const STATUS_PORTION_OVER = [404, 408];
const STATUS_CONFLICT = 409;
/** Of the conflicts only these are about the portion; all others are about the consumer. */
const PORTION_CONFLICT = /maxbytes|max bytes|batch completed/i;

/** Where a reader begins. */
export interface LanePlace {
  readonly stream: StreamName;
  readonly lane: Lane;
  /** Nothing before this sequence is handed out. */
  readonly from: number;
}

/** One reader of one lane, over all connections and consumers that it takes. */
export class LaneReader {
  readonly place: LanePlace;
  readonly #deps: ReaderDeps;
  readonly #buffer: LogRecord[] = [];
  #bufferBytes = 0;
  #state: 'building' | 'following' | 'ended' = 'building';
  #generation = 0;
  /** The present consumer; messages come to this reader by its name. */
  #consumer: string | null = null;
  #deliveries = 0;
  /** Records the open portion may still bring, 0 when none is open. */
  #portionLeft = 0;
  /** The next sequence that was not received; everything before it was. */
  #next: number;
  /** The newest record received, 0 when there was none. */
  #received = 0;
  /** When the log took that one. */
  #receivedTimeMs = 0;
  #lastHeardMs = 0;
  #lastRecordMs = 0;
  #failure: LogError | null = null;
  #wake: () => void = () => undefined;

  constructor(deps: ReaderDeps, place: LanePlace) {
    this.#deps = deps;
    this.place = place;
    this.#next = Math.max(1, place.from);
  }

  get next(): number {
    return this.#next;
  }

  /** Where it is. */
  get at(): ReadingPlace {
    const { stream, lane } = this.place;
    const [next, received, receivedTimeMs] = [this.#next, this.#received, this.#receivedTimeMs];
    return { stream, lane, next, received, receivedTimeMs };
  }

  /** Since when it waits for the server without a sign, ms of the clock; null when it does not wait. */
  get silentSinceMs(): number | null {
    return this.#state === 'following' && this.#portionLeft > 0 ? this.#lastHeardMs : null;
  }

  /** When the newest record came, or the consumer was made. */
  get lastRecordMs(): number {
    return this.#lastRecordMs;
  }

  /** The oldest record received and not handed out, or null. @throws LogError when reading cannot go on. */
  take(): LogRecord | null {
    const record = this.#buffer.shift();
    if (record === undefined) {
      if (this.#failure !== null) throw this.#failure;
      return null;
    }
    this.#bufferBytes -= record.payload.length;
    this.#refill();
    return record;
  }

  /** Resolves when there is something to take, an error or the end. */
  changed(): Promise<void> {
    if (this.#buffer.length > 0 || this.#failure !== null || this.#state === 'ended') {
      return Promise.resolve();
    }
    return new Promise((resolve) => (this.#wake = resolve));
  }

  /** Begins anew from the next sequence. */
  rebuild(reason: RebuildReason | 'start'): void {
    if (this.#state === 'ended' || this.#failure !== null) return;
    if (reason !== 'start') this.#deps.counters.rebuilt(reason);
    this.#letGo();
    this.#state = 'building';
    void this.#build(this.#generation);
  }

  /** Reading cannot go on: `take` throws when what was received is handed out. */
  fail(error: LogError): void {
    if (this.#state === 'ended') return;
    this.#letGo();
    this.#state = 'building';
    this.#failure ??= error;
    this.#wake();
  }

  /** There is no connection: nothing is expected until `rebuild`. */
  suspend(): void {
    if (this.#state !== 'following') return;
    this.#letGo();
    this.#state = 'building';
  }

  /** Ends the reading. */
  end(): void {
    if (this.#state === 'ended') return;
    this.#letGo();
    this.#state = 'ended';
    this.#wake();
  }

  /** A record for the present consumer. */
  hearRecord(message: Msg, delivery: Delivery): void {
    this.#lastHeardMs = this.#deps.clock.monotonicMs();
    this.#deliveries += 1;
    this.#portionLeft -= 1;
    if (delivery.deliveryNumber !== this.#deliveries) {
      this.rebuild('gap');
      return;
    }
    this.#lastRecordMs = this.#lastHeardMs;
    // servers before 2.11 begin at their newest record when asked for one that is not there yet
    if (delivery.sequence >= this.#next) this.#receive(message, delivery);
    this.#refill();
  }

  #receive(message: Msg, { sequence, storedTimeMs }: Delivery): void {
    this.#next = sequence + 1;
    this.#received = sequence;
    this.#receivedTimeMs = storedTimeMs;
    // the message is a view on a larger buffer of the socket
    const payload = new Uint8Array(message.data);
    const { lane } = this.place;
    this.#buffer.push({ lane, sequence: trustedId<LogSequence>(sequence), storedTimeMs, payload });
    this.#bufferBytes += payload.length;
    this.#deps.onRecord();
    this.#wake();
  }

  /** Anything else for the present consumer: how its portion goes. */
  hearStatus({ headers }: Msg): void {
    this.#lastHeardMs = this.#deps.clock.monotonicMs();
    const status = headers?.code ?? 0;
    if (status === STATUS_HEARTBEAT) {
      // it tells how many it sent: a record that was lost on the way shows even when no other follows
      const sent = Number(headers?.get('Nats-Last-Consumer') || this.#deliveries);
      if (sent > this.#deliveries) this.rebuild('gap');
      return;
    }
    const isPortionOver =
      STATUS_PORTION_OVER.includes(status) ||
      (status === STATUS_CONFLICT && PORTION_CONFLICT.test(headers?.description ?? ''));
    if (!isPortionOver) {
      this.rebuild('gone');
      return;
    }
    this.#portionLeft = 0;
    this.#refill();
  }

  /** Forgets the consumer; what it still sends is not heard. */
  #letGo(): void {
    this.#generation += 1;
    if (this.#consumer !== null) this.#deps.removeConsumer(this.place.stream, this.#consumer);
    this.#consumer = null;
    this.#portionLeft = 0;
  }

  async #build(generation: number): Promise<void> {
    const { clock, random } = this.#deps;
    let pauseMs = FIRST_PAUSE_MS;
    let stuckAtMs = clock.monotonicMs() + STUCK_MS;
    while (this.#generation === generation) {
      try {
        await this.#buildOnce(generation);
        return;
      } catch (error) {
        if (this.#generation !== generation) return;
        if (error instanceof LogError && this.#deps.isFinal(error)) {
          this.fail(error);
          return;
        }
        this.#deps.logger.debug('log.readerNotBuilt', { ...this.place, error });
        if (clock.monotonicMs() >= stuckAtMs) {
          stuckAtMs = clock.monotonicMs() + STUCK_MS;
          this.#deps.onStuck(this.place, error);
        }
        await clock.sleep(pauseMs * (0.5 + random.next() / 2));
        pauseMs = Math.min(MAX_PAUSE_MS, pauseMs * 2);
      }
    }
  }

  async #buildOnce(generation: number): Promise<void> {
    const { stream, lane } = this.place;
    const { connection, names, clock } = this.#deps;
    const { jetstream } = connection.demand();
    const begin = await this.#deps.checkPlace(this.at);
    if (this.#generation !== generation) return;
    this.#next = begin;
    const name = this.#deps.newName();
    await jetstream.consumers.add(names.stream(stream), {
      name,
      ack_policy: AckPolicy.None,
      deliver_policy: DeliverPolicy.StartSequence,
      opt_start_seq: this.#next,
      filter_subject: names.laneSubject(stream, lane),
      inactive_threshold: CONSUMER_LIFE_MS * NANOSECONDS_PER_MS,
      max_deliver: 1,
      mem_storage: true,
      num_replicas: 1,
    });
    if (this.#generation !== generation) {
      this.#deps.removeConsumer(stream, name);
      return;
    }
    this.#consumer = name;
    this.#deps.attach(name, this);
    this.#deliveries = 0;
    this.#state = 'following';
    this.#lastRecordMs = clock.monotonicMs();
    this.#lastHeardMs = this.#lastRecordMs;
    this.#refill();
  }

  /** Asks for the next portion when none is open and little waits. */
  #refill(): void {
    if (this.#state !== 'following' || this.#portionLeft > 0 || this.#consumer === null) return;
    if (this.#bufferBytes > REFILL_BELOW_BYTES || this.#buffer.length > PORTION_RECORDS / 2) return;
    const nowMs = this.#deps.clock.monotonicMs();
    if (nowMs - this.#lastHeardMs > CONSUMER_LIFE_MS - CONSUMER_MARGIN_MS) {
      this.rebuild('gone');
      return;
    }
    this.#portionLeft = PORTION_RECORDS;
    this.#lastHeardMs = nowMs;
    this.#deps.requestPortion(this.place.stream, this.#consumer, PORTION);
  }
}

const PORTION = Buffer.from(
  JSON.stringify({
    batch: PORTION_RECORDS,
    max_bytes: PORTION_BYTES,
    expires: PORTION_LIFE_MS * NANOSECONDS_PER_MS,
    idle_heartbeat: HEARTBEAT_MS * NANOSECONDS_PER_MS,
  }),
);
