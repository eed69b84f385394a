/**
 * Publishes records and waits for the server's acknowledgement. One subscription takes all answers: each record
 * has a token as the last part of its reply address. (Measured against the client's own `publish` of JetStream:
 * see `append.bench.ts`.)
 *
 * A record stays under way until it is acknowledged, refused or its time is over. Until then it is sent again,
 * always with the same bytes and the same id, after 5 s without an answer, on every new connection, and with a
 * pause when nobody could take it; the server's duplicate window makes the repeats harmless.
 *
 * One case needs another id. A leader that lost a record on its way into the stream, because it was cut off, may
 * remember the id for the whole window and answer every repeat that it is on its way (seen on 2.10.27, after one of
 * three servers had lost the others): what has an id of its caller's would wait ten minutes. After
 * `ID_HELD_LIMIT_MS` of such answers it is sent under the next id. Should the first one come into the stream after
 * all it stands there twice, which readers of records with ids bear.
 */
import { createInbox, headers, type Msg, type MsgHdrs } from '@nats-io/transport-node';
import type { CancelTimer, Clock } from '@followme/platform';
import { LogError } from '../port.ts';
import { parseAcknowledgement, type Acknowledgement } from './acknowledgement.ts';
import type { Connection, Session } from './connection.ts';
import type { JetStreamCounters, RetryReason } from './jetstream-counters.ts';

/** Records under way at once, and their bytes; appends beyond are refused, so that memory stays bounded. */
export const MAX_UNDER_WAY = 4096;
export const MAX_UNDER_WAY_BYTES = 64_000_000;
/** An answer that took longer is not waited for: the record is sent again. */
const ANSWER_LIMIT_MS = 5000;
/** After this a record is given up as `UNAVAILABLE`. */
const APPEND_LIMIT_MS = 30_000;
/** Once the log is being closed nothing waits longer than this. */
const CLOSING_LIMIT_MS = 5000;
/** So many time-outs in a row, and another server is taken. */
const TIMEOUTS_TO_MOVE = 2;
const CLOSING_LOOK_MS = 5;
const SWEEP_MS = 100;
/** Below the ten seconds for which those who wait for an append usually have patience. */
const ID_HELD_LIMIT_MS = 6000;
/** Pause before a record that nobody could take is sent again. */
const LATER_MS = 150;

/** The header by which the server knows a record again. */
export const MESSAGE_ID = 'Nats-Msg-Id';
const EXPECTED_LAST = 'Nats-Expected-Last-Subject-Sequence';

/** A record on its way to a subject. */
export interface Publication {
  readonly subject: string;
  readonly payload: Uint8Array;
  /** Printable characters without blanks; the server forgets it after the stream's duplicate window. */
  readonly messageId: string;
  /** Refuse (`conflict`) unless this is the subject's last sequence; 0 when it must have none. */
  readonly expectedLast?: number;
  /** Headers to store beside. */
  readonly headers?: Readonly<Record<string, string>>;
}

/** What became of a record that reached the server. */
type Published = Exclude<Acknowledgement, { readonly type: 'later' | 'refused' }>;

/** What is published with. */
export interface PublisherDeps {
  readonly clock: Clock;
  readonly connection: Connection;
  readonly counters: JetStreamCounters;
  /** Called at every acknowledgement: the log is heard of. */
  readonly onHeard: () => void;
}

/** Publishes over one subscription for all acknowledgements. */
export interface Publisher {
  /** Publishes; `payload` must not change until the promise settles. @throws LogError `UNAVAILABLE`. */
  publish(publication: Publication): Promise<Published>;
  /** Payload bytes under way. */
  pendingBytes(): number;
  /** Uses `session` from now on and sends again what is under way. */
  resume(session: Session): void;
  /** There is no session: what is under way waits. */
  suspend(): void;
  /** Gives up what is under way and what comes: it can never be taken. */
  fail(error: LogError): void;
  /** Resolves when nothing is under way any more and `isDone`; in 5 s whatever is under way is given up. */
  close(isDone: () => boolean): Promise<void>;
}

interface UnderWay {
  readonly publication: Publication;
  readonly headers: MsgHdrs;
  readonly reply: string;
  readonly deadlineMs: number;
  /** When it was last handed to a connection, null when it waits for one. */
  sentMs: number | null;
  /** When it may be sent again after nobody could take it, null otherwise. */
  againMs: number | null;
  /** Since when the server says that the id is on its way, null when it does not. */
  heldSinceMs: number | null;
  lastReason: string;
  readonly resolve: (published: Published) => void;
  readonly reject: (error: LogError) => void;
}

/** Of the JetStream engine; begins suspended. */
export function createPublisher(deps: PublisherDeps): Publisher {
  return new InboxPublisher(deps);
}

class InboxPublisher implements Publisher {
  readonly #deps: PublisherDeps;
  readonly #inbox = createInbox();
  /** By token, oldest first: what was asked for first is sent again first. */
  readonly #underWay = new Map<string, UnderWay>();
  readonly #stopSweeping: CancelTimer;
  #session: Session | null = null;
  #pendingBytes = 0;
  #nextToken = 1;
  #timeoutsInARow = 0;
  #failure: LogError | null = null;
  /** Nothing waits longer once the log is being closed. */
  #closingAtMs = Infinity;

  constructor(deps: PublisherDeps) {
    this.#deps = deps;
    this.#stopSweeping = deps.clock.every(SWEEP_MS, () => this.#sweep());
  }

  pendingBytes(): number {
    return this.#pendingBytes;
  }

  publish(publication: Publication): Promise<Published> {
    if (this.#failure !== null) return Promise.reject(this.#failure);
    const { length } = publication.payload;
    if (this.#underWay.size >= MAX_UNDER_WAY || this.#pendingBytes + length > MAX_UNDER_WAY_BYTES) {
      const error = new LogError(
        'UNAVAILABLE',
        `The log has ${this.#pendingBytes} bytes under way`,
      );
      return Promise.reject(error);
    }
    return new Promise((resolve, reject) => {
      const token = this.#nextToken.toString(36);
      this.#nextToken += 1;
      this.#pendingBytes += length;
      const record: UnderWay = {
        publication,
        headers: headersOf(publication),
        reply: `${this.#inbox}.${token}`,
        deadlineMs: this.#deps.clock.monotonicMs() + APPEND_LIMIT_MS,
        sentMs: null,
        againMs: null,
        heldSinceMs: null,
        lastReason: 'no server was reached',
        resolve,
        reject,
      };
      this.#underWay.set(token, record);
      this.#send(record);
    });
  }

  resume(session: Session): void {
    if (this.#session === session) return;
    this.#session = session;
    this.#timeoutsInARow = 0;
    session.nats.subscribe(`${this.#inbox}.*`, {
      callback: (error, message) => {
        if (error === null) this.#onAnswer(message);
      },
    });
    for (const record of this.#underWay.values()) this.#sendAgain(record, 'reconnect');
  }

  suspend(): void {
    this.#session = null;
  }

  fail(error: LogError): void {
    this.#failure = error;
    for (const [token, record] of this.#underWay) {
      this.#settle(token, record, () => record.reject(error));
    }
  }

  async close(isDone: () => boolean): Promise<void> {
    this.#closingAtMs = this.#deps.clock.monotonicMs() + CLOSING_LIMIT_MS;
    while (this.#underWay.size > 0 || !isDone()) {
      await this.#deps.clock.sleep(CLOSING_LOOK_MS);
    }
    this.#stopSweeping();
  }

  #sendAgain(record: UnderWay, reason: RetryReason): void {
    if (record.sentMs !== null) this.#deps.counters.retried(reason);
    this.#send(record);
  }

  #send(record: UnderWay): void {
    const { subject, payload } = record.publication;
    record.againMs = null;
    if (this.#session === null) return;
    try {
      this.#session.nats.publish(subject, payload, {
        reply: record.reply,
        headers: record.headers,
      });
      record.sentMs = this.#deps.clock.monotonicMs();
    } catch (error) {
      // closed this very moment: the next session sends it; anything else is told when its time is over
      record.lastReason = error instanceof Error ? error.message : String(error);
    }
  }

  #onAnswer(message: Msg): void {
    const token = message.subject.slice(this.#inbox.length + 1);
    const record = this.#underWay.get(token);
    // the answer to a repeat of what is settled
    if (record === undefined) return;
    const answer = parseAcknowledgement(message);
    if (answer.type === 'later') {
      const nowMs = this.#deps.clock.monotonicMs();
      record.lastReason = answer.reason;
      record.againMs = nowMs + LATER_MS;
      record.heldSinceMs = answer.isIdHeld === true ? (record.heldSinceMs ?? nowMs) : null;
      this.#renameWhenHeld(record, nowMs);
      return;
    }
    this.#timeoutsInARow = 0;
    this.#deps.onHeard();
    if (answer.type === 'refused') this.#giveUp(token, record, answer.reason);
    else this.#settle(token, record, () => record.resolve(answer));
  }

  /** See the head of this file. A record that is compared with the last one is known by its id and keeps it. */
  #renameWhenHeld(record: UnderWay, nowMs: number): void {
    if (record.heldSinceMs === null || nowMs - record.heldSinceMs < ID_HELD_LIMIT_MS) return;
    if (record.publication.expectedLast !== undefined) return;
    record.heldSinceMs = null;
    record.headers.set(MESSAGE_ID, `${record.headers.get(MESSAGE_ID)}~`);
    this.#deps.counters.retried('idHeld');
  }

  #sweep(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const [token, record] of this.#underWay) {
      if (nowMs >= Math.min(record.deadlineMs, this.#closingAtMs))
        this.#giveUp(token, record, record.lastReason);
      else if (record.againMs !== null && nowMs >= record.againMs)
        this.#sendAgain(record, 'refused');
      else if (record.sentMs !== null && nowMs - record.sentMs >= ANSWER_LIMIT_MS)
        this.#onTimeout(record);
    }
  }

  #onTimeout(record: UnderWay): void {
    if (this.#session === null) return;
    record.lastReason = `no answer within ${ANSWER_LIMIT_MS} ms`;
    this.#timeoutsInARow += 1;
    this.#sendAgain(record, 'timeout');
    if (this.#timeoutsInARow < TIMEOUTS_TO_MOVE) return;
    this.#timeoutsInARow = 0;
    this.#deps.connection.moveOn('timeouts');
  }

  #giveUp(token: string, record: UnderWay, reason: string): void {
    const error = new LogError('UNAVAILABLE', `The log did not take a record: ${reason}`);
    this.#settle(token, record, () => record.reject(error));
  }

  #settle(token: string, record: UnderWay, tell: () => void): void {
    this.#underWay.delete(token);
    this.#pendingBytes -= record.publication.payload.length;
    tell();
  }
}

function headersOf({ messageId, expectedLast, headers: more = {} }: Publication): MsgHdrs {
  const all = headers();
  all.set(MESSAGE_ID, messageId);
  if (expectedLast !== undefined) all.set(EXPECTED_LAST, String(expectedLast));
  for (const [name, value] of Object.entries(more)) all.set(name, value);
  return all;
}
