/**
 * A device's text frame that is changed in place: at 25,000 frames a second making each anew would cost the
 * generator a core that the system under test has to do without.
 */
import { encodeAaa, type MeitrackReport, type MeitrackSender } from '@followme/protocols';

const COMMA = 0x2c;
const ZERO = 0x30;
const ASTERISK = 0x2a;
const LATITUDE_FIELD = 4;
const LONGITUDE_FIELD = 5;
const TIME_FIELD = 6;
const HEX = '0123456789ABCDEF';

export class TextFrame {
  /** The frame as it stands; a caller that keeps it takes a copy. */
  bytes: Buffer;
  readonly #sender: MeitrackSender;
  readonly #report: MeitrackReport;
  #starts: readonly number[];

  constructor(sender: MeitrackSender, report: MeitrackReport) {
    this.#sender = sender;
    this.#report = report;
    this.bytes = encodeAaa(sender, report);
    this.#starts = fieldStarts(this.bytes);
  }

  /** Another place and time; `time` is the text of `fixTimeMs` (`yymmddHHMMSS`, see `frameTime`). */
  set(lonE6: number, latE6: number, fixTimeMs: number, time: Buffer): void {
    const fits =
      writeDegrees(this.bytes, this.#starts[LATITUDE_FIELD] ?? 0, latE6) &&
      writeDegrees(this.bytes, this.#starts[LONGITUDE_FIELD] ?? 0, lonE6);
    if (!fits) {
      this.bytes = encodeAaa(this.#sender, { ...this.#report, lonE6, latE6, fixTimeMs });
      this.#starts = fieldStarts(this.bytes);
      return;
    }
    time.copy(this.bytes, this.#starts[TIME_FIELD]);
    writeChecksum(this.bytes);
  }
}

/** `fixTimeMs` as the frame carries it. */
export function frameTime(fixTimeMs: number): Buffer {
  return Buffer.from(new Date(fixTimeMs).toISOString().replace(/[-T:]/g, '').slice(2, 14));
}

/** Where each field of the frame begins; the first is the header. */
function fieldStarts(bytes: Buffer): number[] {
  const starts = [0];
  for (const [at, byte] of bytes.entries()) if (byte === COMMA) starts.push(at + 1);
  return starts;
}

/** Overwrites positive degrees with six decimals from the last digit on; false when the width is another. */
function writeDegrees(bytes: Buffer, start: number, e6: number): boolean {
  const end = bytes.indexOf(COMMA, start);
  let rest = e6;
  for (let at = end - 1; at >= start; at -= 1) {
    if (end - 1 - at === 6) continue; // the point
    const tenth = Math.trunc(rest / 10);
    bytes[at] = ZERO + rest - tenth * 10;
    rest = tenth;
  }
  return rest === 0 && (bytes[start] !== ZERO || end - start === 8);
}

/** Sum of all bytes up to and with the asterisk, as two hexadecimal digits behind it. */
function writeChecksum(bytes: Buffer): void {
  const asterisk = bytes.length - 5;
  let sum = ASTERISK;
  for (let at = 0; at < asterisk; at += 1) sum += bytes[at] ?? 0;
  bytes[asterisk + 1] = HEX.charCodeAt((sum >> 4) & 15);
  bytes[asterisk + 2] = HEX.charCodeAt(sum & 15);
}
