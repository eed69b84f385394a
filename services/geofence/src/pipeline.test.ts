import {
  encodeFencesChanged,
  trustedId,
  type Fence,
  type GroupId,
  type LogSequence,
  type TrackerId,
} from '@followme/model';
import { createMetrics, systemClock, type Metrics } from '@followme/platform';
import {
  createMemoryGeofenceState,
  createMemoryLanes,
  type FenceSource,
  type GeofenceStatePort,
  type Ownership,
} from '@followme/store';
import { createFakeClock, waitUntil } from '@followme/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import type { GeofenceService } from './pipeline.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
import { createMortalPorts } from './testing/mortal.ts';
import {
  allLanes,
  appendFixes,
  createTestService,
  fencesByVersion,
  laneOfTracker,
  LANES,
  publishedEvents,
  shortEvent,
  squareFence,
  tenantId,
  type ServiceSetup,
} from './testing/world.ts';

const running: GeofenceService[] = [];
afterEach(async () => {
  for (const service of running.splice(0)) await service.stop();
});

interface World extends ServiceSetup {
  readonly log: MemoryLog;
  readonly metrics: Metrics;
}

const LEASED: Ownership = { kind: 'leased', leaseMs: 60_000 };

function createWorld(
  fences: Readonly<Record<number, readonly Fence[]>> = {},
  ownership: Ownership = { kind: 'single' },
): World {
  const lanes = createMemoryLanes({ clock: systemClock, ownership });
  return {
    log: createMemoryLog(LANES),
    state: createMemoryGeofenceState({ lanes }),
    leases: lanes.leases('geofence'),
    fences: fencesByVersion(fences),
    metrics: createMetrics(),
  };
}

async function begin(setup: ServiceSetup): Promise<GeofenceService> {
  const service = createTestService(setup);
  running.push(service);
  await service.start();
  return service;
}

async function changeFences(world: World, version: number, tenant = 1): Promise<void> {
  const payload = encodeFencesChanged({ tenantId: tenantId(tenant), fencesVersion: version });
  for (const lane of allLanes) await world.log.append('positions', lane, payload);
}

const atEnd = (service: GeofenceService): Promise<unknown> =>
  waitUntil(async () => (await service.lag()).records === 0, 5_000, 'the end of the log');
const eventsOf = async (world: World, count: number): Promise<string[]> =>
  (
    await waitUntil(
      async () => {
        const events = await publishedEvents(world.log);
        return events.length >= count ? events : null;
      },
      5_000,
      `${count} events`,
    )
  ).map(shortEvent);
const sequence = (n: number): LogSequence => trustedId<LogSequence>(n);

const inside = { lon: 0.5, lat: 0.5 };
const outside = { lon: 5.5, lat: 0.5 };

describe('fixes', () => {
  test('GF11 a fix into a fence and one out of it leave as two events with the state they belong to', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...outside });
    await appendFixes(
      world.log,
      { tracker: 1, timeMs: 20, ...inside },
      { tracker: 1, timeMs: 30, ...outside },
    );
    await begin(world);
    expect(await eventsOf(world, 2)).toEqual(['1 enter 1@20', '1 exit 1@30']);
    expect((await world.state.load(laneOfTracker(1))).states).toEqual([
      {
        tenantId: 1,
        trackerId: 1,
        eventSeq: 2,
        lastFixTimeMs: 30,
        lonE7: 55_000_000,
        latE7: 5_000_000,
        inside: [],
      },
    ]);
  });

  test('GF14 invalid fixes, fixes at 0°/0° and those of another tenant change nothing and are counted', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await changeFences(world, 1);
    await appendFixes(
      world.log,
      { tracker: 1, timeMs: 10, ...inside },
      { tracker: 1, timeMs: 20, ...outside, valid: false },
      { tracker: 1, timeMs: 30, lon: 0, lat: 0 },
      { tracker: 1, timeMs: 40, ...outside, tenant: 2 },
      { tracker: 1, timeMs: 5, ...outside },
    );
    await atEnd(await begin(world));
    expect(await eventsOf(world, 1)).toEqual(['1 enter 1@10 initial']);
    const ignored = (reason: string) =>
      world.metrics.read('followme_geofence_fixes_ignored_total', { reason });
    expect([
      await ignored('invalid'),
      await ignored('noPlace'),
      await ignored('otherTenant'),
    ]).toEqual([1, 1, 1]);
    expect(await world.metrics.read('followme_geofence_late_fixes_total')).toBe(1);
    expect(await world.metrics.read('followme_geofence_events_total', { kind: 'enter' })).toBe(1);
  });

  test('GF15 a fix from the future does not make the fixes after it late', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 9e12, receivedTimeMs: 1_000, ...inside });
    await appendFixes(world.log, { tracker: 1, timeMs: 2_000, ...outside });
    await begin(world);
    expect(await eventsOf(world, 2)).toEqual(['1 enter 1@1000 initial', '1 exit 1@2000']);
  });
});

describe('fences that change', () => {
  test('GF16 behind its control record the new version holds, and trackers that stand still are judged again', async () => {
    const world = createWorld({
      1: [squareFence(1, 0)],
      2: [squareFence(1, 5, 2), squareFence(2, 0, 2)],
    });
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    await changeFences(world, 1);
    await changeFences(world, 2);
    await changeFences(world, 1);
    await begin(world);
    expect(await eventsOf(world, 3)).toEqual([
      '1 enter 1@10 fenceCreated',
      '1 exit 1@10 fenceUpdated',
      '1 enter 2@10 fenceCreated',
    ]);
    expect(await world.metrics.read('followme_geofence_stale_announcements_total')).toBe(LANES);
  });

  test('GF16 the fences of one tenant say nothing to the trackers of another', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await appendFixes(world.log, { tracker: 1, timeMs: 10, tenant: 2, ...inside });
    await changeFences(world, 1, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 20, tenant: 2, ...inside });
    await atEnd(await begin(world));
    expect(await publishedEvents(world.log)).toEqual([]);
  });
});

describe('owning lanes', () => {
  test('GF21 a lane whose commit is fenced is thrown away, taken again and read from where the store stands', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    const service = await begin(world);
    await eventsOf(world, 1);
    await world.leases.acquire('a second process', allLanes, LANES);
    await appendFixes(world.log, { tracker: 1, timeMs: 20, ...outside });
    expect(await eventsOf(world, 2)).toEqual(['1 enter 1@10 initial', '1 exit 1@20']);
    await atEnd(service);
    const lost = await world.metrics.read('followme_geofence_lanes_lost_total');
    expect(lost).toBeGreaterThan(0);
  });

  test('GF21 of two processes each takes what is free; what one gives back the other goes on with', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] }, LEASED);
    await changeFences(world, 1);
    const first = await begin({ ...world, owner: 'first' });
    const second = await begin({ ...world, metrics: createMetrics(), owner: 'second' });
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    await atEnd(first);
    running.shift();
    await first.stop();
    await appendFixes(world.log, { tracker: 1, timeMs: 20, ...outside });
    expect(await eventsOf(world, 2)).toEqual(['1 enter 1@10 initial', '1 exit 1@20']);
    await atEnd(second);
  });

  test('GF22 events an owner before us committed and did not send leave before new ones', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    const ports = createMortalPorts(world, { afterCalls: 2, takesEffect: false });
    const dying = createTestService({
      ...world,
      ...ports,
      settings: { drainWithinMs: 1, commitEveryMs: 30 },
    });
    await dying.start();
    await waitUntil(() => ports.isDead(), 5_000, 'the death of the first process');
    await dying.stop();
    expect(await publishedEvents(world.log)).toEqual([]);
    await appendFixes(world.log, { tracker: 1, timeMs: 20, ...outside });
    await begin(world);
    expect(await eventsOf(world, 2)).toEqual(['1 enter 1@10 initial', '1 exit 1@20']);
    await waitUntil(async () => (await world.state.unsent(allLanes, 1)).length === 0, 5_000);
  });

  test('GF20 an event that leaves late holds up the later ones of its tracker', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    let failures = 2;
    const log: MemoryLog = {
      ...world.log,
      append: async (stream, lane, payload, options) => {
        if (stream === 'events' && failures > 0) {
          failures -= 1;
          throw new Error('the log is away');
        }
        return world.log.append(stream, lane, payload, options);
      },
    };
    await changeFences(world, 1);
    await appendFixes(
      world.log,
      { tracker: 1, timeMs: 10, ...inside },
      { tracker: 1, timeMs: 20, ...outside },
      { tracker: 1, timeMs: 30, ...inside },
    );
    await begin({ ...world, log });
    expect(await eventsOf(world, 3)).toEqual([
      '1 enter 1@10 initial',
      '1 exit 1@20',
      '1 enter 1@30',
    ]);
  });

  test('GF20 a commit names each tracker once, as it is at the end of the stretch', async () => {
    const world = createWorld();
    const committed: [number, number][] = [];
    const state: GeofenceStatePort = {
      ...world.state,
      commit: async (commits) => {
        for (const { states } of commits) {
          for (const { trackerId, lastFixTimeMs } of states)
            committed.push([trackerId, lastFixTimeMs]);
        }
        return world.state.commit(commits);
      },
    };
    const fixes = [10, 20, 30].map((timeMs) => ({ tracker: 1, timeMs, ...inside }));
    await appendFixes(world.log, ...fixes);
    await atEnd(await begin({ ...world, state }));
    expect(committed).toEqual([[1, 30]]);
  });

  test('GF20 stopping commits what was judged, sends it and gives the lanes back', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] }, LEASED);
    await changeFences(world, 1);
    const last = await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    const service = createTestService({ ...world, settings: { commitEveryMs: 60_000 } });
    await service.start();
    await waitUntil(
      async () => (await world.metrics.read('followme_geofence_fixes_total')) === 1,
      5_000,
    );
    await service.stop();
    expect((await publishedEvents(world.log)).map(shortEvent)).toEqual(['1 enter 1@10 initial']);
    const [lane] = await world.leases.acquire('the next', [laneOfTracker(1)], 1);
    expect(lane?.committedSequence).toBe(last);
  });

  test('GF20 a stop between a commit that failed and its second try loses no event of the stretch', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    const clock = createFakeClock();
    let tries = 0;
    const state: GeofenceStatePort = {
      ...world.state,
      commit: async (commits) => {
        tries += 1;
        if (tries === 1) throw new Error('the database restarts');
        return world.state.commit(commits);
      },
    };
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    const service = createTestService({ ...world, state, clock });
    await service.start();
    await clock.advance(1); // the first try; time stands still before the second
    expect(tries).toBe(1);
    await appendFixes(world.log, { tracker: 1, timeMs: 20, ...outside });
    const other = [2, 3, 4, 5].find((id) => laneOfTracker(id) !== laneOfTracker(1)) ?? 2;
    await appendFixes(world.log, { tracker: other, timeMs: 10, ...inside });
    await waitUntil(
      async () => (await world.metrics.read('followme_geofence_fixes_total')) === 3,
      5_000,
      'all fixes judged',
    );
    await service.stop();
    expect((await world.state.load(laneOfTracker(1))).committedSequence).toBe(sequence(0));
    await begin(world);
    const quiet = ['1 enter 1@10 initial', '1 exit 1@20', `${other} enter 1@10 initial`];
    expect((await eventsOf(world, 3)).toSorted()).toEqual(quiet.toSorted());
  });
});

describe('fences for groups', () => {
  const yard = trustedId<GroupId>(7);
  const forYard: Fence = { ...squareFence(1, 0), groupIds: [yard] };

  /** One fence for a group whose trackers differ from version to version. */
  function groupWorld(trackersAt: Readonly<Record<number, readonly number[]>>): World {
    const fencesAt: FenceSource['fencesAt'] = async (_, version) => ({
      fences: [forYard],
      groupTrackers: new Map([
        [yard, new Set(trackersAt[version]?.map((id) => trustedId<TrackerId>(id)))],
      ]),
    });
    return { ...createWorld(), fences: { fencesAt } };
  }

  test('GF25 a fix of a tracker of the group crosses its fence, one of another tracker does not', async () => {
    const world = groupWorld({ 1: [1] });
    await changeFences(world, 1);
    for (const tracker of [1, 2]) {
      await appendFixes(world.log, { tracker, timeMs: 10, ...outside });
      await appendFixes(world.log, { tracker, timeMs: 20, ...inside });
    }
    await atEnd(await begin(world));
    expect(await eventsOf(world, 1)).toEqual(['1 enter 1@20']);
  });

  test('GF27 who comes into the group enters where it stands, and who leaves it exits', async () => {
    const world = groupWorld({ 1: [1], 2: [2], 3: [] });
    await changeFences(world, 1);
    for (const tracker of [1, 2]) await appendFixes(world.log, { tracker, timeMs: 10, ...inside });
    await changeFences(world, 2);
    await changeFences(world, 3);
    await atEnd(await begin(world));
    const events = await eventsOf(world, 4);
    expect(events.toSorted()).toEqual([
      '1 enter 1@10 initial',
      '1 exit 1@10 fenceUpdated',
      '2 enter 1@10 fenceUpdated',
      '2 exit 1@10 fenceUpdated',
    ]);
  });
});

describe('what fails', () => {
  test('GF23 a record that fails three times is counted and passed over; records of a newer kind too', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    await changeFences(world, 1);
    const lane = laneOfTracker(1);
    await world.log.append('positions', lane, Buffer.from([1, 1, 0, 0, 9, 0, 0, 0]));
    await world.log.append('positions', lane, Buffer.from([1, 2, 0x7b]));
    await world.log.append('positions', lane, Buffer.from([1, 99]));
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    await begin(world);
    expect(await eventsOf(world, 1)).toEqual(['1 enter 1@10 initial']);
    expect(await world.metrics.read('followme_geofence_poison_records_total')).toBe(2);
    expect(await world.metrics.read('followme_geofence_unknown_records_total')).toBe(1);
  });

  test('GF23 a record whose fences cannot be read for now waits and is not passed over', async () => {
    const world = createWorld();
    let failures = 0;
    const fences = {
      fencesAt: async () => {
        failures += 1;
        if (failures <= 6) throw new Error('the database restarts');
        return { fences: [squareFence(1, 0)], groupTrackers: new Map() };
      },
    };
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    await begin({ ...world, fences });
    expect(await eventsOf(world, 1)).toEqual(['1 enter 1@10 initial']);
    expect(await world.metrics.read('followme_geofence_poison_records_total')).toBe(0);
  });

  test('GF24 reading stops while too much is not committed, and goes on after', async () => {
    const world = createWorld();
    let open = false;
    const state: GeofenceStatePort = {
      ...world.state,
      commit: async (commits) => {
        if (!open) throw new Error('the database is away');
        return world.state.commit(commits);
      },
    };
    for (let n = 1; n <= 50; n += 1)
      await appendFixes(world.log, { tracker: 1, timeMs: n, ...inside });
    const settings = { maxUncommittedRecords: 7, commitRecords: 3, answerWithinMs: 50 };
    const service = await begin({ ...world, state, settings });
    const judged = () => world.metrics.read('followme_geofence_fixes_total');
    await waitUntil(
      async () => (await world.metrics.read('followme_geofence_commit_failures_total')) > 3,
      5_000,
    );
    expect(await judged()).toBe(7);
    expect((await service.lag()).records).toBe(50);
    open = true;
    await atEnd(service);
    expect(await judged()).toBe(50);
  });

  test('GF24 a lane whose commit the store refuses does not stop the others', async () => {
    const world = createWorld({ 1: [squareFence(1, 0)] });
    const refused = laneOfTracker(1);
    const other = [2, 3, 4, 5].find((id) => laneOfTracker(id) !== refused) ?? 2;
    const state: GeofenceStatePort = {
      ...world.state,
      commit: async (commits) => {
        if (commits.some(({ lane }) => lane === refused)) throw new Error('a value out of range');
        return world.state.commit(commits);
      },
    };
    await changeFences(world, 1);
    await appendFixes(world.log, { tracker: 1, timeMs: 10, ...inside });
    await appendFixes(world.log, { tracker: other, timeMs: 10, ...inside });
    await begin({ ...world, state, isRetryable: () => false });
    expect(await eventsOf(world, 1)).toEqual([`${other} enter 1@10 initial`]);
    await waitUntil(
      () => world.metrics.read('followme_geofence_lanes_lost_total', { reason: 'commitRefused' }),
      5_000,
    );
    expect((await world.state.load(refused)).committedSequence).toBe(sequence(0));
  });

  test('GF24 a log that ends before the committed place raises an alarm', async () => {
    const world = createWorld();
    const [lane] = await world.leases.acquire('before', [laneOfTracker(1)], 1);
    if (lane === undefined) throw new Error('no lane');
    await world.state.commit([
      {
        lane: lane.lane,
        epoch: lane.epoch,
        fromSequence: sequence(0),
        toSequence: sequence(99),
        states: [],
        changed: new Set(),
        fencesVersions: [],
        events: [],
      },
    ]);
    await begin(world);
    expect(await world.metrics.read('followme_geofence_log_regressions_total')).toBe(1);
  });
});
