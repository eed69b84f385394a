/** The comma-separated fields of a text frame, read in place: numbers come out of bytes without strings. */

const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const PIPE = 0x7c;
/** More fields than any variant of the family sends; the last one holds whatever follows. */
const MAX_FIELDS = 40;
/** Digits that keep every intermediate value an exact integer. */
const MAX_DIGITS = 15;
const POWERS_OF_TEN = [1, 10, 100, 1e3, 1e4, 1e5, 1e6, 1e7] as const;

/** Decimal digits `buffer[start, end)`; −1 when empty or anything else stands there. */
function parseUnsigned(buffer: Buffer, start: number, end: number): number {
  if (end <= start || end - start > MAX_DIGITS) return -1;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const digit = (buffer[i] ?? 0) - 0x30;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value;
}

/**
 * A decimal number `[-]digits[.digits]` times 10^`decimals` (0 … 7) as an integer; further decimals are cut
 * off. NaN when empty or anything else stands there.
 */
export function parseScaled(buffer: Buffer, start: number, end: number, decimals: number): number {
  const isNegative = buffer[start] === MINUS;
  let value = 0;
  let digits = 0;
  let fraction = -1;
  for (let i = isNegative ? start + 1 : start; i < end; i += 1) {
    const byte = buffer[i] ?? 0;
    if (byte === POINT && fraction < 0) {
      fraction = 0;
      continue;
    }
    if (byte < 0x30 || byte > 0x39) return Number.NaN;
    digits += 1;
    if (fraction >= decimals) continue;
    if (digits > MAX_DIGITS) return Number.NaN;
    value = value * 10 + byte - 0x30;
    if (fraction >= 0) fraction += 1;
  }
  if (digits === 0) return Number.NaN;
  const scaled = value * (POWERS_OF_TEN[decimals - Math.max(fraction, 0)] ?? 1);
  return isNegative ? -scaled : scaled;
}

/** Hexadecimal digits `buffer[start, end)`, at most eight; −1 when empty or anything else stands there. */
export function parseHex(buffer: Buffer, start: number, end: number): number {
  if (end <= start || end - start > 8) return -1;
  let value = 0;
  for (let i = start; i < end; i += 1) {
    const byte = buffer[i] ?? 0;
    const lower = byte | 0x20;
    if (byte >= 0x30 && byte <= 0x39) value = value * 16 + byte - 0x30;
    else if (lower >= 0x61 && lower <= 0x66) value = value * 16 + lower - 0x57;
    else return -1;
  }
  return value;
}

/** Where the fields of one frame lie. One table serves any number of frames; `split` sets all of it. */
export class FieldTable {
  buffer: Buffer = Buffer.alloc(0);
  count = 0;
  readonly #bounds = new Int32Array(MAX_FIELDS + 1);

  /**
   * Finds the fields of `buffer[start, end)`; an empty range is one empty field. Answers the sum of its bytes:
   * the checksum needs it, and one walk is cheaper than two.
   */
  split(buffer: Buffer, start: number, end: number): number {
    this.buffer = buffer;
    this.#bounds[0] = start;
    let count = 1;
    let sum = 0;
    for (let i = start; i < end; i += 1) {
      const byte = buffer[i] ?? 0;
      sum += byte;
      if (byte !== COMMA || count === MAX_FIELDS) continue;
      this.#bounds[count] = i + 1;
      count += 1;
    }
    this.count = count;
    this.#bounds[count] = Math.max(start, end) + 1;
    return sum;
  }

  /** First byte of field `index`; meaningless beyond `count`. */
  start(index: number): number {
    return this.#bounds[index] ?? 0;
  }

  /** The byte after field `index`: a comma or the end. A missing field ends where it starts. */
  end(index: number): number {
    return index < this.count ? (this.#bounds[index + 1] ?? 0) - 1 : this.start(index);
  }

  /** Whether field `index` is there and holds something. */
  has(index: number): boolean {
    return index < this.count && this.end(index) > this.start(index);
  }

  /** Whether `byte` occurs in field `index`. */
  contains(index: number, byte: number): boolean {
    if (index >= this.count) return false;
    for (let i = this.start(index); i < this.end(index); i += 1)
      if (this.buffer[i] === byte) return true;
    return false;
  }

  /** Field `index` as decimal digits; −1 when it is none. */
  unsigned(index: number): number {
    return index < this.count ? parseUnsigned(this.buffer, this.start(index), this.end(index)) : -1;
  }

  /** Field `index` times 10^`decimals`; NaN when it is no number. */
  scaled(index: number, decimals: number): number {
    if (index >= this.count) return Number.NaN;
    return parseScaled(this.buffer, this.start(index), this.end(index), decimals);
  }
}

/** Walks the parts of one field that are divided by `|`. */
export class PartCursor {
  buffer: Buffer = Buffer.alloc(0);
  start = 0;
  end = 0;
  #fieldEnd = 0;
  #next = 0;

  /** Starts before the first part of field `index`; a field that is missing or empty has no parts. */
  open(fields: FieldTable, index: number): void {
    this.buffer = fields.buffer;
    this.#next = fields.start(index);
    this.#fieldEnd = fields.has(index) ? fields.end(index) : this.#next - 1;
  }

  /** Moves to the next part; false after the last, and the part is then empty. */
  next(): boolean {
    this.start = this.#next;
    this.end = this.#next;
    if (this.#next > this.#fieldEnd) return false;
    while (this.end < this.#fieldEnd && this.buffer[this.end] !== PIPE) this.end += 1;
    this.#next = this.end + 1;
    return true;
  }

  /** The next part as hexadecimal digits; −1 when there is none or it is empty. */
  nextHex(): number {
    return this.next() ? parseHex(this.buffer, this.start, this.end) : -1;
  }

  /** The next part as decimal digits; −1 when there is none or it is empty. */
  nextUnsigned(): number {
    return this.next() ? parseUnsigned(this.buffer, this.start, this.end) : -1;
  }
}
