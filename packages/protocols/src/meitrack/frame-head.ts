/** What every frame says around its body: flag, identity, command, checksum. */
import { hexDigit } from './checksum.ts';

const DOLLAR = 0x24;
const COMMA = 0x2c;
const STAR = 0x2a;
const CR = 0x0d;
const LF = 0x0a;
/** `$$`, flag and up to five digits come before the first comma. */
const MAX_HEADER_BYTES = 9;
const MAX_IDENTITY_BYTES = 24;
const COMMAND_BYTES = 3;

const isAlphanumeric = (byte: number): boolean =>
  (byte >= 0x30 && byte <= 0x39) ||
  (byte >= 0x41 && byte <= 0x5a) ||
  (byte >= 0x61 && byte <= 0x7a);

/** Three ASCII letters as one number, so that commands compare without making strings. */
export function commandCode(name: string): number {
  return (name.charCodeAt(0) << 16) | (name.charCodeAt(1) << 8) | name.charCodeAt(2);
}

/** Reads frames one after another into the same fields; `read` sets all of them. */
export class FrameHead {
  /** The byte that a reply repeats, so that the device knows what it answers. */
  flag = 0;
  identityStart = 0;
  identityEnd = 0;
  /** See `commandCode`. */
  command = 0;
  /** First byte after the command: a comma, or the end of the body. */
  bodyStart = 0;
  /** The `*` before the checksum, or the end of a frame that has none. */
  bodyEnd = 0;
  /** The two digits after the `*`; −1 when the frame has none. */
  declaredChecksum = -1;

  /** Whether the frame's bytes before the `*` sum up to what it declares. */
  isChecksum(sumBeforeStar: number): boolean {
    return ((sumBeforeStar + STAR) & 0xff) === this.declaredChecksum;
  }

  /** False when `buffer[start, end)` does not begin as a frame must. */
  read(buffer: Buffer, start: number, end: number): boolean {
    if (end - start < 3 || buffer[start] !== DOLLAR || buffer[start + 1] !== DOLLAR) return false;
    this.flag = buffer[start + 2] ?? 0;
    const comma = this.#findComma(buffer, start + 3, Math.min(end, start + MAX_HEADER_BYTES));
    if (comma < 0) return false;
    this.identityStart = comma + 1;
    const limit = Math.min(end, this.identityStart + MAX_IDENTITY_BYTES + 1);
    this.identityEnd = this.#findComma(buffer, this.identityStart, limit);
    if (this.identityEnd <= this.identityStart) return false;
    for (let i = this.identityStart; i < this.identityEnd; i += 1) {
      if (!isAlphanumeric(buffer[i] ?? 0)) return false;
    }
    const at = this.identityEnd + 1;
    this.bodyStart = at + COMMAND_BYTES;
    if (this.bodyStart > end) return false;
    this.command = ((buffer[at] ?? 0) << 16) | ((buffer[at + 1] ?? 0) << 8) | (buffer[at + 2] ?? 0);
    this.#readTrailer(buffer, end);
    return this.bodyStart <= this.bodyEnd;
  }

  #findComma(buffer: Buffer, from: number, limit: number): number {
    for (let i = from; i < limit; i += 1) if (buffer[i] === COMMA) return i;
    return -1;
  }

  #readTrailer(buffer: Buffer, end: number): void {
    let tail = end;
    if (buffer[tail - 1] === LF) tail -= 1;
    if (buffer[tail - 1] === CR) tail -= 1;
    const high = hexDigit(buffer[tail - 2]);
    const low = hexDigit(buffer[tail - 1]);
    const isThere = buffer[tail - 3] === STAR && high >= 0 && low >= 0;
    this.bodyEnd = isThere ? tail - 3 : tail;
    this.declaredChecksum = isThere ? high * 16 + low : -1;
  }
}
