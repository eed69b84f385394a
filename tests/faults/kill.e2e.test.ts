/**
 * The kill test. A fleet sends `CCC` at 1,000 positions a second and writes down what was acknowledged; the
 * system and its database are killed with SIGKILL at random moments, ten times. Then every acknowledged
 * position is in the database exactly once, and the events are those of an undisturbed run.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom, silentLogger, systemClock } from '@followme/platform';
import { findEmbeddedServer, startEmbeddedServer, type EmbeddedAddress } from '@followme/store';
import { Client } from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { logIn } from '../support/api.ts';
import { CENTRE, imeiOf, startCccFleet, type CccFleet } from '../support/ccc-fleet.ts';
import { startSystem, type RunningSystem } from '../support/system.ts';

const DEVICES = 40;
const RECORDS_PER_DEVICE = 1_000;
const PER_SECOND = 1_000;
const KILLS = 10;
const SEED = process.env['KILL_SEED'] ?? '2779';
/** The same journey in both runs: it began an hour ago, at a whole minute. */
const START_TIME_MS = Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000;
const RUN_LIMIT_MS = 400_000;

const folders: string[] = [];
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
});

async function newFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'followme-kill-'));
  folders.push(folder);
  return folder;
}

/** Trackers and places, made through the API as a user would, and announced in every lane. */
async function setUp(system: RunningSystem): Promise<void> {
  const api = await logIn(system.url, system.email, system.password);
  for (let index = 0; index < DEVICES; index += 1) {
    const device = { protocol: 'meitrack', identifier: imeiOf(index) };
    await api.must('POST', '/api/trackers', { name: `Tracker ${index}`, groupIds: [], device });
  }
  const { lon, lat } = CENTRE;
  const circle = (radiusM: number): unknown => ({
    type: 'Point',
    coordinates: [lon, lat],
    radiusM,
  });
  const half = [lon, lat - 1, lon + 1, lat + 1] as const;
  await api.must('POST', '/api/fences', { name: 'Centre', geometry: circle(400) });
  await api.must('POST', '/api/fences', { name: 'Around', geometry: circle(1_200) });
  await api.must('POST', '/api/fences', {
    name: 'East',
    geometry: {
      type: 'Polygon',
      coordinates: [
        [
          [half[0], half[1]],
          [half[2], half[1]],
          [half[2], half[3]],
          [half[0], half[3]],
          [half[0], half[1]],
        ],
      ],
    },
  });
  await untilDatabase(system.dataFolder, 'fences announced', async (client) => {
    const { rows } = await client.query(
      'select 1 from followme.tenant where fences_version <> fences_announced_version',
    );
    return rows.length === 0;
  });
}

/** Asks the database of a running system until the answer is yes. */
async function untilDatabase(
  dataFolder: string,
  what: string,
  isTrue: (client: Client) => Promise<boolean>,
): Promise<void> {
  await withDatabase(dataFolder, async (client) => {
    const endMs = performance.now() + 60_000;
    while (!(await isTrue(client))) {
      if (performance.now() > endMs) throw new Error(`Still not ${what} after a minute`);
      await new Promise((resolve) => {
        setTimeout(resolve, 100);
      });
    }
  });
}

/** The database of a data folder, seen past our own code as its superuser; a running one is used as it is. */
async function withDatabase<T>(
  dataFolder: string,
  work: (client: Client) => Promise<T>,
): Promise<T> {
  const running = await findEmbeddedServer(dataFolder);
  if (running !== null) return ask(running, work);
  const own = await startEmbeddedServer({ clock: systemClock, logger: silentLogger, dataFolder });
  try {
    return await ask(own, work);
  } finally {
    await own.stop();
  }
}

async function ask<T>(server: EmbeddedAddress, work: (client: Client) => Promise<T>): Promise<T> {
  const url = new URL(server.adminUrl);
  url.pathname = new URL(server.url).pathname;
  const client = new Client({ connectionString: url.href });
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end();
  }
}

interface Outcome {
  /** `<imei> <fix time>` of each row. */
  readonly positions: readonly string[];
  /** One line per event, by tracker and event number. */
  readonly events: readonly string[];
}

function readOutcome(dataFolder: string): Promise<Outcome> {
  return withDatabase(dataFolder, async (client) => {
    const positions = await client.query<{ line: string }>(
      `select d.identifier || ' ' || (extract(epoch from p.fix_time) * 1000)::int8 as line
         from followme.position p join followme.device d using (tracker_id) order by 1`,
    );
    const events = await client.query<{ line: string }>(
      `select concat_ws(' ', d.identifier, event_seq, kind, reason, fence_name, initial,
                        (extract(epoch from fix_time) * 1000)::int8, lon, lat) as line
         from followme.fence_event e join followme.device d using (tracker_id)
        order by d.identifier, event_seq`,
    );
    const lines = ({ rows }: { rows: { line: string }[] }): string[] =>
      rows.map(({ line }) => line);
    return { positions: lines(positions), events: lines(events) };
  });
}

/** Waits until everything the fleet sent is recorded and judged. */
function untilProcessed(dataFolder: string): Promise<void> {
  return untilDatabase(dataFolder, 'everything recorded and judged', async (client) => {
    const { rows } = await client.query<{ recorded: number; behind: number; unsent: number }>(
      `select (select count(*)::int from followme.position) as recorded,
              (select count(*)::int from followme.lane_progress g
                 join followme.lane_progress r using (lane)
                where g.consumer = 'geofence' and r.consumer = 'recorder'
                  and g.committed_seq < r.committed_seq) as behind,
              (select count(*)::int from followme.fence_event where not sent) as unsent`,
    );
    const [row] = rows;
    return row?.recorded === DEVICES * RECORDS_PER_DEVICE && row.behind === 0 && row.unsent === 0;
  });
}

function fleetOf(system: RunningSystem, folder: string, perSecond: number): CccFleet {
  return startCccFleet({
    devices: DEVICES,
    recordsPerDevice: RECORDS_PER_DEVICE,
    port: system.devicePort,
    startTimeMs: START_TIME_MS,
    perSecond,
    acknowledgedFile: path.join(folder, 'acknowledged'),
  });
}

async function untilAcknowledged(fleet: CccFleet, count: number): Promise<void> {
  const endMs = performance.now() + RUN_LIMIT_MS;
  while (fleet.acknowledged < count) {
    if (performance.now() > endMs) throw new Error(`Only ${fleet.acknowledged} acknowledged`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

async function undisturbedRun(): Promise<Outcome> {
  const folder = await newFolder();
  const system = await startSystem({ dataFolder: folder, args: ['--log-level', 'warn'] });
  await setUp(system);
  const fleet = fleetOf(system, folder, Number.POSITIVE_INFINITY);
  await untilAcknowledged(fleet, fleet.total);
  await untilProcessed(folder);
  expect(await system.stop()).toBe(0);
  return readOutcome(folder);
}

async function killedRun(): Promise<Outcome & { acknowledged: readonly string[] }> {
  const random = createRandom(`kill/${SEED}`);
  const folder = await newFolder();
  let system = await startSystem({ dataFolder: folder, args: ['--log-level', 'warn'] });
  await setUp(system);
  const fleet = fleetOf(system, folder, PER_SECOND);
  for (let kill = 0; kill < KILLS; kill += 1) {
    // one kill in each tenth of the journey, anywhere in it
    await untilAcknowledged(
      fleet,
      Math.floor((fleet.total * (kill + random.next() * 0.9)) / KILLS),
    );
    await system.killEverything();
    system = await startSystem({ dataFolder: folder, args: ['--log-level', 'warn'] });
    fleet.moveTo(system.devicePort);
  }
  await untilAcknowledged(fleet, fleet.total);
  await untilProcessed(folder);
  expect(await system.stop()).toBe(0);
  const acknowledged = await readFile(path.join(folder, 'acknowledged'), 'utf8');
  return { ...(await readOutcome(folder)), acknowledged: acknowledged.trim().split('\n') };
}

describe.skipIf(!existsSync('/proc/self/stat'))('killed with SIGKILL ten times', () => {
  test(
    `every acknowledged position is there exactly once and the events are those of a quiet run (seed ${SEED})`,
    { timeout: RUN_LIMIT_MS * 2 },
    async () => {
      const quiet = await undisturbedRun();
      const killed = await killedRun();
      expect(killed.acknowledged).toHaveLength(DEVICES * RECORDS_PER_DEVICE);
      expect(killed.positions).toEqual(killed.acknowledged.toSorted());
      expect(quiet.positions).toEqual(killed.positions);
      expect(quiet.events.length).toBeGreaterThan(DEVICES * 10);
      expect(killed.events).toEqual(quiet.events);
    },
  );
});
