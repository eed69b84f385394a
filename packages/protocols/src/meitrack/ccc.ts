/**
 * The binary frame `CCC`: fixes of one fixed layout, little-endian, as a device sends them that waits for
 * the server's word before it forgets them.
 *
 * Body: `,` version u16, bytes per record u16, records still held (these included) u32, then the records:
 * event u8, latitude i32 and longitude i32 (10⁻⁶ degrees), seconds since 2000 u32, valid u8, satellites u8,
 * signal u8, km/h u16, heading u16, HDOP u16 (tenths), altitude i16, odometer u32 (m), run time u32 (s),
 * mcc, mnc, lac, ci u16 each, inputs u8, outputs u8, AD1, AD4, AD5 u16 each, event detail u32.
 */
import { FLAG, type RowDraft } from '@followme/model';
import type { DropReason } from '../protocol.ts';
import { SECONDS_1970_TO_2000 } from './calendar.ts';
import { setEvent } from './event-code.ts';
import {
  addConnected,
  addGsmSignal,
  addPorts,
  isOnEarth,
  setAltitudeM,
  setHeadingDeg,
  setSpeedKmh,
} from './limits.ts';
import { addVoltages } from './voltage.ts';

/** Bytes between `CCC` and the first record. */
export const CCC_HEADER_BYTES = 9;
/** Bytes of the layout above; a device may declare more, and what follows is skipped. */
export const CCC_RECORD_BYTES = 52;
/** The version whose layout is the one above. */
export const CCC_VERSION = 0x0102;
/** A version whose layout each device defines for itself (command `CCB`): not readable without that. */
const CUSTOM_LAYOUT_VERSION = 0x0105;

/** Byte offsets inside a record. */
export const CCC = {
  event: 0,
  latE6: 1,
  lonE6: 5,
  secondsSince2000: 9,
  valid: 13,
  satellites: 14,
  signal: 15,
  speedKmh: 16,
  headingDeg: 18,
  hdopTenths: 20,
  altitudeM: 22,
  odometerM: 24,
  runTimeS: 28,
  mcc: 32,
  mnc: 34,
  lac: 36,
  ci: 38,
  ports: 40,
  ad1: 42,
  ad4: 44,
  ad5: 46,
  eventDetail: 48,
} as const;

/** The bytes of one record by the frame's own word, or why its records cannot be read. */
export function recordBytesOf(
  buffer: Buffer,
  bodyStart: number,
  bodyEnd: number,
): number | DropReason {
  if (bodyStart + CCC_HEADER_BYTES > bodyEnd) return 'malformed';
  if (buffer.readUInt16LE(bodyStart + 1) === CUSTOM_LAYOUT_VERSION) return 'unknownCommand';
  const recordBytes = buffer.readUInt16LE(bodyStart + 3);
  return recordBytes < CCC_RECORD_BYTES ? 'malformed' : recordBytes;
}

/** Sets what the record at `at` says; the reason when it is no fix. The caller has checked its length. */
export function readCccRecord(buffer: Buffer, at: number, draft: RowDraft): DropReason | null {
  const latE7 = buffer.readInt32LE(at + CCC.latE6) * 10;
  const lonE7 = buffer.readInt32LE(at + CCC.lonE6) * 10;
  if (!isOnEarth(lonE7, latE7)) return 'outOfRange';
  draft.setLonLatE7(lonE7, latE7);
  draft.setFixTimeMs(
    (SECONDS_1970_TO_2000 + buffer.readUInt32LE(at + CCC.secondsSince2000)) * 1_000,
  );
  setEvent(draft, buffer[at + CCC.event] ?? 0);
  if (buffer[at + CCC.valid] === 1) draft.setFlag(FLAG.valid);
  draft.setSatellitesInUse(buffer[at + CCC.satellites] ?? 0);
  addGsmSignal(draft, buffer[at + CCC.signal] ?? 0);
  setSpeedKmh(draft, buffer.readUInt16LE(at + CCC.speedKmh));
  setHeadingDeg(draft, buffer.readUInt16LE(at + CCC.headingDeg));
  draft.addFixedPoint('hdop', buffer.readUInt16LE(at + CCC.hdopTenths), 1);
  setAltitudeM(draft, buffer.readInt16LE(at + CCC.altitudeM));
  draft.addNumber('odometerM', buffer.readUInt32LE(at + CCC.odometerM));
  draft.addNumber('runTimeS', buffer.readUInt32LE(at + CCC.runTimeS));
  const mcc = buffer.readUInt16LE(at + CCC.mcc);
  if (mcc > 0) {
    const mnc = buffer.readUInt16LE(at + CCC.mnc);
    const lac = buffer.readUInt16LE(at + CCC.lac);
    draft.addIntegers('cell', [mcc, mnc, lac, buffer.readUInt16LE(at + CCC.ci)]);
  }
  addPorts(draft, buffer.readUInt16BE(at + CCC.ports));
  addConnected(draft, 'ad1Raw', buffer.readUInt16LE(at + CCC.ad1));
  addVoltages(draft, buffer.readUInt16LE(at + CCC.ad4), buffer.readUInt16LE(at + CCC.ad5));
  return null;
}
