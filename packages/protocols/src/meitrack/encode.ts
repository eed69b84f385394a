/** Frames as a device writes them: for the simulator, and to hold the decoder to its word. */
import { CCC, CCC_HEADER_BYTES, CCC_RECORD_BYTES, CCC_VERSION } from './ccc.ts';
import { SECONDS_1970_TO_2000 } from './calendar.ts';
import { hexByte, sumOf } from './checksum.ts';
import { TWELVE_BITS } from './voltage.ts';

/** `*`, two digits, CR, LF. */
const TRAILER_BYTES = 5;

/** One report in the device's own units; every number is an integer in the range its field can carry. */
export interface MeitrackReport {
  readonly eventCode: number;
  /** Whole seconds. */
  readonly fixTimeMs: number;
  /** Degrees × 10⁶. */
  readonly lonE6: number;
  /** Degrees × 10⁶. */
  readonly latE6: number;
  readonly valid: boolean;
  readonly satellitesInUse: number;
  /** 0 … 31. */
  readonly gsmSignal: number;
  readonly speedKmh: number;
  /** 0 … 359. */
  readonly headingDeg: number;
  readonly hdopTenths: number;
  readonly altitudeM: number;
  readonly odometerM: number;
  readonly runTimeS: number;
  readonly cell: {
    readonly mcc: number;
    readonly mnc: number;
    readonly lac: number;
    readonly ci: number;
  };
  /** Outputs in the low byte, inputs in the high byte. */
  readonly ports: number;
  /** Reading of the battery's converter; see `batteryReadingOf`. */
  readonly batteryReading: number;
  /** Reading of the external power's converter; see `powerReadingOf`. */
  readonly powerReading: number;
}

/** Who sends a frame, and the byte by which its answer is recognised (`A` … `z`). */
export interface MeitrackSender {
  readonly imei: string;
  readonly flag: string;
}

/** What an MT90 reads for a battery of so many volts. */
export function batteryReadingOf(volts: number): number {
  return Math.round((volts * 1_000) / TWELVE_BITS.batteryMv);
}

/** What an MT90 reads for an external power of so many volts. */
export function powerReadingOf(volts: number): number {
  return Math.round((volts * 1_000) / TWELVE_BITS.powerMv);
}

/** Puts header, length and checksum around `,<imei>,<command…>`. */
export function encodeFrame(flag: string, body: Buffer): Buffer {
  const header = Buffer.from(`$$${flag}${body.length + TRAILER_BYTES}`, 'latin1');
  const covered = Buffer.concat([header, body, Buffer.from('*')]);
  return Buffer.concat([covered, Buffer.from(`${hexByte(sumOf(covered, 0, covered.length))}\r\n`)]);
}

/** A text frame with any body after the identity, e.g. `AAA,35,…` or `AAC,1`. */
export function encodeTextFrame(sender: MeitrackSender, body: string): Buffer {
  return encodeFrame(sender.flag, Buffer.from(`,${sender.imei},${body}`, 'latin1'));
}

const hexWord = (value: number): string => value.toString(16).padStart(4, '0').toUpperCase();

/** `yymmddHHMMSS` in UTC. */
function textTime(fixTimeMs: number): string {
  return new Date(fixTimeMs).toISOString().replace(/[-T:]/g, '').slice(2, 14);
}

/** Degrees with six decimals; exact, since it never leaves the integers. */
function textDegrees(e6: number): string {
  const digits = String(Math.abs(e6)).padStart(7, '0');
  return `${e6 < 0 ? '-' : ''}${digits.slice(0, -6)}.${digits.slice(-6)}`;
}

/** The text record `AAA`. */
export function encodeAaa(sender: MeitrackSender, report: MeitrackReport): Buffer {
  const { cell } = report;
  const fields = [
    'AAA',
    report.eventCode,
    textDegrees(report.latE6),
    textDegrees(report.lonE6),
    textTime(report.fixTimeMs),
    report.valid ? 'A' : 'V',
    report.satellitesInUse,
    report.gsmSignal,
    report.speedKmh,
    report.headingDeg,
    (report.hdopTenths / 10).toFixed(1),
    report.altitudeM,
    report.odometerM,
    report.runTimeS,
    `${cell.mcc}|${cell.mnc}|${hexWord(cell.lac)}|${hexWord(cell.ci)}`,
    hexWord(report.ports),
    `0000|0000|0000|${hexWord(report.batteryReading)}|${hexWord(report.powerReading)}`,
    '',
    '',
  ];
  return encodeTextFrame(sender, fields.join(','));
}

function writeCccRecord(buffer: Buffer, at: number, report: MeitrackReport): void {
  buffer[at + CCC.event] = report.eventCode;
  buffer.writeInt32LE(report.latE6, at + CCC.latE6);
  buffer.writeInt32LE(report.lonE6, at + CCC.lonE6);
  buffer.writeUInt32LE(report.fixTimeMs / 1_000 - SECONDS_1970_TO_2000, at + CCC.secondsSince2000);
  buffer[at + CCC.valid] = report.valid ? 1 : 0;
  buffer[at + CCC.satellites] = report.satellitesInUse;
  buffer[at + CCC.signal] = report.gsmSignal;
  buffer.writeUInt16LE(report.speedKmh, at + CCC.speedKmh);
  buffer.writeUInt16LE(report.headingDeg, at + CCC.headingDeg);
  buffer.writeUInt16LE(report.hdopTenths, at + CCC.hdopTenths);
  buffer.writeInt16LE(report.altitudeM, at + CCC.altitudeM);
  buffer.writeUInt32LE(report.odometerM, at + CCC.odometerM);
  buffer.writeUInt32LE(report.runTimeS, at + CCC.runTimeS);
  buffer.writeUInt16LE(report.cell.mcc, at + CCC.mcc);
  buffer.writeUInt16LE(report.cell.mnc, at + CCC.mnc);
  buffer.writeUInt16LE(report.cell.lac, at + CCC.lac);
  buffer.writeUInt16LE(report.cell.ci, at + CCC.ci);
  buffer.writeUInt16BE(report.ports, at + CCC.ports);
  buffer.writeUInt16LE(report.batteryReading, at + CCC.ad4);
  buffer.writeUInt16LE(report.powerReading, at + CCC.ad5);
}

/**
 * The binary frame `CCC`, oldest record first. `heldRecords` is how many the device still holds in all, these
 * included.
 */
export function encodeCcc(
  sender: MeitrackSender,
  reports: readonly MeitrackReport[],
  heldRecords: number,
): Buffer {
  const head = Buffer.from(`,${sender.imei},CCC`, 'latin1');
  const body = Buffer.alloc(head.length + CCC_HEADER_BYTES + reports.length * CCC_RECORD_BYTES);
  head.copy(body);
  body[head.length] = 0x2c;
  body.writeUInt16LE(CCC_VERSION, head.length + 1);
  body.writeUInt16LE(CCC_RECORD_BYTES, head.length + 3);
  body.writeUInt32LE(heldRecords, head.length + 5);
  let at = head.length + CCC_HEADER_BYTES;
  for (const report of reports) {
    writeCccRecord(body, at, report);
    at += CCC_RECORD_BYTES;
  }
  return encodeFrame(sender.flag, body);
}

/** The groups of a `CCE` record: parameter number (above 0xFF: with the lead 0xFE) and value. */
export interface CceRecord {
  readonly bytes?: Readonly<Record<number, number>>;
  readonly shorts?: Readonly<Record<number, number>>;
  readonly words?: Readonly<Record<number, number>>;
  readonly blocks?: Readonly<Record<number, Buffer>>;
}

function encodeGroup<T>(
  group: Readonly<Record<number, T>> | undefined,
  encodeValue: (value: T) => Buffer,
): { count: number; bytes: Buffer } {
  const entries = Object.entries(group ?? {});
  const parts = entries.map(([key, value]) => {
    const id = Number(key);
    const lead = id > 0xff ? Buffer.from([id >> 8, id & 0xff]) : Buffer.from([id]);
    return Buffer.concat([lead, encodeValue(value)]);
  });
  return { count: entries.length, bytes: Buffer.concat([Buffer.from([entries.length]), ...parts]) };
}

/** A number as `width` bytes, little-endian, two's complement. */
function littleEndian(width: number): (value: number) => Buffer {
  return (value) => {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32LE(value | 0);
    return bytes.subarray(0, width);
  };
}

/** The binary frame `CCE`, oldest record first. `heldRecords` as in `encodeCcc`. */
export function encodeCce(
  sender: MeitrackSender,
  records: readonly CceRecord[],
  heldRecords: number,
): Buffer {
  const head = Buffer.alloc(6);
  head.writeUInt32LE(heldRecords, 0);
  head.writeUInt16LE(records.length, 4);
  const encoded = records.map((record) => {
    const groups = [
      encodeGroup(record.bytes, littleEndian(1)),
      encodeGroup(record.shorts, littleEndian(2)),
      encodeGroup(record.words, littleEndian(4)),
      encodeGroup(record.blocks, (value) => Buffer.concat([Buffer.from([value.length]), value])),
    ];
    const content = Buffer.concat(groups.map((group) => group.bytes));
    const lead = Buffer.alloc(4);
    lead.writeUInt16LE(content.length + 2, 0);
    lead.writeUInt16LE(
      groups.reduce((sum, group) => sum + group.count, 0),
      2,
    );
    return Buffer.concat([lead, content]);
  });
  const body = Buffer.concat([Buffer.from(`,${sender.imei},CCE,`, 'latin1'), head, ...encoded]);
  return encodeFrame(sender.flag, body);
}
