/**
 * Reads many lanes of the log into one bounded buffer. Readers stop asking while the buffer is full, so a
 * database that is down costs memory up to the bound and no more. A lane whose reading fails or ends is read
 * again from where it was; a record that is damaged is counted, logged and passed over, so that it cannot
 * hold up the lane behind it.
 */
import type { Log, LogRecord } from '@followme/log';
import { recordKindOf, RowCursor, trustedId, type Lane, type LogSequence } from '@followme/model';
import type { Clock, CountedValue, Logger, Metrics } from '@followme/platform';

/** Bytes held before readers wait: some seconds of 25,000 positions a second. */
const MAX_BUFFERED_BYTES = 32_000_000;
const READ_AGAIN_MS = 500;

export interface LaneBufferDeps {
  readonly log: Log;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** A record of the buffer; `isBatch` = it holds positions to write. */
export interface BufferedRecord {
  readonly record: LogRecord;
  readonly isBatch: boolean;
}

interface LaneReader {
  readonly controller: AbortController;
  next: LogSequence;
}

export class LaneBuffer {
  readonly #deps: LaneBufferDeps;
  readonly #readers = new Map<Lane, LaneReader>();
  readonly #cursor = new RowCursor();
  readonly #damaged: CountedValue;
  readonly #unknown: CountedValue;
  #records: BufferedRecord[] = [];
  #bytes = 0;
  #roomWaiters: (() => void)[] = [];

  constructor(deps: LaneBufferDeps) {
    this.#deps = deps;
    this.#damaged = deps.metrics
      .counter('followme_recorder_damaged_records_total', 'Log records that could not be read')
      .of({});
    this.#unknown = deps.metrics
      .counter('followme_recorder_unknown_records_total', 'Log records of a kind we do not know')
      .of({});
  }

  /** Records read and not dropped. */
  get size(): number {
    return this.#records.length;
  }

  /** Starts reading a lane. */
  open(lane: Lane, from: LogSequence): void {
    const reader = { controller: new AbortController(), next: from };
    this.#readers.set(lane, reader);
    void this.#keepReading(lane, reader);
  }

  /** Stops reading a lane and forgets what was read of it. */
  close(lane: Lane): void {
    this.#readers.get(lane)?.controller.abort();
    this.#readers.delete(lane);
    this.#keep(({ record }) => record.lane !== lane);
  }

  /** What was read and not dropped yet, in order within each lane. */
  peek(): readonly BufferedRecord[] {
    return this.#records.slice();
  }

  /** Forgets these records of `peek`: they are done with. */
  drop(done: readonly BufferedRecord[]): void {
    const gone = new Set(done);
    this.#keep((buffered) => !gone.has(buffered));
  }

  /** Stops reading a lane; what was read of it stays until `close`. */
  stopReading(lane: Lane): void {
    this.#readers.get(lane)?.controller.abort();
    this.#letIn(); // one that waits for room sees that it is over
  }

  async #keepReading(lane: Lane, reader: LaneReader): Promise<void> {
    const { signal } = reader.controller;
    while (!signal.aborted) {
      try {
        await this.#read(lane, reader);
      } catch (error) {
        this.#deps.logger.warn('recorder.readFailed', { lane, from: reader.next, error });
      }
      await this.#deps.clock.sleep(READ_AGAIN_MS, signal).catch(() => undefined);
    }
  }

  async #read(lane: Lane, reader: LaneReader): Promise<void> {
    const { signal } = reader.controller;
    for await (const record of this.#deps.log.read('positions', lane, reader.next, signal)) {
      if (signal.aborted) return;
      reader.next = trustedId<LogSequence>(record.sequence + 1);
      this.#records.push({ record, isBatch: this.#isBatch(record) });
      this.#bytes += record.payload.length;
      if (this.#bytes >= MAX_BUFFERED_BYTES) {
        await new Promise<void>((resolve) => this.#roomWaiters.push(resolve));
      }
    }
  }

  /** Whether the record holds positions that can be read to their end. */
  #isBatch(record: LogRecord): boolean {
    const kind = recordKindOf(record.payload);
    if (kind === null) this.#unknown.inc();
    if (kind !== 'positions') return false;
    try {
      this.#cursor.open(record.payload);
      while (this.#cursor.next()); // only the lengths are looked at
      return true;
    } catch (error) {
      const { lane, sequence } = record;
      this.#damaged.inc();
      this.#deps.logger.error('recorder.recordDamaged', { lane, sequence, error });
      return false;
    }
  }

  #keep(isKept: (buffered: BufferedRecord) => boolean): void {
    this.#records = this.#records.filter(isKept);
    this.#bytes = this.#records.reduce((sum, { record }) => sum + record.payload.length, 0);
    if (this.#bytes < MAX_BUFFERED_BYTES) this.#letIn();
  }

  #letIn(): void {
    const waiters = this.#roomWaiters;
    this.#roomWaiters = [];
    for (const proceed of waiters) proceed();
  }
}
