import { FLAG, ROW } from '@followme/model';
import { describe, expect, test } from 'vitest';
import { createFrameReader } from '../frame-reader.ts';
import type { DropReason } from '../protocol.ts';
import { createMeitrackDecoder } from './decode.ts';
import {
  encodeAaa,
  encodeCcc,
  encodeCce,
  encodeFrame,
  encodeTextFrame,
  type MeitrackReport,
} from './encode.ts';
import { CCE_FIXTURES, TEXT_FIXTURES } from './fixtures/frames.ts';
import { meitrack } from './protocol.ts';

const IMEI = '861000000000017';
const sender = { imei: IMEI, flag: 'Q' };
const report: MeitrackReport = {
  eventCode: 35,
  fixTimeMs: Date.UTC(2026, 2, 1, 12, 34, 56),
  lonE6: 5_122_220,
  latE6: 52_090_830,
  valid: true,
  satellitesInUse: 9,
  gsmSignal: 20,
  speedKmh: 36,
  headingDeg: 90,
  hdopTenths: 9,
  altitudeM: 4,
  odometerM: 169_322,
  runTimeS: 126_582,
  cell: { mcc: 204, mnc: 8, lac: 0x0547, ci: 0x132b },
  ports: 0x0100,
  batteryReading: 2_419,
  powerReading: 384,
};

/** What one frame makes the decoder say, in order. */
function decodeCalls(frame: Buffer, isKnown = true): string[] {
  const calls: string[] = [];
  createMeitrackDecoder().decode(frame, 0, frame.length, {
    onIdentity(buffer, start, end) {
      calls.push(`identity ${buffer.toString('latin1', start, end)}`);
      return isKnown;
    },
    onFix: (draft) => void calls.push(`fix ${draft.fixTimeMs}`),
    onReply: (reply, afterDurable) =>
      void calls.push(
        `reply ${reply.toString('latin1').trim()} ${afterDurable ? 'after durable' : 'at once'}`,
      ),
    onDropped: (reason) => void calls.push(`dropped ${reason}`),
    onChecksumMismatch: () => void calls.push('checksum'),
  });
  return calls;
}

/** The only drop of a frame. */
function dropOf(frame: Buffer): DropReason | undefined {
  const drops = decodeCalls(frame).filter((call) => call.startsWith('dropped '));
  return drops.length === 1 ? (drops[0]?.slice(8) as DropReason) : undefined;
}

describe('text and CCE frames', () => {
  test.each([...TEXT_FIXTURES, ...CCE_FIXTURES])('$rule', ({ frame, positions, reply }) => {
    expect(createFrameReader(meitrack).read(frame)).toEqual({
      positions,
      reply: reply === null ? null : Buffer.from(reply, 'latin1').toString('hex'),
    });
  });

  test.each(TEXT_FIXTURES)('without its line end: $rule', ({ frame, positions }) => {
    const reading = createFrameReader(meitrack).read(frame.subarray(0, -2));
    expect(reading).toMatchObject({ positions });
  });
});

describe('CCC frames', () => {
  test('every record is read, and the reply counts them once they are durable', () => {
    const later = { ...report, fixTimeMs: report.fixTimeMs + 1_000 };
    expect(decodeCalls(encodeCcc(sender, [report, later], 9))).toEqual([
      `identity ${IMEI}`,
      `fix ${report.fixTimeMs}`,
      `fix ${later.fixTimeMs}`,
      'reply @@Q27,861000000000017,CCC,2*CA after durable',
    ]);
  });

  test('the declared length of the reply is the true one from ten records on', () => {
    const calls = decodeCalls(
      encodeCcc(
        sender,
        Array.from({ length: 25 }, () => report),
        25,
      ),
    );
    expect(calls.at(-1)).toMatch(/^reply @@Q28,861000000000017,CCC,25\*/);
  });

  test('a record reads the same as the text record of the same report', () => {
    const reader = createFrameReader(meitrack);
    const text = reader.read(encodeAaa(sender, report));
    const binary = reader.read(encodeCcc(sender, [report], 1));
    expect(binary).toEqual({ ...text, reply: expect.any(String) as string });
  });

  test('a record off the earth is dropped and still confirmed: it must not block those behind it', () => {
    const nowhere = { ...report, latE6: 90_000_001 };
    expect(decodeCalls(encodeCcc(sender, [nowhere, report], 2))).toEqual([
      `identity ${IMEI}`,
      'dropped outOfRange',
      `fix ${report.fixTimeMs}`,
      'reply @@Q27,861000000000017,CCC,2*CA after durable',
    ]);
  });

  test('longer records are read up to the fields we know', () => {
    const record = encodeCcc(sender, [report], 1).subarray(-57, -5);
    const head = Buffer.from(`,${IMEI},CCC,`, 'latin1');
    const layout = Buffer.from('0201370001000000', 'hex');
    const longer = Buffer.concat([record, Buffer.from([1, 2, 3])]);
    const frame = encodeFrame('Q', Buffer.concat([head, layout, longer, longer]));
    expect(decodeCalls(frame).filter((call) => call.startsWith('fix'))).toHaveLength(2);
  });

  test('a layout that the device defines for itself is refused, not guessed', () => {
    const frame = encodeCcc(sender, [report], 1);
    frame[frame.indexOf(',CCC,') + 5] = 0x05;
    expect(dropOf(frame)).toBe('unknownCommand');
  });

  test('a cut record is dropped, the whole ones before it are kept and confirmed', () => {
    const body = encodeCcc(sender, [report, report], 2).subarray(6, -15);
    expect(decodeCalls(encodeFrame('Q', body))).toEqual([
      `identity ${IMEI}`,
      `fix ${report.fixTimeMs}`,
      'dropped malformed',
      'reply @@Q27,861000000000017,CCC,1*C9 after durable',
    ]);
  });
});

describe('CCE frames', () => {
  test('a record without place or time is dropped and still confirmed', () => {
    const frame = encodeCce(sender, [{ bytes: { 0x01: 35 } }], 1);
    expect(decodeCalls(frame)).toEqual([
      `identity ${IMEI}`,
      'dropped malformed',
      'reply @@Q27,861000000000017,CCE,1*CB after durable',
    ]);
  });

  test('a record whose parameters leave it does not take the next one with it', () => {
    const place = { 0x02: 52_090_830, 0x03: 5_122_220, 0x04: 825_683_696 };
    const frame = encodeCce(sender, [{ words: place }, { words: place }], 2);
    const firstGroup = frame.indexOf(',CCE,') + 5 + 6 + 4;
    frame[firstGroup] = 200;
    expect(decodeCalls(frame)).toEqual([
      'checksum',
      `identity ${IMEI}`,
      'dropped malformed',
      `fix ${report.fixTimeMs}`,
      'reply @@Q27,861000000000017,CCE,2*CC after durable',
    ]);
  });
});

describe('what cannot be read', () => {
  test.each<[string, string, DropReason]>([
    ['the 30th of February', 'AAA,35,52.1,5.1,260230123456,A', 'outOfRange'],
    ['the 29th of February in a common year', 'AAA,35,52.1,5.1,250229000000,A', 'outOfRange'],
    ['the 13th month', 'AAA,35,52.1,5.1,261301123456,A', 'outOfRange'],
    ['the hour 24', 'AAA,35,52.1,5.1,260301240000,A', 'outOfRange'],
    ['the second 60', 'AAA,35,52.1,5.1,260301235960,A', 'outOfRange'],
    ['a latitude beyond the pole', 'AAA,35,90.0000001,5.1,260301123456,A', 'outOfRange'],
    ['a longitude beyond the date line', 'AAA,35,52.1,-180.0000001,260301123456,A', 'outOfRange'],
    ['a time that is no number', 'AAA,35,52.1,5.1,26030112345x,A', 'malformed'],
    ['no latitude', 'AAA,35,,5.1,260301123456,A', 'malformed'],
    ['a validity that is neither A nor V', 'AAA,35,52.1,5.1,260301123456,X', 'malformed'],
    ['an event beyond 16 bits', 'AAA,65536,52.1,5.1,260301123456,A', 'malformed'],
    ['nothing after AAA', 'AAA', 'malformed'],
    ['an empty CCC', 'CCC,', 'malformed'],
    ['a command that no device has', 'XYZ,1', 'unknownCommand'],
  ])('%s', (_, body, reason) => {
    expect(dropOf(encodeTextFrame(sender, body))).toBe(reason);
  });

  test.each([
    ['nothing', ''],
    ['no frame at all', 'hello'],
    ['no identity', '$$A30,,AAA,35*00\r\n'],
    ['an identity that is no word', '$$A30,../../etc,AAA,35*00\r\n'],
    ['an identity without end', `$$A90,${'1'.repeat(80)},AAA*00\r\n`],
    ['no command', '$$A21,861000000000017,A'],
  ])('%s is malformed and names no device', (_, frame) => {
    expect(decodeCalls(Buffer.from(frame, 'latin1'))).toEqual(['dropped malformed']);
  });
});

test('a device that is not ours is not read and gets no answer', () => {
  expect(decodeCalls(encodeCcc(sender, [report], 1), false)).toEqual([`identity ${IMEI}`]);
});

test('a wrong checksum is counted and flagged, and the frame is read all the same', () => {
  const frame = encodeAaa(sender, report);
  frame[frame.length - 3] = (frame[frame.length - 3] ?? 0) ^ 1;
  let flags = 0;
  let mismatches = 0;
  createMeitrackDecoder().decode(frame, 0, frame.length, {
    onIdentity: () => true,
    onFix(draft) {
      flags = draft.bytes[ROW.flags] ?? 0;
    },
    onReply: () => undefined,
    onDropped: () => undefined,
    onChecksumMismatch() {
      mismatches += 1;
    },
  });
  expect(mismatches).toBe(1);
  expect(flags & FLAG.checksumMismatch).toBe(FLAG.checksumMismatch);
});

test('lower-case checksum digits are as good as upper-case ones', () => {
  const frame = Buffer.from(encodeAaa(sender, { ...report, speedKmh: 41 }));
  const lower = Buffer.concat([
    frame.subarray(0, -4),
    Buffer.from(frame.subarray(-4).toString('latin1').toLowerCase(), 'latin1'),
  ]);
  expect(decodeCalls(lower)).not.toContain('checksum');
});
