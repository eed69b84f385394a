/**
 * The one queue behind a simulated world. Everything that happens later (a timer, a request that arrives, an
 * answer, a fault) is an event in virtual time; between two events all promises that can go on do go on, as
 * real microtasks. So the order of everything follows from the seed, and a run costs no waiting.
 */

/** What happened, as one line: virtual time in ms and words. */
export interface TraceLine {
  readonly atMs: number;
  readonly what: string;
}

interface Entry {
  readonly dueMs: number;
  readonly order: number;
  readonly what: string;
  run: (() => void) | null;
}

const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/** Lets everything go on that waits for promises only. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** How much of a run is kept, and how long it may be. */
export interface ScheduleOptions {
  /** Keep the last so many lines of the trace; 0 keeps none. The hash covers all of them in either case. */
  readonly keepLines: number;
  /** Events after which a run is taken for endless. */
  readonly maxEvents: number;
}

/** Virtual time, from 0. */
export class Schedule {
  readonly #options: ScheduleOptions;
  readonly #heap: Entry[] = [];
  readonly #lines: TraceLine[] = [];
  #nowMs = 0;
  #asked = 0;
  #events = 0;
  #hash = FNV_OFFSET;

  constructor(options: ScheduleOptions) {
    this.#options = options;
  }

  /** Virtual time, ms. */
  get nowMs(): number {
    return this.#nowMs;
  }
  /** Events that happened. */
  get events(): number {
    return this.#events;
  }
  /** Over every event so far, its time and its words: equal hashes, equal runs. */
  get hash(): string {
    return this.#hash.toString(16).padStart(8, '0');
  }
  /** The newest lines of the trace, oldest first. */
  get lines(): readonly TraceLine[] {
    return this.#lines;
  }

  /** Calls `run` in `delayMs`; `what` names it in the trace. The answer takes it back. */
  after(delayMs: number, what: string, run: () => void): () => void {
    this.#asked += 1;
    const dueMs = this.#nowMs + Math.max(0, delayMs);
    const entry: Entry = { dueMs, order: this.#asked, what, run };
    push(this.#heap, entry);
    return () => {
      entry.run = null;
    };
  }

  /** Writes a line into the trace without an event. */
  note(what: string): void {
    let hash = this.#hash ^ Math.floor(this.#nowMs * 1_000);
    for (let at = 0; at < what.length; at += 1) {
      hash = Math.imul(hash ^ what.charCodeAt(at), FNV_PRIME);
    }
    this.#hash = hash >>> 0;
    if (this.#options.keepLines === 0) return;
    this.#lines.push({ atMs: this.#nowMs, what });
    if (this.#lines.length > this.#options.keepLines) this.#lines.shift();
  }

  /** Lets `durationMs` pass. @throws Error when that takes more events than a run may have. */
  async advance(durationMs: number): Promise<void> {
    const untilMs = this.#nowMs + durationMs;
    await settle();
    for (
      let next = this.#heap[0];
      next !== undefined && next.dueMs <= untilMs;
      next = this.#heap[0]
    ) {
      pop(this.#heap);
      if (next.run === null) continue;
      this.#nowMs = next.dueMs;
      this.#events += 1;
      if (this.#events > this.#options.maxEvents) {
        throw new Error(`The run took more than ${this.#options.maxEvents} events`);
      }
      this.note(next.what);
      next.run();
      await settle();
    }
    this.#nowMs = untilMs;
  }
}

const isBefore = (a: Entry, b: Entry): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.order < b.order);

/** Puts an entry into a binary heap. */
function push(heap: Entry[], entry: Entry): void {
  let at = heap.length;
  heap.push(entry);
  while (at > 0) {
    const up = (at - 1) >> 1;
    const parent = heap[up];
    if (parent === undefined || !isBefore(entry, parent)) break;
    heap[at] = parent;
    at = up;
  }
  heap[at] = entry;
}

/** Takes the first entry out of a binary heap that has one. */
function pop(heap: Entry[]): void {
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return;
  let at = 0;
  for (;;) {
    const left = heap[2 * at + 1];
    const right = heap[2 * at + 2];
    const isRight = right !== undefined && left !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (child === undefined || !isBefore(child, last)) break;
    heap[at] = child;
    at = 2 * at + (isRight ? 2 : 1);
  }
  heap[at] = last;
}
