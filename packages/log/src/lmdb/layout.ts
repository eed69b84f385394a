/**
 * How the embedded log lies in LMDB. All integers are big-endian, so that the order of bytes is the order
 * of numbers and a range of keys is a range of sequences or of times.
 *
 * | database   | key                                           | value                                 |
 * |------------|-----------------------------------------------|---------------------------------------|
 * | records    | stream u8, lane u16, sequence u64, stored u64 | the payload                           |
 * | record-ids | 1, stream u8, SHA-256 of the id               | stored u64, sequence u64              |
 * | record-ids | 2, stored u64, stream u8, SHA-256 of the id   | one byte without meaning              |
 * | keys       | the key in UTF-8                              | revision u64, the value               |
 * | meta       | 'format'                                      | JSON, see `engine.ts`                 |
 * | meta       | 'identity'                                    | the log's identity in UTF-8           |
 * | meta       | 'revision'                                    | u64, the newest of the keys           |
 * | meta       | 'trimmed', stream u8, lane u16                | u64, the newest sequence trimmed      |
 *
 * The stored time stands in the key of a record, so trimming decides by walking keys and never reads the
 * pages of the payloads.
 */
import { createHash } from 'node:crypto';
import type { Lane } from '@followme/model';
import type { StreamName } from '../port.ts';

/** Numbers of the streams on disk; never given to another stream. */
const STREAM_CODES: Readonly<Record<StreamName, number>> = { positions: 1, events: 2 };

const RECORD_KEY_BYTES = 19;
const SEQUENCE_AT = 3;
const STORED_AT = 11;
const U32 = 2 ** 32;

function writeUint64(target: Buffer, value: number, at: number): void {
  target.writeUInt32BE(Math.floor(value / U32), at);
  target.writeUInt32BE(value % U32, at + 4);
}

function readUint64(source: Buffer, at: number): number {
  return source.readUInt32BE(at) * U32 + source.readUInt32BE(at + 4);
}

/** The bytes of LMDB as a Buffer over the same memory. */
function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** What a record key says besides its lane. */
export interface RecordPlace {
  readonly sequence: number;
  readonly storedTimeMs: number;
}

/** Key of a record; with stored time 0 it sorts before the record of that sequence, for range bounds. */
export function recordKey(stream: StreamName, lane: Lane, place: RecordPlace): Buffer {
  const key = Buffer.allocUnsafe(RECORD_KEY_BYTES);
  key.writeUInt8(STREAM_CODES[stream], 0);
  key.writeUInt16BE(lane, 1);
  writeUint64(key, place.sequence, SEQUENCE_AT);
  writeUint64(key, place.storedTimeMs, STORED_AT);
  return key;
}

/** Sequence and stored time out of a record key. */
export function recordPlace(key: Uint8Array): RecordPlace {
  const bytes = asBuffer(key);
  return { sequence: readUint64(bytes, SEQUENCE_AT), storedTimeMs: readUint64(bytes, STORED_AT) };
}

/** Largest sequence a lane can hold; ends a range that goes to the end of a lane. */
export const MAX_SEQUENCE = Number.MAX_SAFE_INTEGER;

const ID_ENTRY = 1;
const ID_EXPIRY = 2;
const DIGEST_BYTES = 32;
const EXPIRY_ID_AT = 9;

/** Key of a record id: hashed, so that ids of any length make keys of one size. */
export function recordIdKey(stream: StreamName, recordId: string): Buffer {
  const key = Buffer.allocUnsafe(2 + DIGEST_BYTES);
  key.writeUInt8(ID_ENTRY, 0);
  key.writeUInt8(STREAM_CODES[stream], 1);
  createHash('sha256').update(recordId).digest().copy(key, 2);
  return key;
}

/** Value of a record id. */
export function recordIdEntry(place: RecordPlace): Buffer {
  const value = Buffer.allocUnsafe(16);
  writeUint64(value, place.storedTimeMs, 0);
  writeUint64(value, place.sequence, 8);
  return value;
}

/** What `recordIdEntry` wrote. */
export function parseRecordIdEntry(value: Uint8Array): RecordPlace {
  const bytes = asBuffer(value);
  return { storedTimeMs: readUint64(bytes, 0), sequence: readUint64(bytes, 8) };
}

/** Key that sorts record ids by their stored time. */
export function expiryKey(storedTimeMs: number, idKey: Uint8Array): Buffer {
  const key = Buffer.allocUnsafe(EXPIRY_ID_AT + idKey.length - 1);
  key.writeUInt8(ID_EXPIRY, 0);
  writeUint64(key, storedTimeMs, 1);
  key.set(idKey.subarray(1), EXPIRY_ID_AT);
  return key;
}

/** Bounds of the expiry keys with a stored time before `beforeMs`. */
export function expiryRange(beforeMs: number): { start: Buffer; end: Buffer } {
  return { start: Buffer.from([ID_EXPIRY]), end: expiryKey(beforeMs, Buffer.from([ID_ENTRY])) };
}

/** Stored time and record id key out of an expiry key. */
export function parseExpiryKey(key: Uint8Array): { storedTimeMs: number; idKey: Buffer } {
  const bytes = asBuffer(key);
  return {
    storedTimeMs: readUint64(bytes, 1),
    idKey: Buffer.concat([Buffer.from([ID_ENTRY]), bytes.subarray(EXPIRY_ID_AT)]),
  };
}

/** Value of the key space. */
export function keyValue(revision: number, value: Uint8Array): Buffer {
  const bytes = Buffer.allocUnsafe(8 + value.length);
  writeUint64(bytes, revision, 0);
  bytes.set(value, 8);
  return bytes;
}

/** What `keyValue` wrote; the value is a copy. */
export function parseKeyValue(bytes: Uint8Array): { revision: number; value: Uint8Array } {
  return { revision: readUint64(asBuffer(bytes), 0), value: new Uint8Array(bytes.subarray(8)) };
}

/** Where the format of the log is written down. */
export const FORMAT_KEY = Buffer.from('format');
/** Where the identity of the log is written down. */
export const IDENTITY_KEY = Buffer.from('identity');
/** Where the newest revision of the key space is written down. */
export const REVISION_KEY = Buffer.from('revision');

/** Where the highest sequence ever trimmed from a lane is written down. */
export function trimmedKey(stream: StreamName, lane: Lane): Buffer {
  const key = Buffer.alloc(10, 'trimmed');
  key.writeUInt8(STREAM_CODES[stream], 7);
  key.writeUInt16BE(lane, 8);
  return key;
}

/** A counter as bytes. */
export function counterValue(count: number): Buffer {
  const bytes = Buffer.allocUnsafe(8);
  writeUint64(bytes, count, 0);
  return bytes;
}

/** What `counterValue` wrote, 0 for a counter that was never written. */
export function parseCounter(bytes: Uint8Array | undefined): number {
  return bytes === undefined ? 0 : readUint64(asBuffer(bytes), 0);
}
