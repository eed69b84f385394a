/** The recorder between a real log and a real database; what fails is put in front of the store's port. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import {
  BATCH_HEADER_BYTES,
  ROW,
  RowDraft,
  trustedId,
  writeBatchHeader,
  type Lane,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import {
  createRecorderStore,
  createSqlLaneLeases,
  createTenant,
  createTracker,
  migrate,
  openStore,
  trail,
  type LaneLeases,
  type Ownership,
  type RecorderStore,
  type RecordInput,
  type Store,
} from '@followme/store';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { Recorder } from './recorder.ts';

const LANES = 4;
const START_MS = Date.UTC(2026, 10, 22, 12);

let postgres: TestPostgres;
let store: Store;
let tenantId: TenantId;
let trackerId: TrackerId;
let folder: string;
let log: Log;
let metrics: Metrics;
const running: Recorder[] = [];

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  store = await openStore({
    url: postgres.url,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
  const made = await store.asSystem((system) =>
    createTenant(system, { slug: 'recorder', name: 'Recorder', hosts: [], isProvider: true }),
  );
  if (!made.ok) throw new Error(made.error.code);
  tenantId = made.value;
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'followme-recorder-'));
  metrics = createMetrics();
  log = await createLmdbLog({
    path: folder,
    lanes: { positions: LANES, events: LANES },
    clock: systemClock,
    logger: silentLogger,
    metrics,
  });
  await store.asSystem(async ({ client }) => {
    for (const table of ['lane_progress', 'lane_lease', 'lane_member']) {
      await client.query(`delete from followme.${table}`);
    }
  });
  const tracker = await store.asTenant(tenantId, (tenant) =>
    createTracker(tenant, { name: 'T', groupIds: [] }),
  );
  if (!tracker.ok) throw new Error(tracker.error.code);
  trackerId = tracker.value;
});
afterEach(async () => {
  for (const recorder of running.splice(0)) await recorder.stop().catch(() => undefined);
  await log.close();
  await rm(folder, { recursive: true, force: true });
});

const lane = (number: number): Lane => trustedId<Lane>(number);

/** A batch with one fix per second given. */
const batchAt = (...seconds: number[]): Buffer => batchOf(trackerId, seconds);

function batchOf(tracker: TrackerId, seconds: readonly number[]): Buffer {
  const draft = new RowDraft();
  const rows = seconds.map((second) => {
    draft.reset();
    draft.setFixTimeMs(START_MS + second * 1_000);
    draft.setLonLatE7(47_504_640, 523_033_450);
    draft.seal();
    const row = Buffer.from(draft.bytes.subarray(0, draft.length));
    row.writeUInt32LE(tenantId, ROW.tenantId);
    row.writeUInt32LE(tracker, ROW.trackerId);
    row.writeDoubleLE(START_MS + second * 1_000, ROW.receivedTimeMs);
    return row;
  });
  const header = Buffer.alloc(BATCH_HEADER_BYTES);
  writeBatchHeader(header, rows.length);
  return Buffer.concat([header, ...rows]);
}

/** Seconds of a tracker's recorded fixes. */
async function recorded(of: TrackerId = trackerId): Promise<number[]> {
  const period = { trackerId: of, fromMs: START_MS - 1, toMs: START_MS + 86_400_000, limit: 1_000 };
  const page = await store.asTenant(tenantId, (tenant) => trail(tenant, period));
  if (!page.ok) throw new Error(page.error.code);
  return page.value.items
    .map(({ fixTimeMs }) => (fixTimeMs - START_MS) / 1_000)
    .toSorted((a, b) => a - b);
}

const recorderStore = (): RecorderStore =>
  createRecorderStore({ store, metrics, clock: systemClock });

const leasesOf = (ownership: Ownership): LaneLeases =>
  createSqlLaneLeases({ store, consumer: 'recorder', ownership });

async function start(
  port: RecorderStore = recorderStore(),
  leases: LaneLeases = leasesOf({ kind: 'single' }),
  owner = 'test',
  from: Log = log,
): Promise<Recorder> {
  const recorder = new Recorder({
    log: from,
    store: port,
    leases,
    clock: systemClock,
    logger: silentLogger,
    metrics,
    owner,
  });
  await recorder.start();
  running.push(recorder);
  return recorder;
}

const untilRecorded = (seconds: number[]): Promise<void> =>
  vi.waitFor(async () => expect(await recorded()).toEqual(seconds), { timeout: 15_000 });

describe('the recorder', () => {
  test('writes what the lanes hold, and goes on where it was after a restart', async () => {
    await log.append('positions', lane(1), batchAt(1, 2));
    const first = await start();
    await untilRecorded([1, 2]);
    await first.stop();
    await log.append('positions', lane(1), batchAt(2, 3));
    await start();
    await untilRecorded([1, 2, 3]);
    expect(await metrics.read('followme_recorder_duplicates_total')).toBe(1);
  });

  test('commits what it has read when it stops', async () => {
    const recorder = await start();
    await log.append('positions', lane(0), batchAt(1));
    await vi.waitFor(() => expect(recorder.pending).toBe(1), { timeout: 5_000, interval: 5 });
    await recorder.stop();
    expect(await recorded()).toEqual([1]);
  });

  test('a store that fails is tried again with the same rows', async () => {
    const real = recorderStore();
    let failures = 3;
    const record = (input: RecordInput): ReturnType<RecorderStore['record']> => {
      if (failures === 0) return real.record(input);
      failures -= 1;
      return Promise.reject(new Error('the database is away'));
    };
    const recorder = await start({ ...bound(real), record });
    await log.append('positions', lane(0), batchAt(1));
    await vi.waitFor(() => expect(recorder.behindMs).toBeGreaterThan(0), {
      timeout: 5_000,
      interval: 5,
    });
    await untilRecorded([1]);
    expect(failures).toBe(0);
    await vi.waitFor(() => expect(recorder.behindMs).toBe(0));
  });

  test('a lane whose records cannot be read is behind though nothing waits, until it is read', async () => {
    await log.append('positions', lane(0), batchAt(1));
    let isReadable = false;
    const from = readableWhen(log, () => isReadable);
    const recorder = await start(recorderStore(), leasesOf({ kind: 'single' }), 'test', from);
    await vi.waitFor(() => expect(recorder.behindMs).toBeGreaterThan(1_000), { timeout: 15_000 });
    expect(recorder.pending).toBe(0);
    isReadable = true;
    await untilRecorded([1]);
    await vi.waitFor(() => expect(recorder.behindMs).toBe(0), { timeout: 15_000 });
  });

  test('a lane another owner took is dropped and asked for until it comes back', async () => {
    const real = leasesOf({ kind: 'single' });
    let refusals = 2;
    const acquire: LaneLeases['acquire'] = (owner, lanes, most) => {
      if (lanes.length === LANES || refusals === 0) return real.acquire(owner, lanes, most);
      refusals -= 1;
      return refusals === 1
        ? Promise.reject(new Error('the database is away'))
        : Promise.resolve([]);
    };
    const recorder = await start(recorderStore(), { ...real, acquire });
    await real.acquire('somebody else', [lane(2)], 1);
    await log.append('positions', lane(2), batchAt(1));
    await log.append('positions', lane(3), batchAt(2));
    await vi.waitFor(() => expect(recorder.lanes).toEqual([0, 1, 3]), {
      timeout: 10_000,
      interval: 5,
    });
    await untilRecorded([1, 2]);
    expect(recorder.lanes).toEqual([0, 1, 2, 3]);
    expect(recorder.unownedForMs).toBeLessThan(60_000);
    expect(await metrics.read('followme_recorder_fenced_lanes_total')).toBe(1);
  });

  test('a damaged record, and one of an unknown kind, do not hold up the lane behind them', async () => {
    await log.append('positions', lane(0), batchAt(1).subarray(0, 40));
    await log.append('positions', lane(0), Buffer.from([1, 200, 1, 2, 3, 4, 5, 6, 7, 8]));
    await log.append('positions', lane(0), batchAt(2));
    await start();
    await untilRecorded([2]);
    expect(await metrics.read('followme_recorder_damaged_records_total')).toBe(1);
    expect(await metrics.read('followme_recorder_unknown_records_total')).toBe(1);
  });
});

describe('two recorders on one database', () => {
  const LEASED = { kind: 'leased', leaseMs: 2_500 } as const;
  /** A store that can be taken away. */
  function cuttable() {
    const cut = { isOff: false };
    const asSystem: Store['asSystem'] = (work) =>
      cut.isOff ? Promise.reject(new Error('no way to the database')) : store.asSystem(work);
    const own: Store = { ...store, asSystem };
    return {
      cut,
      port: createRecorderStore({ store: own, metrics, clock: systemClock }),
      leases: createSqlLaneLeases({ store: own, consumer: 'recorder', ownership: LEASED }),
    };
  }
  const untilShares = (...wanted: readonly (readonly [Recorder, number])[]): Promise<void> =>
    vi.waitFor(
      () => {
        for (const [recorder, lanes] of wanted) expect(recorder.lanes).toHaveLength(lanes);
      },
      { timeout: 15_000 },
    );
  /** One fix of a tracker in each lane; a tracker has one lane for ever. */
  const trackers = new Map<Lane, TrackerId>();
  beforeEach(async () => {
    for (let n = 0; n < LANES; n += 1) {
      const made = await store.asTenant(tenantId, (tenant) =>
        createTracker(tenant, { name: `T${n}`, groupIds: [] }),
      );
      if (!made.ok) throw new Error(made.error.code);
      trackers.set(lane(n), made.value);
    }
  });
  const everyLane = async (second: number): Promise<void> => {
    for (const [of, tracker] of trackers)
      await log.append('positions', of, batchOf(tracker, [second]));
  };
  /** Waits until every tracker has these fixes and no other. */
  const untilAll = (...seconds: number[]): Promise<void> =>
    vi.waitFor(
      async () => {
        for (const tracker of trackers.values()) expect(await recorded(tracker)).toEqual(seconds);
      },
      { timeout: 15_000 },
    );

  test('share the lanes, and hand them over with their last states', async () => {
    const [a, b] = [cuttable(), cuttable()];
    const one = await start(a.port, a.leases, 'one');
    await everyLane(0);
    const two = await start(b.port, b.leases, 'two');
    await untilShares([one, LANES / 2], [two, LANES / 2]);
    await everyLane(10);
    await untilAll(0, 10);
    await one.stop();
    await everyLane(20);
    await untilShares([two, LANES]);
    await untilAll(0, 10, 20);
    await two.stop();
    // nothing was left to be made good, and nothing was written twice
    const { rows } = await store.asSystem(({ client }) =>
      client.query(
        `select count(*)::int as n from followme.lane_progress
          where consumer = 'recorder' and state_seq = committed_seq`,
      ),
    );
    expect(rows).toEqual([{ n: LANES }]);
    expect(await metrics.read('followme_recorder_duplicates_total')).toBe(0);
    expect(await metrics.read('followme_recorder_fenced_lanes_total')).toBe(0);
  });

  test('one that vanishes is missed, and no row is lost or doubled', async () => {
    const [a, b] = [cuttable(), cuttable()];
    const one = await start(a.port, a.leases, 'one');
    const two = await start(b.port, b.leases, 'two');
    await untilShares([one, LANES / 2], [two, LANES / 2]);
    a.cut.isOff = true;
    await everyLane(0);
    await untilShares([two, LANES], [one, 0]);
    await untilAll(0);
    a.cut.isOff = false;
    await untilShares([one, LANES / 2], [two, LANES / 2]);
    await everyLane(10);
    await untilAll(0, 10);
  });
});

/** The port's methods on their own, so that one of them can be replaced. */
function bound(port: RecorderStore): RecorderStore {
  return {
    begin: (lanes) => port.begin(lanes),
    forget: (lanes) => port.forget(lanes),
    record: (input) => port.record(input),
    ensurePartitions: (nowMs) => port.ensurePartitions(nowMs),
  };
}

/** A log that answers everything, and reads only while it is readable. */
function readableWhen(log: Log, isReadable: () => boolean): Log {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'read' && !isReadable()) throw new Error('the log cannot be read');
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}
