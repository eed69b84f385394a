/**
 * The row under construction. A decoder owns one draft for its life, calls `reset`, sets what the frame
 * says and hands it on; whoever receives it copies the bytes before the decoder goes on. No allocation per
 * fix.
 */
import { ALARMS, type Alarm } from './position.ts';
import { FLAG, MAX_ATTRIBUTES_BYTES, ROW, ROW_BYTES, UNKNOWN_U8 } from './position-row.ts';

const FNV_PRIME = 0x01000193;
const HASH_SEED_LOW = 0x811c9dc5;
const HASH_SEED_HIGH = 0x9e3779b9;
const DIGIT_ZERO = 0x30;
const POINT = 0x2e;
const POWERS_OF_TEN = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 1e7, 1e8, 1e9] as const;
const QUOTE = 0x22;
const COLON = 0x3a;
const COMMA = 0x2c;
const BRACKET_OPEN = 0x5b;
const BRACKET_CLOSE = 0x5d;
const BRACE_OPEN = 0x7b;
const BRACE_CLOSE = 0x7d;
const FLAG_BITS_IN_HASH = FLAG.valid;
/** Fields of 32 bits that the content hash covers. */
const HASHED_WORDS = [ROW.lonE7, ROW.latE7, ROW.speedMps, ROW.headingDeg, ROW.altitudeM] as const;

/** A row of which nothing is known yet. */
const EMPTY_ROW = emptyRow();

function emptyRow(): Uint8Array {
  // not a Buffer: this runs when the file is loaded, also in a browser that only wants other parts of the model
  const row = new Uint8Array(ROW_BYTES);
  const view = new DataView(row.buffer);
  for (const offset of [ROW.speedMps, ROW.headingDeg, ROW.altitudeM, ROW.accuracyM]) {
    view.setFloat32(offset, Number.NaN, true);
  }
  row[ROW.batteryPct] = UNKNOWN_U8;
  row[ROW.satellitesInUse] = UNKNOWN_U8;
  return row;
}

/** Final avalanche of MurmurHash3 (public domain, Austin Appleby). */
function mix(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

export class RowDraft {
  /** The row: 64 fixed bytes, then the attributes. Read `length` bytes of it. */
  readonly bytes: Buffer = Buffer.alloc(ROW_BYTES + MAX_ATTRIBUTES_BYTES);
  /** Serial number of the record inside the device, 0 when the family has none; part of the fix identity. */
  recordSerial = 0;
  #attributesEnd = ROW_BYTES;

  /** Bytes of the row as it stands, attributes included (call `seal` first). */
  get length(): number {
    return this.#attributesEnd;
  }

  /** Starts a new fix: everything unknown, nothing valid. */
  reset(): void {
    const { bytes } = this;
    bytes.set(EMPTY_ROW);
    this.recordSerial = 0;
    this.#attributesEnd = ROW_BYTES;
  }

  /** Time of the fix by the device's clock, ms since 1970 UTC. */
  setFixTimeMs(value: number): void {
    this.bytes.writeDoubleLE(value, ROW.fixTimeMs);
  }
  get fixTimeMs(): number {
    return this.bytes.readDoubleLE(ROW.fixTimeMs);
  }
  /** Position in degrees × 10⁷; the caller has checked the ranges ±180 and ±90. */
  setLonLatE7(lonE7: number, latE7: number): void {
    this.bytes.writeInt32LE(lonE7, ROW.lonE7);
    this.bytes.writeInt32LE(latE7, ROW.latE7);
  }
  get lonE7(): number {
    return this.bytes.readInt32LE(ROW.lonE7);
  }
  get latE7(): number {
    return this.bytes.readInt32LE(ROW.latE7);
  }
  setSpeedMps(value: number): void {
    this.bytes.writeFloatLE(value, ROW.speedMps);
  }
  /** Degrees clockwise from true north. */
  setHeadingDeg(value: number): void {
    this.bytes.writeFloatLE(value, ROW.headingDeg);
  }
  setAltitudeM(value: number): void {
    this.bytes.writeFloatLE(value, ROW.altitudeM);
  }
  setAccuracyM(value: number): void {
    this.bytes.writeFloatLE(value, ROW.accuracyM);
  }
  /** 0 … 100. */
  setBatteryPct(value: number): void {
    this.bytes[ROW.batteryPct] = value;
  }
  setSatellitesInUse(value: number): void {
    this.bytes[ROW.satellitesInUse] = Math.min(value, UNKNOWN_U8 - 1);
  }
  setCharging(value: boolean): void {
    this.setFlag(value ? FLAG.chargingKnown | FLAG.charging : FLAG.chargingKnown);
  }
  setAlarm(value: Alarm): void {
    this.bytes[ROW.alarm] = ALARMS.indexOf(value);
  }
  /** The family's own event number, 0 … 65535. */
  setEventCode(value: number): void {
    this.bytes.writeUInt16LE(value & 0xffff, ROW.eventCode);
  }
  /** Sets bits of `FLAG`; what was set stays. */
  setFlag(bits: number): void {
    this.bytes[ROW.flags] = (this.bytes[ROW.flags] ?? 0) | bits;
  }

  /** Adds a number; non-finite values are left out. `key` is plain ASCII with its unit, e.g. `odometerM`. */
  addNumber(key: string, value: number): void {
    if (!Number.isFinite(value)) return;
    if (value >= 0 && value < 2 ** 31 && value === (value | 0)) {
      if (!this.#startAttribute(key, 10)) return;
      this.#writeInteger(value | 0);
      return;
    }
    const text = String(value);
    if (!this.#startAttribute(key, text.length)) return;
    this.#attributesEnd += this.bytes.write(text, this.#attributesEnd, 'latin1');
  }

  /**
   * Adds `scaled` / 10^`decimals` without making a string: (`hdop`, 12, 1) writes 1.2. `scaled` is an integer
   * 0 … 2³¹−1, `decimals` 1 … 6; anything else is left out.
   */
  addFixedPoint(key: string, scaled: number, decimals: number): void {
    const integer = scaled | 0;
    if (integer < 0 || integer !== scaled || !this.#startAttribute(key, 11)) return;
    const divisor = POWERS_OF_TEN[decimals] ?? 1;
    const whole = (integer / divisor) | 0;
    this.#writeInteger(whole);
    this.bytes[this.#attributesEnd++] = POINT;
    this.#writeDigits(integer - whole * divisor, decimals);
  }

  /** Adds a list of integers 0 … 2³¹−1; left out when one of them is something else. */
  addIntegers(key: string, values: readonly number[]): void {
    for (const value of values) if (value < 0 || value !== (value | 0)) return;
    if (!this.#startAttribute(key, 2 + 11 * values.length)) return;
    let separator = BRACKET_OPEN;
    for (const value of values) {
      this.bytes[this.#attributesEnd++] = separator;
      this.#writeInteger(value);
      separator = COMMA;
    }
    if (values.length === 0) this.bytes[this.#attributesEnd++] = BRACKET_OPEN;
    this.bytes[this.#attributesEnd++] = BRACKET_CLOSE;
  }

  /** Adds a truth value. */
  addBoolean(key: string, value: boolean): void {
    if (!this.#startAttribute(key, 5)) return;
    this.#attributesEnd += this.bytes.write(String(value), this.#attributesEnd, 'latin1');
  }

  /** Adds any text: escaped, and left out (flagged) when it does not fit. Not for the hot path. */
  addText(key: string, value: string): void {
    this.addJson(key, JSON.stringify(value));
  }

  /** Adds a value that is JSON text already. */
  addJson(key: string, json: string): void {
    if (!this.#startAttribute(key, Buffer.byteLength(json))) return;
    this.#attributesEnd += this.bytes.write(json, this.#attributesEnd, 'utf8');
  }

  /** Closes the attributes and computes the content hash; after it the bytes may be copied. */
  seal(): void {
    this.#closeAttributes();
    this.#writeContentHash();
  }

  /**
   * Adds a number after `seal`, for whoever checks the fix (the raw time of an impossible clock). The
   * identity of the fix does not change by it.
   */
  amendNumber(key: string, value: number): void {
    if (this.#attributesEnd > ROW_BYTES) this.#attributesEnd -= 1;
    this.addNumber(key, value);
    this.#closeAttributes();
  }

  #closeAttributes(): void {
    const { bytes } = this;
    if (this.#attributesEnd > ROW_BYTES) {
      bytes[this.#attributesEnd] = BRACE_CLOSE;
      this.#attributesEnd += 1;
    }
    bytes.writeUInt16LE(this.#attributesEnd - ROW_BYTES, ROW.attributesLength);
  }

  /**
   * 64 bits over what makes a report different from another of the same second: place, movement, event,
   * alarm and the device's record serial. Not over attributes: a device that re-sends a record may count
   * its signal strength anew.
   */
  #writeContentHash(): void {
    const { bytes } = this;
    let low = HASH_SEED_LOW ^ this.recordSerial;
    let high = HASH_SEED_HIGH ^ this.recordSerial;
    const last =
      bytes.readUInt16LE(ROW.eventCode) |
      ((bytes[ROW.alarm] ?? 0) << 16) |
      (((bytes[ROW.flags] ?? 0) & FLAG_BITS_IN_HASH) << 24);
    for (let i = 0; i <= HASHED_WORDS.length; i += 1) {
      const offset = HASHED_WORDS[i];
      const word = offset === undefined ? last : bytes.readInt32LE(offset);
      low = Math.imul(mix(low ^ word), FNV_PRIME);
      high = Math.imul(mix(high + word), FNV_PRIME) ^ (low >>> 7);
    }
    bytes.writeUInt32LE(mix(low), ROW.contentHashLow);
    bytes.writeUInt32LE(mix(high), ROW.contentHashHigh);
  }

  /** Writes `,"key":` (or `{"key":`) when key and value fit with the closing brace. */
  #startAttribute(key: string, valueBytes: number): boolean {
    const { bytes } = this;
    let at = this.#attributesEnd;
    if (at + key.length + valueBytes + 5 > bytes.length) {
      this.setFlag(FLAG.attributesTruncated);
      return false;
    }
    bytes[at] = at === ROW_BYTES ? BRACE_OPEN : COMMA;
    at += 1;
    bytes[at++] = QUOTE;
    for (let i = 0; i < key.length; i += 1) bytes[at++] = key.charCodeAt(i);
    bytes[at++] = QUOTE;
    bytes[at++] = COLON;
    this.#attributesEnd = at;
    return true;
  }

  /** Writes a non-negative 31-bit integer in decimal without making a string. */
  #writeInteger(value: number): void {
    let digits = 1;
    while (digits < 10 && value >= (POWERS_OF_TEN[digits] ?? 0)) digits += 1;
    this.#writeDigits(value, digits);
  }

  /**
   * Writes the last `digits` decimal digits of a non-negative 31-bit integer. A product with 0.1 truncates to
   * the same as a division by ten in that range, and costs half.
   */
  #writeDigits(value: number, digits: number): void {
    const { bytes } = this;
    const end = this.#attributesEnd + digits;
    let rest = value;
    for (let at = end - 1; at >= this.#attributesEnd; at -= 1) {
      const tenth = (rest * 0.1) | 0;
      bytes[at] = DIGIT_ZERO + rest - tenth * 10;
      rest = tenth;
    }
    this.#attributesEnd = end;
  }
}
