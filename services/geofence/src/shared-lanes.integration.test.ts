/** Processes that share the lanes of one log, with leases and state in one real database. */
import { encodeFencesChanged } from '@followme/model';
import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import {
  createSqlGeofenceState,
  createSqlLaneLeases,
  openStore,
  type Store,
} from '@followme/store';
import { startTestPostgres, waitUntil, type TestPostgres } from '@followme/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { GeofenceService } from './pipeline.ts';
import { createMemoryLog, type MemoryLog } from './testing/memory-log.ts';
import {
  allLanes,
  appendFixes,
  createTestService,
  fencesByVersion,
  LANES,
  publishedEvents,
  squareFence,
  tenantId,
} from './testing/world.ts';

const TRACKERS = [1, 2, 3, 4, 5, 6, 7, 8];
const LEASE_MS = 1_500;

let postgres: TestPostgres;
let store: Store;
const running: Process[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  store = await openStore({
    url: postgres.url,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
});
afterEach(async () => {
  for (const process of running.splice(0)) await process.service.stop();
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});

interface Process {
  readonly service: GeofenceService;
  owned(): Promise<number>;
  losses(why: string): Promise<number>;
  /** It cannot reach the database any more. */
  isCutOff: boolean;
}

async function start(log: MemoryLog, owner: string): Promise<Process> {
  const metrics = createMetrics();
  const cut: Store = {
    ...store,
    asSystem: (work) =>
      process.isCutOff ? Promise.reject(new Error('no way to the database')) : store.asSystem(work),
  };
  const ownership = { kind: 'leased', leaseMs: LEASE_MS } as const;
  const service = createTestService({
    log,
    state: createSqlGeofenceState({ store: cut }),
    leases: createSqlLaneLeases({ store: cut, consumer: 'geofence', ownership }),
    fences: fencesByVersion({ 1: [squareFence(1, 0)] }),
    metrics,
    owner,
    settings: { renewEveryMs: 200, commitEveryMs: 5 },
  });
  const process: Process = {
    service,
    owned: () => metrics.read('followme_lanes_owned'),
    losses: (reason) => metrics.read('followme_lanes_lost_total', { reason }),
    isCutOff: false,
  };
  running.push(process);
  await service.start();
  return process;
}

test('GF21 two operators share the lanes; one that stops hands over, one that vanishes is missed, and no event is lost or doubled', async () => {
  const log = createMemoryLog(LANES);
  const change = encodeFencesChanged({ tenantId: tenantId(1), fencesVersion: 1 });
  for (const lane of allLanes) await log.append('positions', lane, change);
  let fixes = 0;
  const move = async (rounds: number): Promise<void> => {
    for (let round = 0; round < rounds; round += 1) {
      fixes += 1;
      const lon = fixes % 2 === 1 ? 0.5 : 5.5;
      for (const tracker of TRACKERS) {
        await appendFixes(log, { tracker, timeMs: fixes, lon, lat: 0.5 });
      }
    }
  };
  const untilJudged = (): Promise<unknown> =>
    waitUntil(
      async () => (await publishedEvents(log)).length >= fixes * TRACKERS.length,
      15_000,
      'all events',
    );
  const untilShares = (...wanted: readonly (readonly [Process, number])[]): Promise<unknown> =>
    waitUntil(
      async () =>
        (await Promise.all(wanted.map(([process]) => process.owned()))).every(
          (owned, place) => owned === wanted[place]?.[1],
        ),
      15_000,
      'the shares',
    );

  const one = await start(log, 'one');
  expect(await one.owned()).toBe(LANES);
  await move(5);
  const two = await start(log, 'two');
  await move(5);
  await untilShares([one, LANES / 2], [two, LANES / 2]);
  await move(5);
  await untilJudged();
  expect([await one.losses('fenced'), await two.losses('fenced')]).toEqual([0, 0]);

  running.shift();
  await Promise.all([one.service.stop(), move(5)]);
  await untilShares([two, LANES]);
  await untilJudged();

  const three = await start(log, 'three');
  await untilShares([two, LANES / 2], [three, LANES / 2]);
  two.isCutOff = true;
  await move(5);
  await untilShares([three, LANES], [two, 0]);
  await untilJudged();
  expect(await two.losses('leaseExpired')).toBe(LANES / 2);

  const events = await publishedEvents(log);
  expect(events).toHaveLength(fixes * TRACKERS.length);
  for (const tracker of TRACKERS) {
    const numbers = events.filter((e) => e.trackerId === tracker).map((e) => e.eventSeq);
    expect(numbers).toEqual(numbers.map((_, place) => place + 1));
  }
});
