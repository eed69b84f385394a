import type { LogRecord, StreamName } from '@followme/log';
import {
  BATCH_HEADER_BYTES,
  encodeFencesChanged,
  positionOfRow,
  ROW,
  RowCursor,
  RowDraft,
  trustedId,
  writeBatchHeader,
  type Lane,
  type LogSequence,
} from '@followme/model';
import { createMetrics, createRandom, silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import type { LastStates } from '@followme/store';
import { followLog, type FollowDeps } from './follow.ts';
import { LiveHub } from './hub.ts';
import { GAP_LOOK_MS } from './lane-progress.ts';

/** What a reader of a lane gets next: a record, or the log failing under it. */
type Step = { readonly sequence: number; readonly payload: Uint8Array } | 'fails';

/** What the log holds of its lane; a test may change it. */
interface Bounds {
  first: number;
  last: number;
}

/** A log with one lane of positions that plays `steps`; remembers from where it was read. */
function createPlayedLog(steps: Step[], held: Bounds) {
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
    Promise.resolve({
      first: trustedId<LogSequence>(held.first),
      last: trustedId<LogSequence>(held.last),
    });
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

interface Given {
  readonly steps: Step[];
  readonly held: Bounds;
  readonly stateSequence: number;
  /** Answers of the store when it is asked for the last states again. */
  readonly reloads?: (LastStates | 'fails')[];
}

async function followGiven({ steps, held, stateSequence, reloads = [] }: Given) {
  const { readFrom, log } = createPlayedLog(steps, held);
  const metrics = createMetrics();
  const clock = createFakeClock();
  const hub = new LiveHub({ metrics });
  const source = {
    async loadLastStates() {
      const answer = reloads.shift();
      if (answer === undefined || answer === 'fails') throw new Error('the store is gone');
      return answer;
    },
  };
  const deps = { clock, random: createRandom(1), logger: silentLogger, metrics, hub, source };
  // the follower uses three methods of the log
  const follower = await followLog(
    { ...deps, log: log as unknown as FollowDeps['log'] },
    new Map([[trustedId<Lane>(0), trustedId<LogSequence>(stateSequence)]]),
  );
  await clock.advance(0);
  return { follower, hub, metrics, clock, readFrom, reloads };
}

const follow = (steps: Step[], last: number, stateSequence: number) =>
  followGiven({ steps, held: { first: 1, last }, stateSequence });

/** Last states of tracker 9, standing for the log up to `sequence`. */
function statesAt(sequence: number): LastStates {
  const position = positionOfRow(rowOf(batch(9, 5)));
  return {
    states: [position],
    stateSequences: new Map([[trustedId<Lane>(0), trustedId<LogSequence>(sequence)]]),
  };
}

function rowOf(payload: Uint8Array): RowCursor {
  const cursor = new RowCursor();
  cursor.open(payload);
  cursor.next();
  return cursor;
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

describe('records that were trimmed before they were read', () => {
  const gaps = (metrics: ReturnType<typeof createMetrics>) =>
    metrics.read('followme_live_reloads_total');

  test('before the start are made good by the last states, and the lane is caught up', async () => {
    const world = await followGiven({
      steps: [],
      held: { first: 21, last: 20 },
      stateSequence: 7,
      reloads: [statesAt(20)],
    });
    expect(world.hub.trackers).toBe(1);
    expect(world.follower.lanesBehind).toBe(0);
    expect(await gaps(world.metrics)).toBe(1);
    await world.clock.advance(3 * GAP_LOOK_MS);
    expect(await gaps(world.metrics)).toBe(1);
    await world.follower.stop();
  });

  test('while a slow reader was on its way are made good with the next look', async () => {
    const held = { first: 8, last: 40 };
    const steps: Step[] = [
      { sequence: 8, payload: batch(1, 1) },
      { sequence: 40, payload: batch(2, 1) },
    ];
    const world = await followGiven({ steps, held, stateSequence: 7, reloads: [statesAt(39)] });
    expect(world.hub.trackers).toBe(2);
    held.first = 40;
    await world.clock.advance(GAP_LOOK_MS);
    expect(world.hub.trackers).toBe(3);
    expect(await gaps(world.metrics)).toBe(1);
    await world.follower.stop();
  });

  test('are found though the reader stands still', async () => {
    const held = { first: 8, last: 8 };
    const steps: Step[] = [{ sequence: 8, payload: batch(1, 1) }];
    const world = await followGiven({ steps, held, stateSequence: 7, reloads: [statesAt(29)] });
    held.first = 30;
    held.last = 30;
    await world.clock.advance(GAP_LOOK_MS);
    expect(world.hub.trackers).toBe(2);
    await world.follower.stop();
  });

  test('are not missed when the store does not answer at that moment', async () => {
    const reloads: Given['reloads'] = ['fails', 'fails', statesAt(20)];
    const held = { first: 21, last: 20 };
    const world = await followGiven({ steps: [], held, stateSequence: 7, reloads });
    expect(world.hub.trackers).toBe(0);
    await world.clock.advance(2 * GAP_LOOK_MS);
    expect(world.hub.trackers).toBe(1);
    await world.follower.stop();
  });

  test('are not mistaken for sequences that never were', async () => {
    const steps: Step[] = [
      { sequence: 8, payload: batch(1, 1) },
      { sequence: 12, payload: batch(2, 1) },
    ];
    const world = await follow(steps, 12, 7);
    await world.clock.advance(3 * GAP_LOOK_MS);
    expect(await gaps(world.metrics)).toBe(0);
    await world.follower.stop();
  });

  test('long after they were read are no loss', async () => {
    const held = { first: 8, last: 9 };
    const steps: Step[] = [
      { sequence: 8, payload: batch(1, 1) },
      { sequence: 9, payload: batch(2, 1) },
    ];
    const world = await followGiven({ steps, held, stateSequence: 7 });
    await world.clock.advance(GAP_LOOK_MS);
    held.first = 10;
    await world.clock.advance(GAP_LOOK_MS);
    expect(await gaps(world.metrics)).toBe(0);
    await world.follower.stop();
  });
});
