/**
 * One lane of one input: read from behind its offset, record by record, with what happened in it waiting for a
 * commit. The reader adds, the raiser takes and settles; a lane that is let go is thrown away and begun anew.
 */
import type { Log, LogRecord, StreamName } from '@followme/log';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { AbortError, isAbortError, type Logger } from '@followme/platform';
import type { OwnedLane } from '@followme/store';
import type { NotificationMetrics } from '../notification-metrics.ts';
import type { InputStretch } from '../raise/commit-occurrences.ts';
import type { Occurrence } from '../raise/occurrence.ts';
import type { Input } from '../raise/raising-store.ts';

/** Which stream an input reads and what it finds in a record. */
export interface InputSource {
  readonly input: Input;
  readonly stream: StreamName;
  /** Adds what happened to `found`. @throws when the record cannot be read. */
  read(record: LogRecord, found: Occurrence[]): void;
}

export interface InputLaneDeps {
  readonly log: Log;
  readonly logger: Logger;
  readonly metrics: NotificationMetrics;
  /** At so many occurrences that wait, the lane is not read further. */
  readonly maxPending: number;
  /** Something waits for a commit. */
  readonly onWork: () => void;
}

export class InputLane {
  readonly source: InputSource;
  readonly lane: Lane;
  readonly epoch: number;
  /** All up to here is committed. */
  committedSequence: LogSequence;
  /** Reading broke off: the lane has to be begun anew. */
  isBroken = false;
  readonly #deps: InputLaneDeps;
  readonly #ended = new AbortController();
  #reading: Promise<void> = Promise.resolve();
  #readSequence: LogSequence;
  #pending: Occurrence[] = [];
  #resume: (() => void) | null = null;

  constructor(source: InputSource, owned: OwnedLane, deps: InputLaneDeps) {
    this.source = source;
    this.lane = owned.lane;
    this.epoch = owned.epoch;
    this.committedSequence = owned.committedSequence;
    this.#readSequence = owned.committedSequence;
    this.#deps = deps;
  }

  /** Begins to read. */
  start(): void {
    this.#reading = this.#read();
  }

  /** Stops reading; what was read stays for a last commit. */
  async stop(): Promise<void> {
    this.#ended.abort();
    await this.#reading;
  }

  /** Occurrences that wait for a commit. */
  get pending(): number {
    return this.#pending.length;
  }
  /** Whether records were read that are not committed. */
  get isAhead(): boolean {
    return this.#readSequence > this.committedSequence;
  }

  /** What is to be committed, as it stands now. */
  stretch(): InputStretch {
    return {
      input: this.source.input,
      lane: this.lane,
      epoch: this.epoch,
      fromSequence: this.committedSequence,
      toSequence: this.#readSequence,
      occurrences: [...this.#pending],
    };
  }

  /** The stretch is in the store. */
  settle(taken: InputStretch): void {
    this.committedSequence = taken.toSequence;
    this.#pending = this.#pending.slice(taken.occurrences.length);
    this.#resume?.();
  }

  async #read(): Promise<void> {
    const { log, logger, metrics } = this.#deps;
    const { signal } = this.#ended;
    const from = trustedId<LogSequence>(this.committedSequence + 1);
    try {
      for await (const record of log.read(this.source.stream, this.lane, from, signal)) {
        await this.#room();
        this.#take(record);
      }
      if (!signal.aborted) throw new Error(`Reading lane ${this.lane} ended by itself`);
    } catch (error) {
      if (signal.aborted && isAbortError(error)) return;
      metrics.readFailures.inc();
      const { input } = this.source;
      logger.warn('notification.readFailed', { input, lane: this.lane, error });
      this.isBroken = true;
    }
  }

  #take(record: LogRecord): void {
    const found: Occurrence[] = [];
    try {
      this.source.read(record, found);
    } catch (error) {
      // one damaged record must not stop a sixteenth of the fleet
      this.#deps.metrics.poisonRecords.inc();
      const { lane, sequence } = record;
      this.#deps.logger.error('notification.recordSkipped', { lane, sequence, error });
    }
    this.#readSequence = record.sequence;
    for (const occurrence of found) this.#pending.push(occurrence);
    if (found.length > 0) this.#deps.onWork();
  }

  /** Waits until not too much waits for a commit. @throws AbortError */
  async #room(): Promise<void> {
    const { signal } = this.#ended;
    while (this.#pending.length >= this.#deps.maxPending) {
      await new Promise<void>((resolve, reject) => {
        const abort = (): void => reject(new AbortError('reading'));
        if (signal.aborted) return abort();
        signal.addEventListener('abort', abort, { once: true });
        this.#resume = () => {
          signal.removeEventListener('abort', abort);
          this.#resume = null;
          resolve();
        };
      });
    }
  }
}
