/** A hash table from cell to its postings in flat arrays: open addressing, and one list of postings per cell. */
import { Stretches } from './stretches.ts';

const EMPTY = -1;
const FIRST_SLOTS = 64;
/** The table grows when more of it is taken: the way to a cell stays short. */
const MOST_TAKEN = 0.7;
/** Numbers kept of each slot, side by side so that a look touches one line of memory. */
const FIELDS = 4;
const CELL = 0;
/** Where its postings start, and how many they are. */
const START = 1;
const COUNT = 2;
/** Room for 2^(this − 1) postings; 0 for none. */
const ROOM = 3;

/** Spreads neighbouring cells over the table (multiplication by the golden ratio). */
const slotOf = (cell: number, mask: number): number => (Math.imul(cell, 0x9e3779b1) >>> 7) & mask;

const emptyFields = (slots: number): Int32Array => {
  const fields = new Int32Array(slots * FIELDS);
  for (let slot = 0; slot < slots; slot += 1) fields[slot * FIELDS + CELL] = EMPTY;
  return fields;
};

export class CellTable {
  /** Cells that have, or had, postings. */
  size = 0;
  readonly #postings = new Stretches();
  #fields = emptyFields(FIRST_SLOTS);
  #mask = FIRST_SLOTS - 1;

  /** The postings of all cells; those of one are found by `startOf` and `countOf`. */
  get postings(): Int32Array {
    return this.#postings.values;
  }

  /** The slot of a cell, −1 when it never had a posting. */
  find(cell: number): number {
    const fields = this.#fields;
    const mask = this.#mask;
    let slot = slotOf(cell, mask);
    for (;;) {
      const found = fields[slot * FIELDS + CELL];
      if (found === cell) return slot;
      if (found === EMPTY) return -1;
      slot = (slot + 1) & mask;
    }
  }

  /** Where the postings of a slot begin in `postings`. */
  startOf(slot: number): number {
    return this.#fields[slot * FIELDS + START] ?? 0;
  }

  /** How many postings a slot has. */
  countOf(slot: number): number {
    return this.#fields[slot * FIELDS + COUNT] ?? 0;
  }

  /** Adds a posting to a cell. */
  add(cell: number, posting: number): void {
    const at = this.#slotFor(cell) * FIELDS;
    const fields = this.#fields;
    const count = fields[at + COUNT] ?? 0;
    const room = fields[at + ROOM] ?? 0;
    if (room === 0 || count === 2 ** (room - 1)) {
      fields[at + START] = this.#postings.enlarge(fields[at + START] ?? 0, count, room);
      fields[at + ROOM] = room + 1;
    }
    this.#postings.values[(fields[at + START] ?? 0) + count] = posting;
    fields[at + COUNT] = count + 1;
  }

  /** Takes a posting out of a cell; one that is not there changes nothing. */
  remove(cell: number, posting: number): void {
    const slot = this.find(cell);
    if (slot < 0) return;
    const start = this.startOf(slot);
    const last = start + this.countOf(slot) - 1;
    const postings = this.#postings.values;
    for (let i = start; i <= last; i += 1) {
      if (postings[i] !== posting) continue;
      postings[i] = postings[last] ?? 0;
      this.#fields[slot * FIELDS + COUNT] = last - start;
      return;
    }
  }

  #slotFor(cell: number): number {
    const found = this.find(cell);
    if (found >= 0) return found;
    if (this.size + 1 > (this.#mask + 1) * MOST_TAKEN) this.#grow();
    this.size += 1;
    return this.#put(cell);
  }

  #put(cell: number): number {
    let slot = slotOf(cell, this.#mask);
    while (this.#fields[slot * FIELDS + CELL] !== EMPTY) slot = (slot + 1) & this.#mask;
    this.#fields[slot * FIELDS + CELL] = cell;
    return slot;
  }

  #grow(): void {
    const old = this.#fields;
    const slots = (this.#mask + 1) * 2;
    this.#fields = emptyFields(slots);
    this.#mask = slots - 1;
    for (let from = 0; from < old.length; from += FIELDS) {
      const cell = old[from + CELL] ?? EMPTY;
      if (cell === EMPTY) continue;
      const to = this.#put(cell) * FIELDS;
      this.#fields[to + START] = old[from + START] ?? 0;
      this.#fields[to + COUNT] = old[from + COUNT] ?? 0;
      this.#fields[to + ROOM] = old[from + ROOM] ?? 0;
    }
  }
}
