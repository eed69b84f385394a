import { trustedId, type Lane, type LogSequence, type TrackerId } from '@followme/model';
import { systemClock, type Metrics } from '@followme/platform';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store } from '../../port.ts';
import { loadLastStates } from '../last/load-last-states.ts';
import { laneSequences } from '../lane-progress/lane-sequences.ts';
import { batchOf, laneAt, openTestStore, type TestFix } from '../testing.ts';
import { createSqlLaneLeases } from '../../lanes/sql-lane-leases.ts';
import { createRecorderStore, type RecorderStore, type RecordOutcome } from './recorder-store.ts';
import { trail } from './trail.ts';

let postgres: TestPostgres;
let store: Store;
let metrics: Metrics;
let recorder: RecorderStore;

const NOW = Date.UTC(2026, 4, 20, 12);
const clock = { ...systemClock, nowMs: () => NOW };
const DAY = 86_400_000;
const LANE = laneAt(3);
const OTHER = laneAt(4);
const seq = (n: number): LogSequence => trustedId<LogSequence>(n);
const tracker = (n: number): TrackerId => trustedId<TrackerId>(n);

const newRecorder = (owner: Store = store): RecorderStore =>
  createRecorderStore({ store: owner, metrics, clock });

/** Takes lanes as the only process, and begins to record in them. */
async function takeWith(port: RecorderStore, lanes: readonly Lane[]) {
  const ownership = { kind: 'single' } as const;
  const leases = createSqlLaneLeases({ store, consumer: 'recorder', ownership });
  const owned = await leases.acquire('test', lanes, lanes.length);
  await port.begin(owned);
  return owned;
}

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store, metrics } = await openTestStore(postgres.url));
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
});

let at = new Map<Lane, number>();
let epochs = new Map<Lane, number>();

async function take(lanes: readonly Lane[]): Promise<void> {
  recorder = newRecorder();
  const owned = await takeWith(recorder, lanes);
  epochs = new Map(owned.map(({ lane, epoch }) => [lane, epoch]));
  at = new Map(owned.map(({ lane, committedSequence }) => [lane, committedSequence]));
}

beforeEach(async () => {
  await store.asSystem(async ({ db }) => {
    await sql`delete from followme.position`.execute(db);
    await sql`delete from followme.tracker_last`.execute(db);
    await sql`delete from followme.lane_progress`.execute(db);
  });
  await take([LANE, OTHER]);
});

interface Stretch {
  readonly lane?: Lane;
  readonly fixes: readonly TestFix[];
}

/** Records stretches of lanes, each one sequence long, as a reader of the log would. */
async function record(stretches: readonly Stretch[], flushLast = false): Promise<RecordOutcome> {
  const lanes = stretches.map(({ lane = LANE }) => ({
    lane,
    epoch: epochs.get(lane) ?? 0,
    fromSequence: seq(at.get(lane) ?? 0),
    toSequence: seq((at.get(lane) ?? 0) + 1),
  }));
  const outcome = await recorder.record({
    lanes,
    batches: stretches.map(({ lane = LANE, fixes }) => ({ lane, payload: batchOf(fixes) })),
    flushLast,
  });
  for (const { lane, toSequence } of lanes) {
    if (!outcome.fencedLanes.includes(lane)) at.set(lane, toSequence);
  }
  return outcome;
}

const recordFixes = (fixes: readonly TestFix[], flushLast = false): Promise<RecordOutcome> =>
  record([{ fixes }], flushLast);

async function storedTimes(trackerId = 1): Promise<readonly number[]> {
  const { rows } = await store.asSystem(({ db }) =>
    sql<{ t: number }>`select followme.epoch_ms(fix_time) as t from followme.position
                        where tracker_id = ${trackerId} order by 1`.execute(db),
  );
  return rows.map(({ t }) => t);
}

async function partitionsOf(trackerId: number): Promise<readonly string[]> {
  const { rows } = await store.asSystem(({ db }) =>
    sql<{ p: string }>`select distinct tableoid::regclass::text as p from followme.position
                        where tracker_id = ${trackerId} order by 1`.execute(db),
  );
  return rows.map(({ p }) => p.replace('followme_partitions.', ''));
}

const fallbacks = (): Promise<number> => metrics.read('followme_recorder_copy_fallbacks_total');

async function lastFixTimes(): Promise<Record<number, number>> {
  const { states } = await store.asSystem(loadLastStates);
  return Object.fromEntries(states.map((s) => [s.trackerId, s.fixTimeMs]));
}

async function committed(lane = LANE): Promise<{ committed: number; state: number }> {
  const all = await store.asSystem(laneSequences);
  const found = all.find((row) => row.lane === lane && row.consumer === 'recorder');
  return { committed: found?.committedSequence ?? -1, state: found?.stateSequence ?? -1 };
}

describe('what is recorded', () => {
  test('every field of a row arrives, unknown ones as unknown', async () => {
    const full: TestFix = {
      trackerId: tracker(1),
      fixTimeMs: NOW + 0.5,
      receivedTimeMs: NOW + 1_234,
      lonE7: -1_799_999_999,
      latE7: 899_999_999,
      speedMps: 12.5,
      alarm: 'sos',
      attributes: { rssi: '-71', cell: '"204\\n€"', list: '[1,"a"]' },
    };
    await recordFixes([full, { trackerId: tracker(1), fixTimeMs: NOW + 1_000 }]);
    const page = await store.asTenant(trustedId(1), (t) =>
      trail(t, { trackerId: tracker(1), fromMs: NOW, toMs: NOW + DAY, limit: 10 }),
    );
    expect(page.ok && page.value.items).toMatchObject([
      {
        tenantId: 1,
        trackerId: 1,
        fixTimeMs: NOW + 0.5,
        receivedTimeMs: NOW + 1_234,
        lon: -179.9999999,
        lat: 89.9999999,
        speedMps: 12.5,
        headingDeg: null,
        altitudeM: null,
        accuracyM: null,
        batteryPct: null,
        satellitesInUse: null,
        charging: null,
        alarm: 'sos',
        eventCode: 0,
        attributes: { rssi: -71, cell: '204\n€', list: [1, 'a'] },
      },
      { fixTimeMs: NOW + 1_000, speedMps: null, alarm: 'none', attributes: {} },
    ]);
  });

  test('a batch that comes again adds nothing', async () => {
    const fixes = [1, 2, 3].map((n) => ({ trackerId: tracker(n), fixTimeMs: NOW + n }));
    expect(await recordFixes(fixes)).toMatchObject({ inserted: 3, duplicates: 0 });
    expect(await recordFixes(fixes)).toMatchObject({ inserted: 0, duplicates: 3 });
    expect(await storedTimes(2)).toEqual([NOW + 2]);
  });

  test('a repeat that a new process takes for new is found out by the database', async () => {
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW }], true);
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW + 5_000 }]);
    await store.asSystem(({ db }) =>
      sql`update followme.lane_progress set state_seq = committed_seq`.execute(db),
    );
    await take([LANE, OTHER]);
    const before = await fallbacks();
    const outcome = await recordFixes([
      { trackerId: tracker(1), fixTimeMs: NOW + 5_000 },
      { trackerId: tracker(2), fixTimeMs: NOW + 5_000 },
    ]);
    expect(outcome).toMatchObject({ inserted: 1, duplicates: 1 });
    expect(await fallbacks()).toBe(before + 1);
    expect(await storedTimes(1)).toEqual([NOW, NOW + 5_000]);
  });

  test('an SOS in the second of a routine fix is kept beside it', async () => {
    await recordFixes([
      { trackerId: tracker(1), fixTimeMs: NOW },
      { trackerId: tracker(1), fixTimeMs: NOW, alarm: 'sos' },
    ]);
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW, alarm: 'sos' }]);
    expect(await storedTimes()).toEqual([NOW, NOW]);
  });

  test('late fixes are stored and do not become the last state', async () => {
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW }], true);
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW - 60_000 }], true);
    expect(await storedTimes()).toEqual([NOW - 60_000, NOW]);
    expect(await lastFixTimes()).toEqual({ 1: NOW });
  });

  test('fixes of 1980 and of far years go to the default partition and stop nobody', async () => {
    const strange = [Date.UTC(1980, 0, 6), NOW + 3 * DAY, Number.NaN, -Infinity, 1e300];
    const outcome = await recordFixes([
      ...strange.map((fixTimeMs, n) => ({ trackerId: tracker(10 + n), fixTimeMs })),
      { trackerId: tracker(1), fixTimeMs: NOW },
    ]);
    expect(outcome.inserted).toBe(6);
    for (let n = 10; n < 15; n += 1) expect(await partitionsOf(n)).toEqual(['position_default']);
    expect(await partitionsOf(1)).toEqual(['position_20260520']);
  });

  test('a back-fill within 400 days makes the partitions it needs', async () => {
    await recordFixes([
      { trackerId: tracker(1), fixTimeMs: NOW - 400 * DAY },
      { trackerId: tracker(1), fixTimeMs: NOW - 30 * DAY },
      { trackerId: tracker(2), fixTimeMs: NOW - 401 * DAY },
    ]);
    expect(await partitionsOf(1)).toEqual(['position_20250415', 'position_20260420']);
    expect(await partitionsOf(2)).toEqual(['position_default']);
  });

  test('a new partition takes over what the default one held of its day', async () => {
    const day = Date.UTC(2024, 1, 29);
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: day + 1 }]);
    expect(await partitionsOf(1)).toEqual(['position_default']);
    await store.asSystem(({ db }) =>
      sql`select followme.ensure_position_partition('2024-02-29')`.execute(db),
    );
    expect(await partitionsOf(1)).toEqual(['position_20240229']);
    expect(await storedTimes()).toEqual([day + 1]);
  });

  test('partitions of today and two days ahead are made before they are needed', async () => {
    await recorder.ensurePartitions(Date.UTC(2027, 11, 30, 23, 59));
    const { rows } = await store.asSystem(({ db }) =>
      sql<{ name: string }>`select relname as name from pg_catalog.pg_class
        where relname ~ '^position_202[78]\\d{4}$' and relkind = 'r' order by 1`.execute(db),
    );
    expect(rows.map(({ name }) => name)).toEqual([
      'position_20271230',
      'position_20271231',
      'position_20280101',
    ]);
  });

  test('a partition that was dropped meanwhile costs a detour, not the batch', async () => {
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW - 90 * DAY }]);
    const { Client } = await import('pg');
    const owner = new Client({ connectionString: postgres.url });
    await owner.connect();
    await owner.query('drop table followme_partitions.position_20260219');
    await owner.end();
    const outcome = await recordFixes([{ trackerId: tracker(2), fixTimeMs: NOW - 90 * DAY }]);
    expect(outcome.inserted).toBe(1);
    await recordFixes([{ trackerId: tracker(3), fixTimeMs: NOW - 90 * DAY }]);
    expect(await partitionsOf(2)).toEqual(['position_20260219']);
  });

  test('attributes jsonb does not take lose the characters, not the fix', async () => {
    const outcome = await recordFixes([
      {
        trackerId: tracker(1),
        fixTimeMs: NOW,
        attributes: { text: '"a\\u0000b"', half: '"\\ud800"' },
      },
      { trackerId: tracker(2), fixTimeMs: NOW, attributes: { broken: '{' } },
      { trackerId: tracker(3), fixTimeMs: NOW, attributes: { fine: '"\\\\u0000"' } },
    ]);
    expect(outcome.inserted).toBe(3);
    const { rows } = await store.asSystem(({ db }) =>
      sql<{
        attributes: unknown;
      }>`select attributes from followme.position order by tracker_id`.execute(db),
    );
    expect(rows.map(({ attributes }) => attributes)).toEqual([
      { text: 'a\ufffdb', half: '\ufffd' },
      null,
      { fine: '\\u0000' },
    ]);
  });

  test('a thousand fixes of many trackers and several days arrive as they are', async () => {
    const fixes = Array.from({ length: 1_000 }, (_, n) => ({
      trackerId: tracker(1 + (n % 50)),
      fixTimeMs: NOW - DAY + n * 100_000,
    }));
    expect(await recordFixes(fixes)).toMatchObject({ inserted: 1_000, duplicates: 0 });
    expect(await storedTimes(7)).toEqual(
      fixes.filter((f) => f.trackerId === 7).map((f) => f.fixTimeMs),
    );
  });
});

describe('offsets', () => {
  test('rows and offset are there together', async () => {
    await record([
      { fixes: [{ trackerId: tracker(1), fixTimeMs: NOW }] },
      { lane: OTHER, fixes: [{ trackerId: tracker(2), fixTimeMs: NOW }] },
    ]);
    expect((await committed()).committed).toBe(1);
    expect((await committed(OTHER)).committed).toBe(1);
  });

  test('a failure in the middle leaves neither, and the same call again does the work', async () => {
    const failure = new Error('the power went');
    let fail = true;
    const breaking: Store = {
      ...store,
      asSystem: (work) =>
        store.asSystem(async (system) => {
          const result = await work(system);
          if (fail) throw failure;
          return result;
        }),
    };
    fail = false;
    recorder = newRecorder(breaking);
    const [owned] = await takeWith(recorder, [LANE]);
    epochs.set(LANE, owned?.epoch ?? 0);
    await recorder.ensurePartitions(NOW);
    const fixes = [{ trackerId: tracker(1), fixTimeMs: NOW }];
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW - 1_000 }], true);
    fail = true;
    await expect(recordFixes(fixes, true)).rejects.toBe(failure);
    expect(await storedTimes()).toEqual([NOW - 1_000]);
    expect(await committed()).toEqual({ committed: 1, state: 1 });
    fail = false;
    expect(await recordFixes(fixes, true)).toMatchObject({ inserted: 1, duplicates: 0 });
    expect(await lastFixTimes()).toEqual({ 1: NOW });
    expect(await committed()).toEqual({ committed: 2, state: 2 });
  });

  test('a lane somebody else took is left out, and the others are recorded', async () => {
    await takeWith(newRecorder(), [LANE]);
    const outcome = await record([
      { fixes: [{ trackerId: tracker(1), fixTimeMs: NOW }] },
      { lane: OTHER, fixes: [{ trackerId: tracker(2), fixTimeMs: NOW }] },
    ]);
    expect(outcome).toEqual({ inserted: 1, duplicates: 0, fencedLanes: [LANE] });
    expect(await storedTimes(1)).toEqual([]);
    expect(await storedTimes(2)).toEqual([NOW]);
    expect(await lastFixTimes()).toEqual({ 2: NOW });
    await expect(recordFixes([])).rejects.toThrow('not held');
  });

  test('a lane that was fenced in a recording that failed is told as fenced by the next', async () => {
    const failure = new Error('the connection broke');
    let failures = 0;
    const breaking: Store = {
      ...store,
      asSystem: (work) =>
        store.asSystem(async (system) => {
          const result = await work(system);
          if (failures > 0) {
            failures -= 1;
            throw failure;
          }
          return result;
        }),
    };
    recorder = newRecorder(breaking);
    for (const { lane, epoch } of await takeWith(recorder, [LANE, OTHER])) {
      epochs.set(lane, epoch);
    }
    await recorder.ensurePartitions(NOW);
    await takeWith(newRecorder(), [LANE]);
    const stretches = [
      { fixes: [{ trackerId: tracker(1), fixTimeMs: NOW }] },
      { lane: OTHER, fixes: [{ trackerId: tracker(2), fixTimeMs: NOW }] },
    ];
    failures = 1;
    await expect(record(stretches, true)).rejects.toBe(failure);
    expect(await record(stretches, true)).toEqual({
      inserted: 1,
      duplicates: 0,
      fencedLanes: [LANE],
    });
    expect(await lastFixTimes()).toEqual({ 2: NOW });
    await expect(recordFixes([])).rejects.toThrow('not held');
  });

  test('a lane whose offset moved is left out', async () => {
    at.set(LANE, 5);
    const outcome = await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW }]);
    expect(outcome).toEqual({ inserted: 0, duplicates: 0, fencedLanes: [LANE] });
    expect((await committed()).committed).toBe(0);
  });

  test('calls that overlap are refused', async () => {
    const first = recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW }]);
    await expect(recordFixes([])).rejects.toThrow('overlap');
    await first;
  });

  test('a batch without its stretch is refused before anything is written', async () => {
    const payload = batchOf([{ trackerId: tracker(1), fixTimeMs: NOW }]);
    const input = { lanes: [], batches: [{ lane: LANE, payload }], flushLast: false };
    await expect(recorder.record(input)).rejects.toThrow('stretch');
  });
});

describe('last states', () => {
  test('a tracker’s first fix is its last state at once, later ones wait for the flush', async () => {
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW }]);
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW + 1_000 }]);
    expect(await lastFixTimes()).toEqual({ 1: NOW });
    expect(await committed()).toEqual({ committed: 2, state: 0 });
    await recorder.record({ lanes: [], batches: [], flushLast: true });
    expect(await lastFixTimes()).toEqual({ 1: NOW + 1_000 });
    expect(await committed()).toEqual({ committed: 2, state: 2 });
  });

  test('of two fixes of one moment the one received later is the last state', async () => {
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW, receivedTimeMs: NOW + 1 }], true);
    await recordFixes(
      [{ trackerId: tracker(1), fixTimeMs: NOW, receivedTimeMs: NOW + 2, alarm: 'sos' }],
      true,
    );
    const { states } = await store.asSystem(loadLastStates);
    expect(states).toMatchObject([{ alarm: 'sos' }]);
  });

  test('a last state that is no JSON loses its attributes, and keeps nobody else from being written', async () => {
    await recordFixes([1, 2].map((n) => ({ trackerId: tracker(n), fixTimeMs: NOW })));
    await recordFixes([
      { trackerId: tracker(1), fixTimeMs: NOW + 1, attributes: { broken: '{' } },
      { trackerId: tracker(2), fixTimeMs: NOW + 1, attributes: { fine: '1' } },
    ]);
    await recorder.record({ lanes: [], batches: [], flushLast: true });
    const { states } = await store.asSystem(loadLastStates);
    expect(states.toSorted((a, b) => a.trackerId - b.trackerId)).toMatchObject([
      { fixTimeMs: NOW + 1, attributes: {} },
      { fixTimeMs: NOW + 1, attributes: { fine: 1 } },
    ]);
  });

  test('an owner that died before its flush is made good by the next', async () => {
    await recordFixes([
      { trackerId: tracker(1), fixTimeMs: NOW },
      { trackerId: tracker(2), fixTimeMs: NOW },
    ]);
    await recordFixes([
      { trackerId: tracker(1), fixTimeMs: NOW + 1_000 },
      { trackerId: tracker(1), fixTimeMs: NOW + DAY },
      { trackerId: tracker(2), fixTimeMs: NOW - 1_000 },
    ]);
    await take([LANE, OTHER]);
    expect(await lastFixTimes()).toEqual({ 1: NOW + DAY, 2: NOW });
    expect(await committed()).toEqual({ committed: 2, state: 2 });
  });

  test('those of lanes that are given back are written, and only those', async () => {
    const both = [
      { lane: LANE, fixes: [{ trackerId: tracker(1), fixTimeMs: NOW }] },
      { lane: OTHER, fixes: [{ trackerId: tracker(2), fixTimeMs: NOW }] },
    ];
    await record(both);
    await record(
      both.map(({ lane, fixes }) => ({
        lane,
        fixes: fixes.map((f) => ({ ...f, fixTimeMs: NOW + 1 })),
      })),
    );
    await recorder.record({ lanes: [], batches: [], flushLast: false, leaving: [LANE] });
    expect(await lastFixTimes()).toEqual({ 1: NOW + 1, 2: NOW });
    expect(await committed(LANE)).toEqual({ committed: 2, state: 2 });
    expect(await committed(OTHER)).toEqual({ committed: 2, state: 0 });
  });

  test('a lane that was taken by another meanwhile is not begun', async () => {
    const stale = [{ lane: LANE, epoch: epochs.get(LANE) ?? 0 }];
    await take([LANE]);
    expect(await newRecorder().begin([...stale, { lane: OTHER, epoch: 1 }])).toEqual([OTHER]);
  });

  test('readers are told from where in the log to go on', async () => {
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW, speedMps: 2.5 }], true);
    await recordFixes([{ trackerId: tracker(1), fixTimeMs: NOW + 1 }]);
    const { states, stateSequences } = await store.asSystem(loadLastStates);
    expect(states).toMatchObject([{ trackerId: 1, fixTimeMs: NOW, speedMps: 2.5 }]);
    expect(stateSequences).toEqual(
      new Map([
        [LANE, 1],
        [OTHER, 0],
      ]),
    );
  });
});
