/**
 * How fast one core reads Meitrack frames. Seeded: the same bytes in every run. Prints JSON.
 *   npx tsx --conditions=source packages/protocols/src/meitrack/decode.bench.ts
 */
import type { DecodeSink, FrameReceiver } from '../protocol.ts';
import { createMeitrackDecoder } from './decode.ts';
import { encodeAaa, encodeCcc, type MeitrackReport } from './encode.ts';
import { createMeitrackFramer } from './frame.ts';

const ROUNDS = 7;
const FRAMES = 2_000;
const RECORDS_PER_CCC = 10;
const LIMITS = { maxFrameBytes: 8_192 };

/** mulberry32 (public domain, Tommy Ettinger). */
function createSeeded(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

const below = createSeeded(20_260_101);

function createReport(index: number): MeitrackReport {
  return {
    eventCode: 35,
    fixTimeMs: 1_767_225_600_000 + index * 1_000,
    lonE6: 5_000_000 + below(300_000),
    latE6: 52_000_000 + below(200_000),
    valid: true,
    satellitesInUse: 5 + below(10),
    gsmSignal: 10 + below(20),
    speedKmh: below(120),
    headingDeg: below(360),
    hdopTenths: 6 + below(20),
    altitudeM: below(50),
    odometerM: below(1_000_000),
    runTimeS: below(1_000_000),
    cell: { mcc: 204, mnc: 8, lac: below(65_536), ci: below(65_536) },
    ports: 0,
    batteryReading: 2_300 + below(300),
    powerReading: below(3_000),
  };
}

const sender = { imei: '861234567890123', flag: 'A' };
const reports = Array.from({ length: FRAMES }, (_, index) => createReport(index));
const textFrames = reports.map((report) => encodeAaa(sender, report));
const cccFrames = Array.from({ length: FRAMES / RECORDS_PER_CCC }, (_, index) => {
  const from = index * RECORDS_PER_CCC;
  return encodeCcc(sender, reports.slice(from, from + RECORDS_PER_CCC), RECORDS_PER_CCC);
});

// what was read is summed up and printed, so that no work can be optimised away
let sink = 0;
const countingSink: DecodeSink = {
  onIdentity: (_buffer, start) => start >= 0,
  onFix(draft) {
    sink += draft.length;
  },
  onReply(reply) {
    sink += reply.length;
  },
  onDropped() {
    throw new Error('a frame of the bench was dropped');
  },
  onChecksumMismatch() {
    throw new Error('a frame of the bench has a wrong checksum');
  },
};

/**
 * Best of several rounds after two for the compiler, in CPU time of this process: the figure least disturbed
 * by neighbours.
 */
function bestSeconds(work: () => void): number {
  let best = Number.POSITIVE_INFINITY;
  for (let round = -2; round < ROUNDS; round += 1) {
    const start = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(start);
    if (round >= 0) best = Math.min(best, (user + system) / 1e6);
  }
  return best;
}

function decodeAll(frames: readonly Buffer[], times: number): void {
  const decoder = createMeitrackDecoder();
  for (let pass = 0; pass < times; pass += 1) {
    for (const frame of frames) decoder.decode(frame, 0, frame.length, countingSink);
  }
}

function frameInPieces(stream: Buffer, pieceBytes: number): void {
  const framer = createMeitrackFramer(LIMITS);
  const receiver: FrameReceiver = {
    onFrame(_buffer, start, end) {
      sink += end - start;
    },
    onSkipped(bytes) {
      throw new Error(`${bytes} bytes of the bench were skipped`);
    },
  };
  for (let at = 0; at < stream.length; at += pieceBytes) {
    framer.push(stream.subarray(at, at + pieceBytes), receiver);
  }
}

const PASSES = 50;
const stream = Buffer.concat(textFrames);
const longFrames = Buffer.concat(
  Array.from({ length: 40 }, () => encodeCcc(sender, reports.slice(0, 150), 150)),
);
const textSeconds = bestSeconds(() => decodeAll(textFrames, PASSES));
const cccSeconds = bestSeconds(() => decodeAll(cccFrames, PASSES));
const wholeSeconds = bestSeconds(() => frameInPieces(stream, 65_536));
const byteSeconds = bestSeconds(() => frameInPieces(stream, 1));
const longByteSeconds = bestSeconds(() => frameInPieces(longFrames, 1));
const shortNs = (byteSeconds / stream.length) * 1e9;
const longNs = (longByteSeconds / longFrames.length) * 1e9;

const positions = FRAMES * PASSES;
console.log(
  JSON.stringify(
    [
      {
        name: 'meitrack.text.decode',
        value: Math.round(positions / textSeconds),
        unit: 'positions/s',
        bar: 600_000,
        better: 'higher',
      },
      {
        name: 'meitrack.ccc.decode',
        value: Math.round(positions / cccSeconds),
        unit: 'positions/s',
        bar: 600_000,
        better: 'higher',
      },
      {
        name: 'meitrack.frame.whole',
        value: Math.round(FRAMES / wholeSeconds),
        unit: 'frames/s',
        bar: 2_000_000,
        better: 'higher',
      },
      {
        name: 'meitrack.frame.byteByByte',
        value: Number(shortNs.toFixed(1)),
        unit: 'ns/byte',
        bar: 1_000,
        better: 'lower',
      },
      // about 1 when the work is linear: frames fifty times longer cost the same per byte
      {
        name: 'meitrack.frame.byteByByte.longToShort',
        value: Number((longNs / shortNs).toFixed(2)),
        unit: 'ratio',
        bar: 2,
        better: 'lower',
      },
    ],
    null,
    1,
  ),
);
if (sink === 0) throw new Error('nothing was read');
