/**
 * The newest records of a lane, kept as they were appended: readers that keep up share them instead of each reading
 * its own copy from disk. Only what is durable is in here.
 */
import type { LogRecord } from '../port.ts';

/** Kept of each lane; 32 lanes hold 8 MB at most. */
const MAX_RECORDS = 64;
const MAX_BYTES = 256_000;

/** The unbroken end of a lane, as long as the bounds let it be. */
export class RecentRecords {
  readonly #records: LogRecord[] = [];
  #bytes = 0;
  /** Every record of the lane at or after this sequence and before `#next` is held. */
  #from: number;
  /** The sequence that goes on where the newest one ends. */
  #next: number;

  /** `next`: the sequence the next record will have. */
  constructor(next: number) {
    this.#from = next;
    this.#next = next;
  }

  /** Takes the record that became durable. After a gap, or out of order, what is held is no end of the lane any more. */
  add(record: LogRecord): void {
    if (record.sequence !== this.#next) {
      this.#drop(this.#records.length);
      this.#from = Math.max(this.#next, record.sequence + 1);
      this.#next = this.#from;
      return;
    }
    this.#records.push(record);
    this.#bytes += record.payload.length;
    this.#next += 1;
    while (this.#records.length > MAX_RECORDS || this.#bytes > MAX_BYTES) this.#drop(1);
  }

  /** Everything at or after `from`; null when something of it is not held. */
  since(from: number): readonly LogRecord[] | null {
    if (from < this.#from) return null;
    return this.#records.slice(from - this.#from);
  }

  /** What lies up to and including `sequence` was trimmed. */
  trimmed(sequence: number): void {
    if (sequence >= this.#from)
      this.#drop(Math.min(sequence - this.#from + 1, this.#records.length));
  }

  #drop(count: number): void {
    for (const { payload } of this.#records.splice(0, count)) this.#bytes -= payload.length;
    this.#from += count;
  }
}
