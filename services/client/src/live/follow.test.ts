import type { LogRecord, StreamName } from '@followme/log';
import {
  BATCH_HEADER_BYTES,
  encodeFencesChanged,
  ROW,
  RowDraft,
  trustedId,
  writeBatchHeader,
  type Lane,
  type LogSequence,
} from '@followme/model';
import { createMetrics, createRandom, silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { followLog, type FollowDeps } from './follow.ts';
import { LiveHub } from './hub.ts';

/** What a reader of a lane gets next: a record, or the log failing under it. */
type Step = { readonly sequence: number; readonly payload: Uint8Array } | 'fails';

/** A log with one lane of positions that plays `steps`; remembers from where it was read. */
function createPlayedLog(steps: Step[], last: number) {
  const readFrom: number[] = [];
  const waitForEnd = (signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  async function* read(stream: StreamName, lane: Lane, from: LogSequence, signal: AbortSignal) {
    if (stream === 'positions') {
      readFrom.push(from);
      for (let step = steps.shift(); step !== undefined; step = steps.shift()) {
        if (step === 'fails') throw new Error('the log is gone');
        const record: LogRecord = {
          lane,
          sequence: trustedId<LogSequence>(step.sequence),
          storedTimeMs: 0,
          payload: step.payload,
        };
        yield record;
      }
    }
    await waitForEnd(signal);
  }
  const bounds = () =>
    Promise.resolve({ first: trustedId<LogSequence>(1), last: trustedId<LogSequence>(last) });
  return { readFrom, log: { lanes: () => 1, bounds, read } };
}

function batch(trackerId: number, fixTimeMs: number): Buffer {
  const draft = new RowDraft();
  draft.reset();
  draft.bytes.writeUInt32LE(1, ROW.tenantId);
  draft.bytes.writeUInt32LE(trackerId, ROW.trackerId);
  draft.setFixTimeMs(fixTimeMs);
  const bytes = Buffer.alloc(BATCH_HEADER_BYTES + draft.length);
  writeBatchHeader(bytes, 1);
  draft.bytes.copy(bytes, BATCH_HEADER_BYTES, 0, draft.length);
  return bytes;
}

async function follow(steps: Step[], last: number, stateSequence: number) {
  const { readFrom, log } = createPlayedLog(steps, last);
  const metrics = createMetrics();
  const clock = createFakeClock();
  const hub = new LiveHub({ metrics });
  const deps = { clock, random: createRandom(1), logger: silentLogger, metrics, hub };
  // the follower uses three methods of the log
  const follower = await followLog(
    { ...deps, log: log as unknown as FollowDeps['log'] },
    new Map([[trustedId<Lane>(0), trustedId<LogSequence>(stateSequence)]]),
  );
  await clock.advance(0);
  return { follower, hub, metrics, clock, readFrom };
}

describe('following the log', () => {
  test('begins behind the last states and is caught up at what was there at the start', async () => {
    const steps: Step[] = [
      { sequence: 8, payload: batch(1, 1) },
      { sequence: 9, payload: batch(2, 1) },
    ];
    const world = await follow(steps, 9, 7);
    expect(world.readFrom).toEqual([8]);
    expect(world.hub.trackers).toBe(2);
    expect(world.follower.lanesBehind).toBe(0);
    await world.follower.stop();
  });

  test('is behind while records of before the start are missing', async () => {
    const world = await follow([{ sequence: 8, payload: batch(1, 1) }], 9, 7);
    expect(world.follower.lanesBehind).toBe(1);
    await world.follower.stop();
  });

  test('goes on where it stopped when the log fails', async () => {
    const steps: Step[] = [
      { sequence: 8, payload: batch(1, 1) },
      'fails',
      'fails',
      { sequence: 9, payload: batch(2, 1) },
    ];
    const world = await follow(steps, 9, 7);
    await world.clock.advance(5_000);
    expect(world.readFrom).toEqual([8, 9, 9]);
    expect(world.hub.trackers).toBe(2);
    await world.follower.stop();
  });

  test('passes over records it cannot read, and counts them', async () => {
    const steps: Step[] = [
      { sequence: 1, payload: batch(1, 1).subarray(0, 40) },
      { sequence: 2, payload: encodeFencesChanged({ tenantId: trustedId(1), fencesVersion: 2 }) },
      { sequence: 3, payload: new Uint8Array() },
      { sequence: 4, payload: batch(2, 1) },
      { sequence: 5, payload: batch(2, 1) },
    ];
    const world = await follow(steps, 5, 0);
    const { metrics } = world;
    expect(world.hub.trackers).toBe(1);
    expect(await metrics.read('followme_live_records_dropped_total')).toBe(1);
    expect(await metrics.read('followme_live_rows_total', { outcome: 'newer' })).toBe(1);
    expect(await metrics.read('followme_live_rows_total', { outcome: 'older' })).toBe(1);
    await world.follower.stop();
  });
});
