/**
 * Takes records in: one of a lane is under way at a time, the others of the lane wait. Only so does a lane keep the
 * order of the calls when a record has to be sent again: of two under way the server may take the second first.
 */
import { randomToken, type Clock } from '@followme/platform';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import type { LogCounters } from '../counters.ts';
import { LogError, MAX_RECORD_BYTES, type Appended, type StreamName } from '../port.ts';
import { MAX_UNDER_WAY, MAX_UNDER_WAY_BYTES, type Publisher } from './publisher.ts';

const PROCESS_BYTES = 6;
/** Ids of this shape go as they are; others (blanks, controls, over-long) by their bytes. */
const PLAIN_ID = /^[\x21-\x7e]{1,200}$/;

/** What appends go through. */
export interface AppenderDeps {
  readonly clock: Clock;
  readonly publisher: Publisher;
  readonly counters: LogCounters;
}

/** Where the records of a lane go. */
export interface LaneTarget {
  readonly stream: StreamName;
  readonly lane: Lane;
  readonly subject: string;
}

interface Waiting {
  readonly payload: Uint8Array;
  readonly recordId: string | undefined;
  readonly startedMs: number;
  readonly resolve: (appended: Appended) => void;
  readonly reject: (error: unknown) => void;
}

/** The way in: one record of a lane under way at a time, in the order of the calls. */
export class Appender {
  readonly #deps: AppenderDeps;
  readonly #ownIds = randomToken(PROCESS_BYTES);
  /** By subject: what waits for the record under way; a lane without one is not in it. */
  readonly #lanes = new Map<string, Waiting[]>();
  #nextId = 1;
  #waitingBytes = 0;
  #waitingCount = 0;

  constructor(deps: AppenderDeps) {
    this.#deps = deps;
  }

  /** Payload bytes that wait for their turn. */
  waitingBytes(): number {
    return this.#waitingBytes;
  }

  /** @throws LogError as the port says; every one is counted by its code. */
  append(target: LaneTarget, payload: Uint8Array, recordId: string | undefined): Promise<Appended> {
    const refusal = this.#refusal(payload);
    if (refusal !== null) {
      this.#deps.counters.refused(refusal.code);
      return Promise.reject(refusal);
    }
    return new Promise((resolve, reject) => {
      const startedMs = this.#deps.clock.monotonicMs();
      const entry: Waiting = { payload, recordId, startedMs, resolve, reject };
      const queue = this.#lanes.get(target.subject);
      if (queue === undefined) {
        this.#lanes.set(target.subject, []);
        this.#launch(target, entry);
        return;
      }
      queue.push(entry);
      this.#waitingBytes += payload.length;
      this.#waitingCount += 1;
    });
  }

  /** Resolves when nothing is under way any more; the caller refuses what comes. */
  async close(): Promise<void> {
    await this.#deps.publisher.close(() => this.#lanes.size === 0);
  }

  #refusal({ length }: Uint8Array): LogError | null {
    if (length > MAX_RECORD_BYTES) {
      return new LogError(
        'RECORD_TOO_LARGE',
        `A record of ${length} bytes is over the limit of ${MAX_RECORD_BYTES}`,
      );
    }
    const bytes = this.#waitingBytes + this.#deps.publisher.pendingBytes();
    if (this.#waitingCount < MAX_UNDER_WAY && bytes + length <= MAX_UNDER_WAY_BYTES) return null;
    return new LogError('UNAVAILABLE', `The log has ${bytes} bytes under way`);
  }

  #launch(target: LaneTarget, entry: Waiting): void {
    this.#deps.publisher
      .publish({
        subject: target.subject,
        payload: entry.payload,
        messageId: this.#messageId(entry.recordId),
      })
      .then(
        (published) => {
          if (published.type === 'conflict') throw new Error('An append expects no sequence');
          const { sequence } = published;
          // an id of ours that was there already is the repeat of this very append
          const duplicate = published.duplicate && entry.recordId !== undefined;
          this.#count(target, entry, duplicate);
          entry.resolve({ sequence: trustedId<LogSequence>(sequence), duplicate });
        },
        (error: unknown) => {
          if (error instanceof LogError) this.#deps.counters.refused(error.code);
          entry.reject(error);
        },
      )
      .finally(() => this.#next(target));
  }

  #next(target: LaneTarget): void {
    const next = this.#lanes.get(target.subject)?.shift();
    if (next === undefined) {
      this.#lanes.delete(target.subject);
      return;
    }
    this.#waitingBytes -= next.payload.length;
    this.#waitingCount -= 1;
    this.#launch(target, next);
  }

  #messageId(recordId: string | undefined): string {
    if (recordId === undefined) {
      this.#nextId += 1;
      return `${this.#ownIds}${this.#nextId.toString(36)}`;
    }
    // ids of ours have no colon in front: neither can be taken for the other
    return PLAIN_ID.test(recordId)
      ? `:${recordId}`
      : `::${Buffer.from(recordId).toString('base64url')}`;
  }

  #count({ stream }: LaneTarget, { payload, startedMs }: Waiting, isDuplicate: boolean): void {
    const { counters, clock } = this.#deps;
    if (isDuplicate) {
      counters.streams[stream].duplicates.inc();
      return;
    }
    counters.streams[stream].records.inc();
    counters.streams[stream].bytes.inc(payload.length);
    counters.appendSeconds.observe((clock.monotonicMs() - startedMs) / 1000);
  }
}
