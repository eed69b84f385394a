/**
 * Lists of whole numbers in one flat array, each in a stretch whose room is a power of two. A list that is full moves to a
 * stretch twice as large; the one it leaves serves the next list that needs as much.
 */
const FIRST_ROOM = 64;
/** What is unused of the array counts, too: it grows by half. */
const GROWTH = 1.5;
/** Stretches hold at most 2^30 numbers. */
const ROOMS = 31;

/** The array of such lists. Where each begins, and its room, is kept by whoever has it. */
export class Stretches {
  /** The numbers of all lists; replaced when it grows. */
  values: Int32Array = new Int32Array(FIRST_ROOM);
  #fresh = 0;
  /** By exponent of their room: starts of stretches that nobody uses. */
  readonly #free: number[][] = Array.from({ length: ROOMS }, () => []);

  /** A stretch for 2^exponent numbers. */
  take(exponent: number): number {
    const used = this.#free[exponent]?.pop();
    if (used !== undefined) return used;
    const start = this.#fresh;
    this.#fresh += 2 ** exponent;
    if (this.#fresh > this.values.length) {
      const larger = new Int32Array(Math.max(Math.ceil(this.values.length * GROWTH), this.#fresh));
      larger.set(this.values);
      this.values = larger;
    }
    return start;
  }

  /** Gives a stretch back. */
  give(start: number, exponent: number): void {
    this.#free[exponent]?.push(start);
  }

  /** Moves a full list to a stretch of 2^exponent and gives its own, of half that, back; answers where it is now. */
  enlarge(start: number, count: number, exponent: number): number {
    const next = this.take(exponent);
    if (count > 0) {
      this.values.copyWithin(next, start, start + count);
      this.give(start, exponent - 1);
    }
    return next;
  }
}

/** The exponent of the smallest room for so many numbers. */
export const exponentFor = (count: number): number => (count <= 1 ? 0 : 32 - Math.clz32(count - 1));
