/**
 * A hash table from cell to its postings in flat arrays: open addressing for the cells, and for the postings of a
 * cell a stretch of a pool whose room is a power of two. A stretch that is full moves to one twice as large; the room
 * it leaves serves the next cell that needs as much.
 */
const EMPTY = -1;
const FIRST_SLOTS = 64;
/** Numbers kept of each slot: where its stretch starts, how many postings it holds, the room of it as a power of two. */
const FIELDS = 3;
const START = 0;
const COUNT = 1;
const ROOM = 2;
/** Stretches hold at most 2^30 postings. */
const ROOMS = 31;

/** Spreads neighbouring cells over the table (multiplication by the golden ratio). */
const slotOf = (cell: number, mask: number): number => (Math.imul(cell, 0x9e3779b1) >>> 7) & mask;

export class CellTable {
  /** Cells that have, or had, postings. */
  size = 0;
  /** The pool; stretches are found by `startOf` and `countOf`. Replaced when it grows. */
  postings = new Int32Array(FIRST_SLOTS);
  #cells = new Int32Array(FIRST_SLOTS).fill(EMPTY);
  #fields = new Int32Array(FIRST_SLOTS * FIELDS);
  #mask = FIRST_SLOTS - 1;
  /** Where the pool was never used. */
  #fresh = 0;
  /** By room: starts of stretches that nobody uses. */
  readonly #free: number[][] = Array.from({ length: ROOMS }, () => []);

  /** The slot of a cell, −1 when it never had a posting. */
  find(cell: number): number {
    const cells = this.#cells;
    const mask = this.#mask;
    let slot = slotOf(cell, mask);
    for (;;) {
      const found = cells[slot];
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
    const count = this.#fields[at + COUNT] ?? 0;
    if (count === this.#roomAt(at)) this.#enlarge(at, count);
    this.postings[(this.#fields[at + START] ?? 0) + count] = posting;
    this.#fields[at + COUNT] = count + 1;
  }

  /** Takes a posting out of a cell; one that is not there changes nothing. */
  remove(cell: number, posting: number): void {
    const slot = this.find(cell);
    if (slot < 0) return;
    const at = slot * FIELDS;
    const start = this.#fields[at + START] ?? 0;
    const last = start + (this.#fields[at + COUNT] ?? 0) - 1;
    for (let i = start; i <= last; i += 1) {
      if (this.postings[i] !== posting) continue;
      this.postings[i] = this.postings[last] ?? 0;
      this.#fields[at + COUNT] = last - start;
      return;
    }
  }

  /** Postings a slot has room for. */
  #roomAt(at: number): number {
    const room = this.#fields[at + ROOM] ?? 0;
    return room === 0 ? 0 : 2 ** room;
  }

  #slotFor(cell: number): number {
    const found = this.find(cell);
    if (found >= 0) return found;
    // half full at most: the way to a cell stays short
    if ((this.size + 1) * 2 > this.#cells.length) this.#grow();
    this.size += 1;
    return this.#put(cell);
  }

  #put(cell: number): number {
    let slot = slotOf(cell, this.#mask);
    while (this.#cells[slot] !== EMPTY) slot = (slot + 1) & this.#mask;
    this.#cells[slot] = cell;
    return slot;
  }

  #grow(): void {
    const cells = this.#cells;
    const fields = this.#fields;
    this.#cells = new Int32Array(cells.length * 2).fill(EMPTY);
    this.#fields = new Int32Array(fields.length * 2);
    this.#mask = this.#cells.length - 1;
    for (const [slot, cell] of cells.entries()) {
      if (cell === EMPTY) continue;
      const at = this.#put(cell) * FIELDS;
      for (let field = 0; field < FIELDS; field += 1) {
        this.#fields[at + field] = fields[slot * FIELDS + field] ?? 0;
      }
    }
  }

  #enlarge(at: number, count: number): void {
    const room = this.#fields[at + ROOM] ?? 0;
    const start = this.#fields[at + START] ?? 0;
    const next = this.#take(room + 1);
    this.postings.copyWithin(next, start, start + count);
    if (room > 0) this.#free[room]?.push(start);
    this.#fields[at + START] = next;
    this.#fields[at + ROOM] = room + 1;
  }

  #take(room: number): number {
    const used = this.#free[room]?.pop();
    if (used !== undefined) return used;
    const start = this.#fresh;
    this.#fresh += 2 ** room;
    if (this.#fresh > this.postings.length) {
      const larger = new Int32Array(Math.max(this.postings.length * 2, this.#fresh));
      larger.set(this.postings);
      this.postings = larger;
    }
    return start;
  }
}
