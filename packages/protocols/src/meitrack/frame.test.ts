import { describe, expect, test } from 'vitest';
import type { DropReason } from '../protocol.ts';
import { encodeTextFrame } from './encode.ts';
import { createMeitrackFramer } from './frame.ts';

const LIMITS = { maxFrameBytes: 1_024 };
const first = encodeTextFrame(
  { imei: '861000000000017', flag: 'A' },
  'AAA,35,52.1,5.1,260301123456,A',
);
const second = encodeTextFrame({ imei: '861000000000025', flag: 'B' }, 'AAC,1');

/** Everything a framer says about a stream that comes in the given pieces. */
function frameAll(pieces: readonly Buffer[], limits = LIMITS) {
  const framer = createMeitrackFramer(limits);
  const frames: string[] = [];
  const skipped: Partial<Record<DropReason, number>> = {};
  let mostPending = 0;
  for (const piece of pieces) {
    framer.push(piece, {
      onFrame: (buffer, start, end) => void frames.push(buffer.toString('latin1', start, end)),
      onSkipped(bytes, reason) {
        skipped[reason] = (skipped[reason] ?? 0) + bytes;
      },
    });
    mostPending = Math.max(mostPending, framer.pendingBytes);
  }
  return { frames, skipped, mostPending, pending: framer.pendingBytes };
}

const bytesOf = (stream: Buffer): Buffer[] => Array.from(stream, (byte) => Buffer.from([byte]));
const both = [first.toString('latin1'), second.toString('latin1')];

test('frames that come together are cut by their declared length', () => {
  expect(frameAll([Buffer.concat([first, second])])).toMatchObject({
    frames: both,
    skipped: {},
    pending: 0,
  });
});

test('after each single byte nothing but the beginning of one frame is held', () => {
  const stream = Buffer.concat([first, second]);
  const framer = createMeitrackFramer(LIMITS);
  let received = 0;
  let done = 0;
  for (const byte of bytesOf(stream)) {
    received += 1;
    framer.push(byte, {
      onFrame(_buffer, start, end) {
        done += end - start;
      },
      onSkipped: (bytes, reason) => expect.unreachable(`${bytes} bytes skipped as ${reason}`),
    });
    expect(framer.pendingBytes).toBe(received - done);
  }
  expect(done).toBe(stream.length);
});

test('a frame that lies whole in the chunk is handed on where it is, without copying', () => {
  const chunk = Buffer.concat([first, second]);
  createMeitrackFramer(LIMITS).push(chunk, {
    onFrame: (buffer) => expect(buffer).toBe(chunk),
    onSkipped: () => expect.unreachable(),
  });
});

test('a line end inside a binary frame does not end it', () => {
  const binary = encodeTextFrame({ imei: '861000000000017', flag: 'C' }, 'CCC,\r\n$$A20,\r\n');
  expect(frameAll([binary]).frames).toEqual([binary.toString('latin1')]);
});

describe('resynchronisation', () => {
  test.each<[string, string, Partial<Record<DropReason, number>>]>([
    ['text between frames', 'hello\r\n', { garbage: 7 }],
    ['a lonely dollar', '$', { garbage: 1 }],
    ['dollars without end', '$$$$$', { garbage: 5 }],
    ['a header without digits', '$$A,1', { garbage: 5 }],
    ['a header with too many digits', '$$A123456,', { garbage: 10 }],
    ['a length too short for any frame', '$$A5,1234', { garbage: 9 }],
    ['a length beyond the limit', '$$A9999,123', { frameTooLong: 2, garbage: 9 }],
    ['a control character as flag', '$$\x0130,', { garbage: 6 }],
  ])('%s costs only itself', (_, garbage, skipped) => {
    const stream = Buffer.concat([first, Buffer.from(garbage, 'latin1'), second]);
    expect(frameAll([stream])).toEqual({ frames: both, skipped, mostPending: 0, pending: 0 });
    expect(frameAll(bytesOf(stream))).toMatchObject({ frames: both, skipped, pending: 0 });
  });

  test('a declared length that reaches into the next frames does not swallow them', () => {
    const liar = Buffer.from('$$A100,861000000000017,AAC,1*00\r\n', 'latin1');
    const stream = Buffer.concat([liar, first, second]);
    const expected = { frames: both, skipped: { badFraming: 2, garbage: liar.length - 2 } };
    expect(frameAll([stream])).toMatchObject(expected);
    expect(frameAll(bytesOf(stream))).toMatchObject(expected);
  });
});

describe('bounds', () => {
  test('a frame of exactly the limit passes, one byte more does not', () => {
    const frame = encodeTextFrame({ imei: '861000000000017', flag: 'A' }, `AAA,${'x'.repeat(200)}`);
    expect(frameAll([frame], { maxFrameBytes: frame.length }).frames).toHaveLength(1);
    expect(frameAll([frame], { maxFrameBytes: frame.length - 1 })).toMatchObject({
      frames: [],
      skipped: { frameTooLong: 2 },
    });
  });

  test('headers that promise the most and never keep it hold no more than one frame', () => {
    const hostile = Buffer.from('$$A1015,'.repeat(4_000), 'latin1');
    for (const pieces of [bytesOf(hostile), [hostile]]) {
      expect(frameAll(pieces).mostPending).toBeLessThanOrEqual(LIMITS.maxFrameBytes);
    }
  });

  test('a good frame after such headers is still found', () => {
    const hostile = Buffer.from('$$A1015,'.repeat(300), 'latin1');
    const patience = Buffer.alloc(LIMITS.maxFrameBytes, 'x');
    expect(frameAll(bytesOf(Buffer.concat([hostile, first, patience]))).frames).toEqual([both[0]]);
  });
});
