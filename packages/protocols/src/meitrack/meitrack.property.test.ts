import { ROW } from '@followme/model';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFrameReader } from '../frame-reader.ts';
import type { DecodeSink } from '../protocol.ts';
import { createMeitrackDecoder } from './decode.ts';
import { encodeAaa, encodeCcc, encodeCce, encodeTextFrame, type MeitrackReport } from './encode.ts';
import { CCE_FIXTURES, TEXT_FIXTURES } from './fixtures/frames.ts';
import { createMeitrackFramer } from './frame.ts';
import { meitrack } from './protocol.ts';
import { parseConfirmation } from './reply.ts';

const LIMITS = { maxFrameBytes: 2_048 };
const YEAR_2000_S = 946_684_800;
const imeis = fc.stringMatching(/^\d{15}$/);
const flags = fc.integer({ min: 0x41, max: 0x7a }).map((code) => String.fromCharCode(code));
const senders = fc.record({ imei: imeis, flag: flags });
const words = fc.integer({ min: 0, max: 0xffff });
const reports: fc.Arbitrary<MeitrackReport> = fc.record({
  eventCode: fc.integer({ min: 0, max: 255 }),
  fixTimeMs: fc.integer({ min: 0, max: 99 * 365 * 86_400 }).map((s) => (YEAR_2000_S + s) * 1_000),
  lonE6: fc.integer({ min: -180_000_000, max: 180_000_000 }),
  latE6: fc.integer({ min: -90_000_000, max: 90_000_000 }),
  valid: fc.boolean(),
  satellitesInUse: fc.integer({ min: 0, max: 40 }),
  gsmSignal: fc.integer({ min: 0, max: 31 }),
  speedKmh: fc.integer({ min: 0, max: 999 }),
  headingDeg: fc.integer({ min: 0, max: 359 }),
  hdopTenths: fc.integer({ min: 0, max: 999 }),
  altitudeM: fc.integer({ min: -400, max: 9_000 }),
  odometerM: fc.integer({ min: 0, max: 0xffff_ffff }),
  runTimeS: fc.integer({ min: 0, max: 0xffff_ffff }),
  cell: fc.record({ mcc: fc.integer({ min: 1, max: 999 }), mnc: words, lac: words, ci: words }),
  ports: words,
  batteryReading: words,
  powerReading: words,
});

/** What a report must read as, in the row's units. */
function expectedOf(report: MeitrackReport, imei: string): object {
  const { cell } = report;
  return {
    id: imei,
    fixTime: new Date(report.fixTimeMs).toISOString(),
    lat: (report.latE6 * 10) / 1e7,
    lon: (report.lonE6 * 10) / 1e7,
    valid: report.valid,
    speedMps: Number(Math.fround(report.speedKmh / 3.6).toPrecision(7)),
    headingDeg: report.headingDeg,
    altitudeM: report.altitudeM,
    attributes: {
      satellites: report.satellitesInUse,
      gsmSignal: report.gsmSignal,
      hdop: report.hdopTenths / 10,
      odometerM: report.odometerM,
      runTimeS: report.runTimeS,
      cell: [cell.mcc, cell.mnc, cell.lac, cell.ci],
      ...(report.eventCode > 0 ? { eventCode: report.eventCode } : {}),
      ...(report.ports >> 8 > 0 ? { inputs: report.ports >> 8 } : {}),
      ...((report.ports & 0xff) > 0 ? { outputs: report.ports & 0xff } : {}),
    },
  };
}

const quietSink = (fixes: { count: number }): DecodeSink => ({
  onIdentity: () => true,
  onFix(draft) {
    fixes.count += 1;
    const { bytes } = draft;
    const length = bytes.readUInt16LE(ROW.attributesLength);
    // whoever reads the row later parses this without a net
    if (length > 0) JSON.parse(bytes.toString('utf8', draft.length - length, draft.length));
    expect(Math.abs(draft.latE7)).toBeLessThanOrEqual(900_000_000);
    expect(Math.abs(draft.lonE7)).toBeLessThanOrEqual(1_800_000_000);
    expect(Number.isFinite(draft.fixTimeMs)).toBe(true);
  },
  onReply: (reply) => expect(parseConfirmation(reply) ?? reply.includes(',AAC,1*')).toBeTruthy(),
  onDropped: () => undefined,
  onChecksumMismatch: () => undefined,
});

/** A good frame with some of its bytes changed, some cut and some put in. */
const mutatedFrames = fc
  .tuple(
    fc.constantFrom(...[...TEXT_FIXTURES, ...CCE_FIXTURES].map((fixture) => fixture.frame)),
    fc.array(fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), kind: fc.nat(2) }), {
      minLength: 1,
      maxLength: 12,
    }),
  )
  .map(([frame, changes]) => {
    const bytes = [...frame];
    for (const { at, byte, kind } of changes)
      bytes.splice(at % bytes.length, kind === 2 ? 0 : 1, byte);
    return Buffer.from(bytes);
  });

describe('decode ∘ encode = identity', () => {
  test('AAA', () => {
    fc.assert(
      fc.property(senders, reports, (sender, report) => {
        const reading = createFrameReader(meitrack).read(encodeAaa(sender, report));
        expect(reading).toMatchObject({
          positions: [expectedOf(report, sender.imei)],
          reply: null,
        });
      }),
    );
  });

  test('CCC, and the device understands the reply', () => {
    fc.assert(
      fc.property(senders, fc.array(reports, { minLength: 1, maxLength: 30 }), (sender, many) => {
        const reading = createFrameReader(meitrack).read(encodeCcc(sender, many, many.length));
        expect(reading).toMatchObject({
          positions: many.map((report) => expectedOf(report, sender.imei)),
        });
        if ('error' in reading) return;
        expect(parseConfirmation(Buffer.from(reading.reply ?? '', 'hex'))).toEqual({
          flag: sender.flag,
          identity: sender.imei,
          command: 'CCC',
          records: many.length,
        });
      }),
    );
  });

  test('CCE', () => {
    fc.assert(
      fc.property(senders, reports, (sender, report) => {
        const record = {
          bytes: {
            0x05: report.valid ? 1 : 0,
            0x06: report.satellitesInUse,
            0x07: report.gsmSignal,
          },
          shorts: { 0x08: report.speedKmh, 0x09: report.headingDeg, 0x0b: report.altitudeM },
          words: {
            0x02: report.latE6,
            0x03: report.lonE6,
            0x04: report.fixTimeMs / 1_000 - YEAR_2000_S,
          },
        };
        const reading = createFrameReader(meitrack).read(encodeCce(sender, [record], 1));
        const { attributes: _, ...expected } = expectedOf(report, sender.imei) as Record<
          string,
          unknown
        >;
        expect(reading).toMatchObject({ positions: [expected] });
      }),
    );
  });
});

test('any chunking of a stream gives the same frames, skips and pending bytes', () => {
  const piece = fc.oneof(
    reports.map((report) => encodeAaa({ imei: '861000000000017', flag: 'A' }, report)),
    fc
      .array(reports, { minLength: 1, maxLength: 5 })
      .map((r) => encodeCcc({ imei: '1', flag: 'B' }, r, 9)),
    fc.uint8Array({ maxLength: 30 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom('$', '$$', '$$A', '$$A50,', '\r\n', '$$A9999,')
      .map((text) => Buffer.from(text)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), fc.array(fc.nat(200)), (pieces, cuts) => {
      const stream = Buffer.concat(pieces);
      const run = (sizes: readonly number[]): unknown => {
        const framer = createMeitrackFramer(LIMITS);
        const frames: string[] = [];
        const skipped: Record<string, number> = {};
        const receiver = {
          onFrame: (b: Buffer, start: number, end: number) =>
            void frames.push(b.toString('hex', start, end)),
          onSkipped(bytes: number, reason: string) {
            skipped[reason] = (skipped[reason] ?? 0) + bytes;
          },
        };
        let at = 0;
        for (const size of sizes) {
          framer.push(stream.subarray(at, at + size), receiver);
          at += size;
        }
        framer.push(stream.subarray(at), receiver);
        return { frames, skipped, pending: framer.pendingBytes };
      };
      const whole = run([]);
      expect(run(cuts)).toEqual(whole);
      expect(run(Array.from({ length: stream.length }, () => 1))).toEqual(whole);
    }),
  );
});

describe('hostile bytes', () => {
  test('the decoder never throws and what it lets through is readable', () => {
    const decoder = createMeitrackDecoder();
    const sink = quietSink({ count: 0 });
    const anyBytes = fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes));
    fc.assert(
      fc.property(fc.oneof(anyBytes, mutatedFrames), (frame) =>
        decoder.decode(frame, 0, frame.length, sink),
      ),
      { numRuns: 2_000 },
    );
  });

  test('the decoder reads nothing outside the frame it was given', () => {
    fc.assert(
      fc.property(mutatedFrames, fc.uint8Array({ maxLength: 40 }), (frame, around) => {
        const read = (buffer: Buffer, start: number, end: number): unknown => {
          const rows: string[] = [];
          createMeitrackDecoder().decode(buffer, start, end, {
            onIdentity: () => true,
            onFix: (draft) => void rows.push(draft.bytes.toString('hex', 0, draft.length)),
            onReply: (reply) => void rows.push(reply.toString('hex')),
            onDropped: (reason) => void rows.push(reason),
            onChecksumMismatch: () => void rows.push('checksum'),
          });
          return rows;
        };
        const padded = Buffer.concat([around, frame, around]);
        expect(read(padded, around.length, around.length + frame.length)).toEqual(
          read(frame, 0, frame.length),
        );
      }),
    );
  });

  test('the framer never throws, holds no more than a frame and finds the next good one', () => {
    const good = encodeTextFrame({ imei: '861000000000017', flag: 'A' }, 'AAC,1');
    const noise = fc.oneof(
      fc.uint8Array({ maxLength: 400 }).map((bytes) => Buffer.from(bytes)),
      mutatedFrames,
    );
    fc.assert(
      fc.property(fc.array(noise, { maxLength: 6 }), (pieces) => {
        const framer = createMeitrackFramer(LIMITS);
        let last = '';
        const receiver = {
          onFrame(buffer: Buffer, start: number, end: number) {
            last = buffer.toString('latin1', start, end);
          },
          onSkipped: () => undefined,
        };
        for (const piece of pieces) {
          framer.push(piece, receiver);
          expect(framer.pendingBytes).toBeLessThanOrEqual(LIMITS.maxFrameBytes);
        }
        // what a false header claimed must first go by
        framer.push(Buffer.alloc(LIMITS.maxFrameBytes, '.'), receiver);
        framer.push(good, receiver);
        expect(last).toBe(good.toString('latin1'));
      }),
    );
  });
});
