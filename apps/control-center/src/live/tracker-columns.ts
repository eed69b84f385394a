/** Every tracker as the page knows it: rows of numbers, made into objects only where somebody looks. */
import type { KnownTracker, LiveTracker } from './live-tracker.ts';
import { readRow, ROW_LENGTH } from './row-codec.ts';

/** What may be asked of the trackers. */
export interface TrackersView {
  readonly size: number;
  has(trackerId: number): boolean;
  /** The same object until the tracker changed. */
  get(trackerId: number): LiveTracker | undefined;
  /** Names and groups of all, at no cost; in no order. */
  known(): Iterable<KnownTracker>;
  /** All of them as objects: for what is done seldom. */
  values(): Iterable<LiveTracker>;
}

const FIRST_CAPACITY = 1024;

export class TrackerColumns implements TrackersView {
  #rows = new Float64Array(FIRST_CAPACITY * ROW_LENGTH);
  readonly #known = new Map<number, KnownTracker>();
  readonly #offsets = new Map<number, number>();
  /** Offsets nobody uses any more. */
  readonly #free: number[] = [];
  #end = 0;
  /** What was looked at and has not changed since. */
  readonly #objects = new Map<number, LiveTracker>();

  get size(): number {
    return this.#known.size;
  }

  has(trackerId: number): boolean {
    return this.#known.has(trackerId);
  }

  known(): Iterable<KnownTracker> {
    return this.#known.values();
  }

  get(trackerId: number): LiveTracker | undefined {
    const made = this.#objects.get(trackerId);
    if (made !== undefined) return made;
    const tracker = this.#make(trackerId);
    if (tracker !== undefined) this.#objects.set(trackerId, tracker);
    return tracker;
  }

  *values(): Iterable<LiveTracker> {
    for (const trackerId of this.#known.keys()) {
      const tracker = this.#make(trackerId);
      if (tracker !== undefined) yield tracker;
    }
  }

  name(known: KnownTracker): void {
    this.#known.set(known.trackerId, known);
    this.#objects.delete(known.trackerId);
  }

  remove(trackerId: number): void {
    const offset = this.#offsets.get(trackerId);
    if (offset !== undefined) this.#free.push(offset);
    this.#offsets.delete(trackerId);
    this.#known.delete(trackerId);
    this.#objects.delete(trackerId);
  }

  /** Takes over rows that `writeRow` wrote. */
  apply(rows: Float64Array): void {
    for (let from = 0; from < rows.length; from += ROW_LENGTH) {
      const trackerId = rows[from] ?? 0;
      const to = this.#offsets.get(trackerId) ?? this.#take(trackerId);
      for (let i = 0; i < ROW_LENGTH; i += 1) this.#rows[to + i] = rows[from + i] ?? 0;
      this.#objects.delete(trackerId);
    }
  }

  #make(trackerId: number): LiveTracker | undefined {
    const known = this.#known.get(trackerId);
    const offset = this.#offsets.get(trackerId);
    return known === undefined || offset === undefined
      ? undefined
      : readRow(this.#rows, offset, known);
  }

  #take(trackerId: number): number {
    let offset = this.#free.pop();
    if (offset === undefined) {
      offset = this.#end;
      this.#end += ROW_LENGTH;
      if (this.#end > this.#rows.length) {
        const larger = new Float64Array(this.#rows.length * 2);
        larger.set(this.#rows);
        this.#rows = larger;
      }
    }
    this.#offsets.set(trackerId, offset);
    return offset;
  }
}
