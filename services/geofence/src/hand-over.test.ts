/** Lanes that change hands while events wait to leave. */
import { encodeFencesChanged, type FenceEvent } from '@followme/model';
import { createMetrics, systemClock } from '@followme/platform';
import {
  createMemoryGeofenceState,
  createMemoryLanes,
  type GeofenceStatePort,
  type LaneLeases,
} from '@followme/store';
import { waitUntil } from '@followme/testkit';
import * as fc from 'fast-check';
import { afterEach, expect, test } from 'vitest';
import type { GeofenceService } from './pipeline.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
import {
  allLanes,
  appendFixes,
  createTestService,
  fencesByVersion,
  laneOfTracker,
  LANES,
  publishedEvents,
  squareFence,
  tenantId,
  type ServiceSetup,
} from './testing/world.ts';

const LEASE_MS = 60_000;

const running: GeofenceService[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
});

interface World extends ServiceSetup {
  readonly log: MemoryLog;
  /** All leases run out. */
  leasesRunOut(): void;
}

async function createWorld(): Promise<World> {
  let nowMs = 0;
  const lanes = createMemoryLanes({
    clock: { monotonicMs: () => nowMs },
    ownership: { kind: 'leased', leaseMs: LEASE_MS },
  });
  const log = createMemoryLog(LANES);
  const change = encodeFencesChanged({ tenantId: tenantId(1), fencesVersion: 1 });
  for (const lane of allLanes) await log.append('positions', lane, change);
  return {
    log,
    state: createMemoryGeofenceState({ lanes }),
    leases: lanes.leases('geofence'),
    fences: fencesByVersion({ 1: [squareFence(1, 0)] }),
    leasesRunOut: () => void (nowMs += LEASE_MS + 1),
  };
}

async function begin(setup: ServiceSetup): Promise<GeofenceService> {
  const service = createTestService({ metrics: createMetrics(), ...setup });
  running.push(service);
  await service.start();
  return service;
}

/** The tracker goes in and out so often, one crossing with every fix. */
async function cross(log: MemoryLog, tracker: number, from: number, to: number): Promise<void> {
  for (let n = from; n <= to; n += 1) {
    await appendFixes(log, { tracker, timeMs: n, lon: n % 2 === 1 ? 0.5 : 5.5, lat: 0.5 });
  }
}

/** A log whose appends of events wait for `open`; `calls` are the events it was asked to append. */
function gated(log: MemoryLog) {
  const calls: FenceEvent[] = [];
  let open = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const append: MemoryLog['append'] = async (stream, lane, payload, options) => {
    if (stream === 'events') {
      calls.push(JSON.parse(Buffer.from(payload).toString()));
      await opened;
    }
    return log.append(stream, lane, payload, options);
  };
  return { log: { ...log, append }, calls, open: () => open() };
}

/** Ports of a process that cannot reach leases and commits from `cut` on, and does not know that they are gone. */
function cuttable({ leases, state }: Pick<ServiceSetup, 'leases' | 'state'>) {
  let isCut = false;
  const call = <T>(work: () => Promise<T>): Promise<T> =>
    isCut ? Promise.reject(new Error('no way to the database')) : work();
  return {
    cut: () => void (isCut = true),
    state: {
      ...state,
      commit: (...asked) => call(() => state.commit(...asked)),
    } satisfies GeofenceStatePort,
    leases: {
      ...leases,
      look: (...asked) => call(() => leases.look(...asked)),
      acquire: (...asked) => call(() => leases.acquire(...asked)),
      release: (...asked) => call(() => leases.release(...asked)),
      leave: (...asked) => call(() => leases.leave(...asked)),
    } satisfies LaneLeases,
  };
}

const numbersOf = async (log: MemoryLog, tracker: number): Promise<readonly number[]> =>
  (await publishedEvents(log)).filter((e) => e.trackerId === tracker).map((e) => e.eventSeq);
const upTo = (count: number): readonly number[] => Array.from({ length: count }, (_, n) => n + 1);
const untilSent = (world: World, tracker: number, count: number): Promise<unknown> =>
  waitUntil(async () => (await numbersOf(world.log, tracker)).length >= count, 5_000, 'events');
const untilCommitted = (world: World, count: number): Promise<unknown> =>
  waitUntil(
    async () => (await world.state.unsent(allLanes, 100)).length >= count,
    5_000,
    'committed events',
  );

test('GF31 a former owner that does not know sends what it has, and each event stays where it came first', async () => {
  const world = await createWorld();
  const slow = gated(world.log);
  const old = cuttable(world);
  await begin({ ...world, log: slow.log, leases: old.leases, state: old.state, owner: 'old' });
  await cross(world.log, 1, 1, 4);
  await untilCommitted(world, 4);
  await waitUntil(() => slow.calls.length === 1, 5_000, 'an event under way');
  old.cut();
  world.leasesRunOut();
  await cross(world.log, 1, 5, 6);
  await begin({ ...world, owner: 'new' });
  await untilSent(world, 1, 6);
  slow.open();
  await waitUntil(() => slow.calls.length >= 4, 5_000, 'all of what the former owner had');
  expect(slow.calls.map((e) => e.eventSeq)).toEqual([1, 2, 3, 4]);
  expect(await numbersOf(world.log, 1)).toEqual(upTo(6));
});

test('GF31 a former owner that knows sends nothing more', async () => {
  const world = await createWorld();
  const slow = gated(world.log);
  const metrics = createMetrics();
  await begin({ ...world, log: slow.log, owner: 'old', metrics });
  await cross(world.log, 1, 1, 4);
  await untilCommitted(world, 4);
  await waitUntil(() => slow.calls.length === 1, 5_000, 'an event under way');
  world.leasesRunOut();
  await world.leases.acquire('somebody else', allLanes, LANES);
  await waitUntil(
    async () =>
      (await metrics.read('followme_lanes_lost_total', { reason: 'leaseLost' })) === LANES,
    5_000,
    'the loss',
  );
  slow.open();
  await untilSent(world, 1, 1);
  // the mark of what was under way comes behind everything else it would send
  await waitUntil(
    async () => (await world.state.unsent(allLanes, 100)).length === 3,
    5_000,
    'the mark',
  );
  expect(slow.calls).toHaveLength(1);
  expect(await numbersOf(world.log, 1)).toEqual([1]);
});

test('GF31 a lane is given back when its events have left', async () => {
  const world = await createWorld();
  const slow = gated(world.log);
  let left = -1;
  const leases: LaneLeases = {
    ...world.leases,
    async release(owner, lanes) {
      left = (await world.state.unsent(allLanes, 100)).length;
      await world.leases.release(owner, lanes);
    },
  };
  const service = createTestService({ ...world, log: slow.log, leases });
  await service.start();
  await cross(world.log, 1, 1, 4);
  await untilCommitted(world, 4);
  const stopped = service.stop();
  await waitUntil(() => slow.calls.length === 1, 5_000, 'an event under way');
  expect(left).toBe(-1);
  slow.open();
  await stopped;
  expect(left).toBe(0);
  expect(await numbersOf(world.log, 1)).toEqual(upTo(4));
});

test('GF31 events that do not leave in time are left to the next owner, and none of them is sent behind its back', async () => {
  const world = await createWorld();
  const slow = gated(world.log);
  const settings = { drainWithinMs: 20 };
  const old = createTestService({ ...world, log: slow.log, owner: 'old', settings });
  await old.start();
  await cross(world.log, 1, 1, 4);
  await untilCommitted(world, 4);
  const stopped = old.stop();
  await begin({ ...world, owner: 'new' });
  await cross(world.log, 1, 5, 5);
  await untilSent(world, 1, 5);
  slow.open();
  await stopped;
  expect(slow.calls).toHaveLength(1);
  expect(await numbersOf(world.log, 1)).toEqual(upTo(5));
});

test('GF31 whatever the pace of two owners, each event stands once and those of a tracker in order', async () => {
  const pauses = fc.array(fc.integer({ min: 0, max: 4 }), { minLength: 3, maxLength: 7 });
  const paced = (log: MemoryLog, pausesMs: readonly number[]): MemoryLog => {
    let calls = 0;
    const append: MemoryLog['append'] = async (stream, lane, payload, options) => {
      const pauseMs = pausesMs[(calls += 1) % pausesMs.length] ?? 0;
      if (stream === 'events' && pauseMs > 0) await systemClock.sleep(pauseMs);
      return log.append(stream, lane, payload, options);
    };
    return { ...log, append };
  };
  await fc.assert(
    fc.asyncProperty(
      pauses,
      pauses,
      fc.integer({ min: 0, max: 30 }),
      async (first, second, afterMs) => {
        const world = await createWorld();
        const old = cuttable(world);
        const log = paced(world.log, first);
        await begin({ ...world, log, leases: old.leases, state: old.state, owner: 'old' });
        await cross(world.log, 1, 1, 8);
        await cross(world.log, 2, 1, 8);
        await systemClock.sleep(afterMs);
        old.cut();
        world.leasesRunOut();
        await begin({ ...world, log: paced(world.log, second), owner: 'new' });
        await cross(world.log, 1, 9, 12);
        await untilSent(world, 1, 12);
        await untilSent(world, 2, 8);
        for (const service of running.splice(0)) await service.stop();
        expect(laneOfTracker(1)).not.toBe(laneOfTracker(2));
        expect(await numbersOf(world.log, 1)).toEqual(upTo(12));
        expect(await numbersOf(world.log, 2)).toEqual(upTo(8));
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
