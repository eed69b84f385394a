/**
 * Position rows as PostgreSQL's binary COPY format
 * (https://www.postgresql.org/docs/15/sql-copy.html, "Binary Format"), from row bytes to COPY bytes without
 * an object in between.
 */
import { ROW, ROW_BYTES, UNKNOWN_U8 } from '@followme/model';
import { storableAttributes } from './storable-attributes.ts';

/** The columns of a copied row, in the order they are written; `lane` follows where it is asked for. */
export const COPY_COLUMNS =
  'tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code, ' +
  'speed_mps, heading_deg, altitude_m, accuracy_m, battery_pct, satellites, attributes';

const COLUMN_COUNT = 17;
/** "PGCOPY\n\377\r\n\0", no flags, no extension. */
const HEADER = Buffer.from('5047434f50590aff0d0a000000000000000000', 'hex');
const TRAILER = Buffer.from([0xff, 0xff]);
/** Most bytes of a row without its attributes: the count, and per column a length and at most 8 bytes. */
const MAX_FIXED_BYTES = 2 + (COLUMN_COUNT + 1) * 12;
/** 2000-01-01, where the server's microseconds begin, in ms since 1970. */
const SERVER_EPOCH_MS = 946_684_800_000;
const TWO_POW_32 = 4_294_967_296;
/** First byte of a binary jsonb. */
const JSONB_VERSION = 1;
const FIRST_CAPACITY = 64 * 1024;
/** What the database can hold and people can mean: the years 1 to 9999. */
const EARLIEST_MS = -62_135_596_800_000;
const LATEST_MS = 253_402_300_799_999;
const BACKSLASH = 0x5c;

/**
 * Collects rows for one COPY. States: open after `reset`, closed after `finish`; the bytes `finish` answers
 * are valid until the next `reset`, since the buffer is used again.
 */
export class CopyRows {
  /** Rows since `reset`. */
  count = 0;
  #bytes: Buffer = Buffer.allocUnsafe(FIRST_CAPACITY);
  #end = 0;

  /** Starts anew. */
  reset(): void {
    HEADER.copy(this.#bytes);
    this.#end = HEADER.length;
    this.count = 0;
  }

  /** Adds the row that begins at `offset` of `row`; with a `lane`, as the column behind all others. */
  add(row: Buffer, offset: number, lane: number | null = null): void {
    this.#add(row, offset, lane, false);
  }

  /** Like `add`, but looks into the attributes and leaves out what is no JSON. For when COPY failed. */
  addCarefully(row: Buffer, offset: number, lane: number | null = null): void {
    this.#add(row, offset, lane, true);
  }

  #add(row: Buffer, offset: number, lane: number | null, carefully: boolean): void {
    const attributesLength = row.readUInt16LE(offset + ROW.attributesLength);
    this.#reserve(MAX_FIXED_BYTES + attributesLength);
    const bytes = this.#bytes;
    let at = bytes.writeInt16BE(lane === null ? COLUMN_COUNT : COLUMN_COUNT + 1, this.#end);
    at = writeInt4(bytes, at, row.readInt32LE(offset + ROW.tenantId));
    at = writeInt4(bytes, at, row.readInt32LE(offset + ROW.trackerId));
    at = writeTime(bytes, at, row.readDoubleLE(offset + ROW.fixTimeMs));
    at = bytes.writeInt32BE(8, at);
    at = bytes.writeUInt32BE(row.readUInt32LE(offset + ROW.contentHashHigh), at);
    at = bytes.writeUInt32BE(row.readUInt32LE(offset + ROW.contentHashLow), at);
    at = writeTime(bytes, at, row.readDoubleLE(offset + ROW.receivedTimeMs));
    at = writeFloat8(bytes, at, row.readInt32LE(offset + ROW.lonE7) / 1e7);
    at = writeFloat8(bytes, at, row.readInt32LE(offset + ROW.latE7) / 1e7);
    at = writeInt2(bytes, at, row[offset + ROW.flags] ?? 0);
    at = writeInt2(bytes, at, row[offset + ROW.alarm] ?? 0);
    at = writeInt4(bytes, at, row.readUInt16LE(offset + ROW.eventCode));
    at = writeOptionalFloat4(bytes, at, row, offset + ROW.speedMps);
    at = writeOptionalFloat4(bytes, at, row, offset + ROW.headingDeg);
    at = writeOptionalFloat4(bytes, at, row, offset + ROW.altitudeM);
    at = writeOptionalFloat4(bytes, at, row, offset + ROW.accuracyM);
    at = writeOptionalU8(bytes, at, row[offset + ROW.batteryPct] ?? UNKNOWN_U8);
    at = writeOptionalU8(bytes, at, row[offset + ROW.satellitesInUse] ?? UNKNOWN_U8);
    const attributesAt = offset + ROW_BYTES;
    at = carefully
      ? writeChecked(bytes, at, row.subarray(attributesAt, attributesAt + attributesLength))
      : writeAttributes(bytes, at, row, attributesAt, attributesLength);
    if (lane !== null) at = writeInt2(bytes, at, lane);
    this.#end = at;
    this.count += 1;
  }

  /** Closes the rows and answers all bytes of the COPY. */
  finish(): Buffer {
    this.#reserve(TRAILER.length);
    TRAILER.copy(this.#bytes, this.#end);
    return this.#bytes.subarray(0, this.#end + TRAILER.length);
  }

  #reserve(more: number): void {
    if (this.#end + more <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafe(Math.max(this.#bytes.length * 2, this.#end + more));
    this.#bytes.copy(grown, 0, 0, this.#end);
    this.#bytes = grown;
  }
}

function writeInt2(bytes: Buffer, at: number, value: number): number {
  return bytes.writeInt16BE(value, bytes.writeInt32BE(2, at));
}

function writeInt4(bytes: Buffer, at: number, value: number): number {
  return bytes.writeInt32BE(value, bytes.writeInt32BE(4, at));
}

function writeFloat8(bytes: Buffer, at: number, value: number): number {
  return bytes.writeDoubleBE(value, bytes.writeInt32BE(8, at));
}

/** A time the database can hold: one row with an impossible clock must not stop the others. */
export function storableTimeMs(timeMs: number): number {
  if (!(timeMs >= EARLIEST_MS)) return EARLIEST_MS; // NaN too
  return Math.min(timeMs, LATEST_MS);
}

/** timestamptz: microseconds since 2000 as int8, split by hand since a BigInt is an allocation. */
function writeTime(bytes: Buffer, at: number, timeMs: number): number {
  const micros = Math.round((storableTimeMs(timeMs) - SERVER_EPOCH_MS) * 1000);
  const high = Math.floor(micros / TWO_POW_32);
  bytes.writeInt32BE(8, at);
  bytes.writeInt32BE(high, at + 4);
  return bytes.writeUInt32BE(micros - high * TWO_POW_32, at + 8);
}

/** NaN is how a row says unknown. */
function writeOptionalFloat4(bytes: Buffer, at: number, row: Buffer, from: number): number {
  const value = row.readFloatLE(from);
  if (Number.isNaN(value)) return bytes.writeInt32BE(-1, at);
  return bytes.writeFloatBE(value, bytes.writeInt32BE(4, at));
}

function writeOptionalU8(bytes: Buffer, at: number, value: number): number {
  return value === UNKNOWN_U8 ? bytes.writeInt32BE(-1, at) : writeInt2(bytes, at, value);
}

/**
 * jsonb: a version byte and the JSON text as the decoder wrote it; no attributes are null. Text without a
 * backslash is storable as it is; with one it may name characters that jsonb refuses.
 */
function writeAttributes(
  bytes: Buffer,
  at: number,
  row: Buffer,
  from: number,
  length: number,
): number {
  if (length === 0) return bytes.writeInt32BE(-1, at);
  for (let i = from; i < from + length; i += 1) {
    if (row[i] === BACKSLASH) return writeChecked(bytes, at, row.subarray(from, from + length));
  }
  const end = bytes.writeInt32BE(length + 1, at);
  bytes[end] = JSONB_VERSION;
  row.copy(bytes, end + 1, from, from + length);
  return end + 1 + length;
}

/** What is storable of the attributes, never longer than they were; null when they are no JSON. */
function writeChecked(bytes: Buffer, at: number, attributes: Buffer): number {
  const storable = storableAttributes(attributes);
  if (storable === null) return bytes.writeInt32BE(-1, at);
  const end = bytes.writeInt32BE(storable.length + 1, at);
  bytes[end] = JSONB_VERSION;
  storable.copy(bytes, end + 1);
  return end + 1 + storable.length;
}
