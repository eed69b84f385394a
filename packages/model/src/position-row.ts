/**
 * The position row: how a fix travels from the decoder to the database without becoming an object.
 *
 * A row is 64 bytes, little-endian, followed by `attributesLength` bytes of JSON text (an object, or
 * nothing). A batch is an 8-byte header and rows one after another; it is the payload of a log record, so
 * its layout is a wire format: fields are only ever added by a new `BATCH_VERSION`.
 *
 * Nothing here allocates per row, apart from `positionOfRow`, which is for the edges.
 */
import { trustedId, type TenantId, type TrackerId } from './ids.ts';
import { ALARMS, type Alarm, type Attributes, type Position } from './position.ts';

/** Bytes of the fixed part of a row. */
export const ROW_BYTES = 64;
/** Most bytes of attributes a row may carry; what is longer is left out and flagged. */
export const MAX_ATTRIBUTES_BYTES = 4_096;
/** Bytes before the first row of a batch. */
export const BATCH_HEADER_BYTES = 8;
/** Version of the batch layout; a reader refuses what it does not know. */
export const BATCH_VERSION = 1;

/** Byte offsets inside a row. */
export const ROW = {
  tenantId: 0, // u32
  trackerId: 4, // u32
  fixTimeMs: 8, // f64
  receivedTimeMs: 16, // f64
  lonE7: 24, // i32, degrees × 10⁷
  latE7: 28, // i32
  contentHashLow: 32, // u32
  contentHashHigh: 36, // u32
  speedMps: 40, // f32, NaN = unknown
  headingDeg: 44, // f32, NaN = unknown
  altitudeM: 48, // f32, NaN = unknown
  accuracyM: 52, // f32, NaN = unknown
  flags: 56, // u8, see FLAG
  alarm: 57, // u8, index into ALARMS
  eventCode: 58, // u16, the family's own number
  batteryPct: 60, // u8, 255 = unknown
  satellitesInUse: 61, // u8, 255 = unknown
  attributesLength: 62, // u16
} as const;

/** Bits of the flags byte. */
export const FLAG = {
  valid: 1,
  timeSuspect: 2,
  checksumMismatch: 4,
  chargingKnown: 8,
  charging: 16,
  attributesTruncated: 32,
} as const;

/** What a log record on a position lane holds; the second byte of its payload. */
export const RECORD_KIND = { positions: 1, fencesChanged: 2 } as const;

/** Value of a u8 field that is unknown. */
export const UNKNOWN_U8 = 255;

/** Writes the header of a batch of `count` rows at the start of `buffer`. */
export function writeBatchHeader(buffer: Buffer, count: number): void {
  buffer[0] = BATCH_VERSION;
  buffer[1] = RECORD_KIND.positions;
  buffer.writeUInt16LE(0, 2);
  buffer.writeUInt32LE(count, 4);
}

/**
 * Walks over the rows of one batch. One cursor may be reused for any number of batches:
 * `cursor.open(payload)`, then `while (cursor.next()) …` and read `buffer` at `offset + ROW.field`.
 */
export class RowCursor {
  /** The batch being read. */
  buffer: Buffer = Buffer.alloc(0);
  /** Start of the present row in `buffer`; valid after `next()` answered true. */
  offset = 0;
  /** Rows of the batch according to its header. */
  count = 0;
  #index = 0;
  #nextOffset = 0;

  /**
   * Starts at the first row of a batch.
   * @throws RangeError when the payload is no batch of a version we know: the log is damaged or newer than we.
   */
  open(payload: Uint8Array): void {
    if (payload.length < BATCH_HEADER_BYTES || payload[0] !== BATCH_VERSION) {
      throw new RangeError(
        `Got batch version ${payload[0]} of ${payload.length} bytes, expected version ${BATCH_VERSION}`,
      );
    }
    this.buffer = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
    this.count = this.buffer.readUInt32LE(4);
    this.offset = 0;
    this.#index = 0;
    this.#nextOffset = BATCH_HEADER_BYTES;
  }

  /**
   * Moves to the next row; false after the last.
   * @throws RangeError when the batch ends in the middle of a row.
   */
  next(): boolean {
    if (this.#index >= this.count) return false;
    const offset = this.#nextOffset;
    const end = offset + ROW_BYTES;
    if (end > this.buffer.length) throw new RangeError(`Batch ends inside row ${this.#index}`);
    this.#nextOffset = end + this.buffer.readUInt16LE(offset + ROW.attributesLength);
    if (this.#nextOffset > this.buffer.length) {
      throw new RangeError(`Batch ends inside the attributes of row ${this.#index}`);
    }
    this.offset = offset;
    this.#index += 1;
    return true;
  }

  /** Bytes of the present row, attributes included. */
  get rowBytes(): number {
    return this.#nextOffset - this.offset;
  }

  get tenantId(): TenantId {
    return trustedId<TenantId>(this.buffer.readUInt32LE(this.offset + ROW.tenantId));
  }
  get trackerId(): TrackerId {
    return trustedId<TrackerId>(this.buffer.readUInt32LE(this.offset + ROW.trackerId));
  }
  get fixTimeMs(): number {
    return this.buffer.readDoubleLE(this.offset + ROW.fixTimeMs);
  }
  get receivedTimeMs(): number {
    return this.buffer.readDoubleLE(this.offset + ROW.receivedTimeMs);
  }
  get lonE7(): number {
    return this.buffer.readInt32LE(this.offset + ROW.lonE7);
  }
  get latE7(): number {
    return this.buffer.readInt32LE(this.offset + ROW.latE7);
  }
  get flags(): number {
    return this.buffer[this.offset + ROW.flags] ?? 0;
  }
  get speedMps(): number {
    return this.buffer.readFloatLE(this.offset + ROW.speedMps);
  }
  get headingDeg(): number {
    return this.buffer.readFloatLE(this.offset + ROW.headingDeg);
  }
  get altitudeM(): number {
    return this.buffer.readFloatLE(this.offset + ROW.altitudeM);
  }
  get accuracyM(): number {
    return this.buffer.readFloatLE(this.offset + ROW.accuracyM);
  }
}

const knownFloat = (value: number): number | null => (Number.isNaN(value) ? null : value);
const knownU8 = (value: number): number | null => (value === UNKNOWN_U8 ? null : value);

/** The alarm a row carries; an index of a newer release reads as `none`. */
export function alarmOfRow(cursor: RowCursor): Alarm {
  return ALARMS[cursor.buffer[cursor.offset + ROW.alarm] ?? 0] ?? 'none';
}

/** The attributes of a row as an object; empty when it carries none. */
export function attributesOfRow(cursor: RowCursor): Attributes {
  const { buffer, offset } = cursor;
  const length = buffer.readUInt16LE(offset + ROW.attributesLength);
  if (length === 0) return {};
  // our own decoders wrote this text; it is an object by construction
  return JSON.parse(buffer.toString('utf8', offset + ROW_BYTES, offset + ROW_BYTES + length));
}

/** The present row as an object, for the edges of the system. Allocates. */
export function positionOfRow(cursor: RowCursor): Position {
  const { buffer, offset, flags } = cursor;
  const hash =
    (BigInt(buffer.readUInt32LE(offset + ROW.contentHashHigh)) << 32n) |
    BigInt(buffer.readUInt32LE(offset + ROW.contentHashLow));
  return {
    tenantId: cursor.tenantId,
    trackerId: cursor.trackerId,
    fixTimeMs: cursor.fixTimeMs,
    receivedTimeMs: cursor.receivedTimeMs,
    lon: cursor.lonE7 / 1e7,
    lat: cursor.latE7 / 1e7,
    valid: (flags & FLAG.valid) !== 0,
    timeSuspect: (flags & FLAG.timeSuspect) !== 0,
    speedMps: knownFloat(cursor.speedMps),
    headingDeg: knownFloat(cursor.headingDeg),
    altitudeM: knownFloat(cursor.altitudeM),
    accuracyM: knownFloat(cursor.accuracyM),
    batteryPct: knownU8(buffer[offset + ROW.batteryPct] ?? UNKNOWN_U8),
    charging: (flags & FLAG.chargingKnown) === 0 ? null : (flags & FLAG.charging) !== 0,
    satellitesInUse: knownU8(buffer[offset + ROW.satellitesInUse] ?? UNKNOWN_U8),
    alarm: alarmOfRow(cursor),
    eventCode: buffer.readUInt16LE(offset + ROW.eventCode),
    contentHash: hash.toString(16).padStart(16, '0'),
    attributes: attributesOfRow(cursor),
  };
}
