/**
 * Cuts a byte stream into Meitrack frames: `$$` flag length `,` … CR LF, where length counts from that
 * comma to the end. The length decides, not the line end, since binary frames contain any byte.
 *
 * A frame that lies whole in a chunk is handed on without copying. Only the beginning of a split frame is
 * held, in a buffer that never grows past twice the longest frame. After bytes that make no frame the search
 * goes on at the next `$$`, also inside what a wrong length had claimed, so one bad header costs no
 * neighbour. Each byte is looked at a bounded number of times, however small the pieces.
 */
import type { DropReason, Framer, FramerLimits, FrameReceiver } from '../protocol.ts';

const DOLLAR = 0x24;
const COMMA = 0x2c;
const CR = 0x0d;
const LF = 0x0a;
const MAX_LENGTH_DIGITS = 5;
/** `,` identity of one byte `,` command of three `*` checksum of two CR LF. */
const MIN_DECLARED_BYTES = 11;
const FIRST_HELD_BYTES = 256;
/** A buffer larger than this is given back when it is empty: most connections never split a frame. */
const KEPT_WHEN_EMPTY_BYTES = 1_024;

const INCOMPLETE = 0;
const NO_HEADER = -1;
const TOO_LONG = -2;

/** Reads the header at `at`: the bytes of the whole frame, or one of the three negative answers. */
function frameBytesAt(buffer: Buffer, at: number, end: number, maxFrameBytes: number): number {
  if (at + 1 < end && buffer[at + 1] !== DOLLAR) return NO_HEADER;
  if (at + 2 >= end) return INCOMPLETE;
  const flag = buffer[at + 2] ?? 0;
  if (flag <= 0x20 || flag >= 0x7f || flag === DOLLAR) return NO_HEADER;
  let declared = 0;
  for (let digits = 0; digits <= MAX_LENGTH_DIGITS; digits += 1) {
    const place = at + 3 + digits;
    if (place >= end) return INCOMPLETE;
    const byte = buffer[place] ?? 0;
    if (byte === COMMA) {
      if (digits === 0 || declared < MIN_DECLARED_BYTES) return NO_HEADER;
      const frameBytes = 3 + digits + declared;
      return frameBytes > maxFrameBytes ? TOO_LONG : frameBytes;
    }
    if (byte < 0x30 || byte > 0x39) return NO_HEADER;
    declared = declared * 10 + byte - 0x30;
  }
  return NO_HEADER;
}

/**
 * States: empty (`#held` holds nothing) or waiting (`#held[#start, #end)` is the beginning of a frame and
 * nothing can be decided before `#neededBytes` of it are there). Only `push` changes them.
 */
class MeitrackFramer implements Framer {
  readonly #maxFrameBytes: number;
  #held: Buffer | null = null;
  #start = 0;
  #end = 0;
  #neededBytes = 0;

  constructor(limits: FramerLimits) {
    this.#maxFrameBytes = limits.maxFrameBytes;
  }

  get pendingBytes(): number {
    return this.#end - this.#start;
  }

  push(chunk: Buffer, receiver: FrameReceiver): void {
    let offset = 0;
    while (this.#end > this.#start && offset < chunk.length) {
      const missing = this.#neededBytes - this.pendingBytes;
      const take = Math.min(missing, chunk.length - offset);
      const held = this.#hold(chunk, offset, take);
      offset += take;
      if (take < missing) return;
      this.#start = this.#scan(held, this.#start, this.#end, receiver);
      if (this.#start === this.#end) this.#empty();
    }
    if (offset === chunk.length) return;
    const rest = this.#scan(chunk, offset, chunk.length, receiver);
    if (rest < chunk.length) this.#hold(chunk, rest, chunk.length - rest);
  }

  /** Hands on every whole frame in `buffer[from, end)`; answers where the first undecided byte lies. */
  #scan(buffer: Buffer, from: number, end: number, receiver: FrameReceiver): number {
    let at = from;
    let garbage = 0;
    const skip = (bytes: number, reason: DropReason): void => {
      if (garbage > 0) receiver.onSkipped(garbage, 'garbage');
      garbage = 0;
      if (bytes > 0) receiver.onSkipped(bytes, reason);
    };
    while (at < end) {
      const frameBytes =
        buffer[at] === DOLLAR ? frameBytesAt(buffer, at, end, this.#maxFrameBytes) : NO_HEADER;
      if (frameBytes === NO_HEADER) {
        garbage += 1;
        at += 1;
      } else if (frameBytes === TOO_LONG) {
        skip(2, 'frameTooLong');
        at += 2;
      } else if (frameBytes === INCOMPLETE || at + frameBytes > end) {
        this.#neededBytes = frameBytes === INCOMPLETE ? end - at + 1 : frameBytes;
        break;
      } else if (buffer[at + frameBytes - 1] === LF && buffer[at + frameBytes - 2] === CR) {
        skip(0, 'garbage');
        receiver.onFrame(buffer, at, at + frameBytes);
        at += frameBytes;
      } else {
        skip(2, 'badFraming');
        at += 2;
      }
    }
    skip(0, 'garbage');
    return at;
  }

  /** Appends `chunk[offset, offset + bytes)` to what is held and answers the buffer that holds it. */
  #hold(chunk: Buffer, offset: number, bytes: number): Buffer {
    const pending = this.pendingBytes;
    let held = this.#held ?? Buffer.allocUnsafeSlow(FIRST_HELD_BYTES);
    if (this.#end + bytes > held.length) {
      // moving only when at least half the buffer was used up keeps the copying linear
      const fits = pending + bytes <= held.length && this.#start * 2 >= held.length;
      const target = fits ? held : Buffer.allocUnsafeSlow(this.#grownSize(held, pending + bytes));
      held.copy(target, 0, this.#start, this.#end);
      held = target;
      this.#start = 0;
      this.#end = pending;
    }
    chunk.copy(held, this.#end, offset, offset + bytes);
    this.#end += bytes;
    this.#held = held;
    return held;
  }

  #grownSize(held: Buffer, wanted: number): number {
    const doubled = Math.max(held.length * 2, wanted);
    return Math.max(wanted, Math.min(doubled, this.#maxFrameBytes * 2));
  }

  #empty(): void {
    this.#start = 0;
    this.#end = 0;
    if (this.#held !== null && this.#held.length > KEPT_WHEN_EMPTY_BYTES) this.#held = null;
  }
}

/** A framer for one connection. */
export function createMeitrackFramer(limits: FramerLimits): Framer {
  return new MeitrackFramer(limits);
}
