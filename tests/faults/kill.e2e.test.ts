/**
 * The kill test. A fleet sends `CCC` at 1,000 positions a second, some of them twice, and writes down what was
 * acknowledged; ten times, at random moments, SIGKILL ends the system and its database together, the system
 * alone (the next start adopts the database server) or the database server alone (the system starts it again);
 * some starts are killed on their way too. Fences change under the fleet, far away from it. Then every
 * acknowledged position is in the database exactly once, and the events, in the database and in the log, are
 * those of an undisturbed run, ids included.
 *
 * `KILL_SEED` sets the moments and the victims. SIGKILL tests the death of processes: what they handed to the
 * system's cache survives it. It says nothing about a loss of power, against which only the fsync of log and
 * database stands.
 */
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLmdbLog } from '@followme/log';
import { DEFAULT_LANES, trustedId, type Lane } from '@followme/model';
import {
  createMetrics,
  createRandom,
  silentLogger,
  systemClock,
  type Random,
} from '@followme/platform';
import { findEmbeddedServer, startEmbeddedServer, type EmbeddedAddress } from '@followme/store';
import { Client, DatabaseError } from 'pg';
import { afterEach, describe, expect, test } from 'vitest';
import { logIn } from '../support/api.ts';
import { CENTRE, imeiOf, startCccFleet, type CccFleet } from '../support/ccc-fleet.ts';
import { interruptStart, startSystem, type RunningSystem } from '../support/system.ts';

const DEVICES = 40;
const RECORDS_PER_DEVICE = 1_000;
const PER_SECOND = 1_000;
/** Who is killed how often; the seed sets the order. */
const KILLS = { everything: 4, process: 3, database: 3 } as const;
/** How many of the starts after a kill are killed themselves, and how late at most. */
const INTERRUPTED_STARTS = 3;
const INTERRUPTED_WITHIN_MS = 1_200;
/** Before this kill a fence is made far away, whose control records the kill may meet. */
const FENCE_BEFORE_KILL = 4;
const SEED = process.env['KILL_SEED'] ?? '2779';
/** The same journey in both runs: it began an hour ago, at a whole minute. */
const START_TIME_MS = Math.floor((Date.now() - 3_600_000) / 60_000) * 60_000;
const RUN_LIMIT_MS = 400_000;
const DATABASE_START_MS = 30_000;
/** SQLSTATE of a server that starts or stops. */
const CANNOT_CONNECT_NOW = '57P03';
const QUIET = ['--log-level', 'warn'];

const folders: string[] = [];
const fleets: CccFleet[] = [];
/** Systems that may still run: those of a test that failed. */
const running = new Set<RunningSystem>();
afterEach(async () => {
  for (const fleet of fleets.splice(0)) fleet.stop();
  for (const system of running) await system.killEverything();
  running.clear();
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

async function start(dataFolder: string): Promise<RunningSystem> {
  const system = await startSystem({ dataFolder, args: QUIET });
  running.add(system);
  return system;
}

async function stop(system: RunningSystem): Promise<void> {
  expect(await system.stop()).toBe(0);
  running.delete(system);
}

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

/** Makes a fence at the other end of the world, through the API of a system that may just have lost its database. */
async function makeFarFence(system: RunningSystem): Promise<void> {
  await until('ready', async () => (await fetch(`${system.url}/readyz`)).status === 200);
  const api = await logIn(system.url, system.email, system.password);
  const geometry = { type: 'Point', coordinates: [174.76, -36.85], radiusM: 900 };
  await api.must('POST', '/api/fences', { name: 'Far away', geometry });
}

/** Asks until the answer is yes. */
async function until(what: string, isTrue: () => Promise<boolean>): Promise<void> {
  const endMs = performance.now() + 60_000;
  while (!(await isTrue())) {
    if (performance.now() > endMs) throw new Error(`Still not ${what} after a minute`);
    await new Promise((resolve) => {
      setTimeout(resolve, 100);
    });
  }
}

/** Asks the database of a running system until the answer is yes. */
async function untilDatabase(
  dataFolder: string,
  what: string,
  isTrue: (client: Client) => Promise<boolean>,
): Promise<void> {
  await withDatabase(dataFolder, (client) => until(what, () => isTrue(client)));
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
  const client = await connectWhenStarted(url.href);
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** A server that was killed a moment ago may be there and still on its way up. */
async function connectWhenStarted(connectionString: string): Promise<Client> {
  for (const endMs = performance.now() + DATABASE_START_MS; ;) {
    const client = new Client({ connectionString });
    try {
      await client.connect();
      return client;
    } catch (error) {
      await client.end();
      const isStarting = error instanceof DatabaseError && error.code === CANNOT_CONNECT_NOW;
      if (!isStarting || performance.now() > endMs) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

interface Outcome {
  /** `<imei> <fix time>` of each row. */
  readonly positions: readonly string[];
  /** One line per event in the database, its id first, by tracker and event number. */
  readonly events: readonly string[];
  /** Id, tracker and number of each event in the log, as they lie in its lanes. */
  readonly published: readonly PublishedEvent[];
}

interface PublishedEvent {
  readonly eventId: string;
  readonly trackerId: number;
  readonly eventSeq: number;
}

/** The events stream of the log of a system that has stopped. */
async function readPublished(dataFolder: string): Promise<readonly PublishedEvent[]> {
  const log = await createLmdbLog({
    path: path.join(dataFolder, 'log'),
    lanes: { positions: DEFAULT_LANES, events: DEFAULT_LANES },
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
  const events: PublishedEvent[] = [];
  for (let number = 0; number < DEFAULT_LANES; number += 1) {
    const lane = trustedId<Lane>(number);
    const { first, last } = await log.bounds('events', lane);
    if (first > last) continue;
    for await (const record of log.read('events', lane, first, AbortSignal.timeout(30_000))) {
      events.push(JSON.parse(Buffer.from(record.payload).toString()));
      if (record.sequence >= last) break;
    }
  }
  await log.close();
  return events;
}

/** The outcome of a system that has stopped. */
async function readOutcome(dataFolder: string): Promise<Outcome> {
  const tables = await withDatabase(dataFolder, async (client) => {
    const positions = await client.query<{ line: string }>(
      `select d.identifier || ' ' || (extract(epoch from p.fix_time) * 1000)::int8 as line
         from followme.position p join followme.device d using (tracker_id) order by 1`,
    );
    const events = await client.query<{ line: string }>(
      `select concat_ws(' ', event_id, d.identifier, event_seq, kind, reason, fence_name, initial,
                        (extract(epoch from fix_time) * 1000)::int8, lon, lat) as line
         from followme.fence_event e join followme.device d using (tracker_id)
        order by d.identifier, event_seq`,
    );
    const lines = ({ rows }: { rows: { line: string }[] }): string[] =>
      rows.map(({ line }) => line);
    return { positions: lines(positions), events: lines(events) };
  });
  return { ...tables, published: await readPublished(dataFolder) };
}

/** Waits until everything the fleet sent is recorded and judged, and every lane knows the newest fences. */
function untilProcessed(dataFolder: string): Promise<void> {
  return untilDatabase(dataFolder, 'everything recorded and judged', async (client) => {
    const { rows } = await client.query<Record<'recorded' | 'behind' | 'unsent' | 'told', number>>(
      `select (select count(*)::int from followme.position) as recorded,
              (select count(*)::int from followme.lane_progress g
                 join followme.lane_progress r using (lane)
                where g.consumer = 'geofence' and r.consumer = 'recorder'
                  and g.committed_seq < r.committed_seq) as behind,
              (select count(*)::int from followme.fence_event where not sent) as unsent,
              (select count(*)::int from followme.geofence_lane_fences f
                 join followme.tenant t on t.id = f.tenant_id and t.fences_version = f.fences_version
              ) as told`,
    );
    const [row] = rows;
    const isRecorded = row?.recorded === DEVICES * RECORDS_PER_DEVICE;
    return isRecorded && row.behind === 0 && row.unsent === 0 && row.told === DEFAULT_LANES;
  });
}

function fleetOf(system: RunningSystem, folder: string, perSecond: number): CccFleet {
  const fleet = startCccFleet({
    devices: DEVICES,
    recordsPerDevice: RECORDS_PER_DEVICE,
    port: system.devicePort,
    startTimeMs: START_TIME_MS,
    perSecond,
    acknowledgedFile: path.join(folder, 'acknowledged'),
  });
  fleets.push(fleet);
  return fleet;
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
  const system = await start(folder);
  await setUp(system);
  const fleet = fleetOf(system, folder, Number.POSITIVE_INFINITY);
  await untilAcknowledged(fleet, fleet.total);
  await untilProcessed(folder);
  await stop(system);
  return readOutcome(folder);
}

type Victim = keyof typeof KILLS;

interface Kill {
  readonly victim: Victim;
  /** How long after its beginning the start after this kill is killed too; null when it is left alone. */
  readonly startKilledAfterMs: number | null;
}

/** The kills in the order of the seed. */
function planKills(random: Random): readonly Kill[] {
  const victims = Object.entries(KILLS).flatMap(
    ([victim, count]) => Array.from({ length: count }, () => victim as Victim), // the keys of our own table
  );
  const shuffled = shuffle(victims, random);
  const starts = shuffled.flatMap((victim, kill) => (victim === 'database' ? [] : [kill]));
  const interrupted = new Set(shuffle(starts, random).slice(0, INTERRUPTED_STARTS));
  return shuffled.map((victim, kill) => ({
    victim,
    startKilledAfterMs: interrupted.has(kill) ? random.integer(50, INTERRUPTED_WITHIN_MS) : null,
  }));
}

function shuffle<T>(things: readonly T[], random: Random): T[] {
  return things
    .map((thing) => ({ thing, at: random.next() }))
    .toSorted((a, b) => a.at - b.at)
    .map(({ thing }) => thing);
}

/** Kills the victim; answers the system that runs after it. */
async function killAndGoOn(system: RunningSystem, kill: Kill): Promise<RunningSystem> {
  const { dataFolder } = system;
  if (kill.victim === 'database') {
    system.killDatabase();
    return system;
  }
  await (kill.victim === 'process' ? system.killProcess() : system.killEverything());
  running.delete(system);
  if (kill.startKilledAfterMs !== null) {
    await interruptStart({ dataFolder, args: QUIET }, kill.startKilledAfterMs);
  }
  return start(dataFolder);
}

async function killedRun(): Promise<Outcome & { acknowledged: readonly string[] }> {
  const random = createRandom(`kill/${SEED}`);
  const folder = await newFolder();
  let system = await start(folder);
  await setUp(system);
  const fleet = fleetOf(system, folder, PER_SECOND);
  const kills = planKills(random);
  for (const [at, kill] of kills.entries()) {
    // one kill in each tenth of the journey, anywhere in it
    const share = (at + random.next() * 0.9) / kills.length;
    await untilAcknowledged(fleet, Math.floor(fleet.total * share));
    if (at === FENCE_BEFORE_KILL) await makeFarFence(system);
    system = await killAndGoOn(system, kill);
    fleet.moveTo(system.devicePort);
  }
  await untilAcknowledged(fleet, fleet.total);
  await untilProcessed(folder);
  await stop(system);
  const acknowledged = await readFile(path.join(folder, 'acknowledged'), 'utf8');
  return { ...(await readOutcome(folder)), acknowledged: acknowledged.trim().split('\n') };
}

/** The ids of the events in the database, and of those in the log: each there once, a tracker's in order. */
function expectPublishedOnce({ events, published }: Outcome): void {
  const ids = published.map(({ eventId }) => eventId);
  expect(ids.toSorted()).toEqual(events.map((line) => line.slice(0, line.indexOf(' '))).toSorted());
  const next = new Map<number, number>();
  for (const { trackerId, eventSeq } of published) {
    expect(eventSeq).toBe(next.get(trackerId) ?? 1);
    next.set(trackerId, eventSeq + 1);
  }
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
      expectPublishedOnce(quiet);
      expectPublishedOnce(killed);
    },
  );
});
