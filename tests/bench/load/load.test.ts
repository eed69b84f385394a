import { encodeAaa, type MeitrackReport } from '@followme/protocols';
import { describe, expect, test } from 'vitest';
import { dueMs, fixTimeOf, Latencies, type Phase } from './phase.ts';
import { tableOf } from '../system/number.ts';
import { indexOfName } from './seed.ts';
import { frameTime, TextFrame } from './text-frame.ts';

const NOON = Date.UTC(2026, 10, 22, 12, 0, 0);
const SENDER = { imei: '860000000000007', flag: 'A' };
const REPORT: MeitrackReport = {
  eventCode: 35,
  fixTimeMs: NOON,
  lonE6: 5_123_456,
  latE6: 51_000_001,
  valid: true,
  satellitesInUse: 9,
  gsmSignal: 20,
  speedKmh: 50,
  headingDeg: 60,
  hdopTenths: 8,
  altitudeM: 3,
  odometerM: 1,
  runTimeS: 60,
  cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
  ports: 0,
  batteryReading: 700,
  powerReading: 1_000,
};

describe('a frame changed in place', () => {
  test.each([
    [5_123_456, 51_000_001],
    [4_000_000, 53_999_999],
    [9_999_999, 50_000_000],
    [10_000_000, 50_000_000],
    [123_456, 51_000_000],
  ])('is the frame a device would make at %d, %d', (lonE6, latE6) => {
    const frame = new TextFrame(SENDER, REPORT);
    for (const step of [0, 1, 2]) {
      const next = { lonE6: lonE6 + step, latE6: latE6 - step, fixTimeMs: NOON + step * 61_000 };
      frame.set(next.lonE6, next.latE6, next.fixTimeMs, frameTime(next.fixTimeMs));
      expect(frame.bytes.toString()).toBe(encodeAaa(SENDER, { ...REPORT, ...next }).toString());
    }
  });
});

test('tracker and fix time tell when a fix was due', () => {
  const phase: Phase = {
    rate: 500,
    trackers: 100,
    frames: 'text',
    startMs: 1_000,
    firstFixTimeMs: NOON,
  };
  for (const i of [0, 99, 100, 12_345]) {
    expect(dueMs(phase, i % 100, fixTimeOf(phase, i))).toBe(1_000 + i * 2);
  }
  expect(dueMs(phase, 5, NOON - 1_000)).toBeNull();
});

test('delays are told by rank', () => {
  const delays = new Latencies();
  for (let ms = 100; ms >= 1; ms -= 1) delays.add(ms);
  expect(delays.summary()).toEqual({ count: 100, p50Ms: 51, p99Ms: 100, maxMs: 100 });
});

test('a name tells which tracker it is', () => {
  expect(indexOfName('Tracker 4711')).toBe(4_711);
});

test('the table of a run marks the bars it misses', () => {
  const cost = { name: 'cost', unit: 'µs', bar: 60, better: 'lower' } as const;
  const rate = { name: 'rate', unit: '/s', bar: 25_000, better: 'higher' } as const;
  const rows = tableOf([
    { ...cost, value: 61 },
    { ...rate, value: 25_000 },
    { ...cost, bar: null, value: 99 },
  ]).split('\n');
  expect(rows.slice(2)).toEqual([
    '| cost | **61** | 60 | µs |',
    '| rate | 25000 | 25000 | /s |',
    '| cost | 99 |  | µs |',
  ]);
});
