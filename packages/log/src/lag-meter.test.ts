import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { createFakeClock } from '@followme/testkit';
import { expect, test } from 'vitest';
import { createLagMeter, type Lag, type MeasuredLane } from './lag-meter.ts';
import type { Log } from './port.ts';

const LANE = trustedId<Lane>(1);
const at = (sequence: number): LogSequence => trustedId<LogSequence>(sequence);

/** A meter over one lane, which a test lets grow to `end`. */
function createWorld() {
  const clock = createFakeClock();
  const lane = { end: 0 };
  const bounds: Log['bounds'] = async () => ({ first: at(1), last: at(lane.end) });
  // the rest of the log is not asked for anything
  const log = { bounds } as Partial<Log> as Log;
  const meter = createLagMeter({ log, clock, stream: 'positions' });
  const owned = (committed: number, storedMs: number | null): MeasuredLane => ({
    lane: LANE,
    committedSequence: at(committed),
    committedStoredTimeMs: storedMs,
  });
  /** Looks when `ms` have passed and the log has grown to `end`; null: the lane is not ours now. */
  const after = async (
    ms: number,
    end: number,
    committed: number | null,
    storedMs: number | null = null,
  ): Promise<Lag> => {
    await clock.advance(ms);
    lane.end = end;
    return meter.measure(committed === null ? [] : [owned(committed, storedMs)]);
  };
  return { clock, after };
}

test('a lane that is taken again and again and commits nothing grows old', async () => {
  const { after } = createWorld();
  expect(await after(0, 3, 1)).toEqual({ records: 2, seconds: 0 });
  expect(await after(20_000, 3, 1)).toEqual({ records: 2, seconds: 20 });
  // between two attempts it is nobody's
  expect(await after(1_000, 3, null)).toEqual({ records: 0, seconds: 20 });
  expect(await after(19_000, 3, 1)).toEqual({ records: 2, seconds: 40 });
});

test('a lane that has come to where the log ended at a look is behind since the next look at most', async () => {
  const { after } = createWorld();
  await after(0, 3, 0);
  expect(await after(10_000, 6, 2)).toEqual({ records: 4, seconds: 10 });
  expect(await after(1_000, 6, 3)).toEqual({ records: 3, seconds: 0 });
  expect(await after(4_000, 6, 5)).toEqual({ records: 1, seconds: 4 });
  expect(await after(1_000, 6, 6)).toEqual({ records: 0, seconds: 0 });
});

test('a lane that somebody else has for longer than a moment does not count', async () => {
  const { after } = createWorld();
  await after(0, 3, 1);
  await after(30_000, 3, 1);
  expect(await after(5_000, 3, null)).toEqual({ records: 0, seconds: 0 });
  expect(await after(1_000, 3, 3)).toEqual({ records: 0, seconds: 0 });
});

test('a lane that has committed is as old as the record it has come to', async () => {
  const { clock, after } = createWorld();
  expect(await after(0, 3, 1, clock.nowMs() - 7_000)).toEqual({ records: 2, seconds: 7 });
});

test('a lane that was quiet for long is as old as what has come since, not as its last record', async () => {
  const { clock, after } = createWorld();
  const storedMs = clock.nowMs() - 3_600_000;
  await after(0, 3, 3, storedMs);
  expect(await after(800, 4, 3, storedMs)).toEqual({ records: 1, seconds: 0.8 });
});
