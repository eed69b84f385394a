/** Retention on real partitions, beside a recorder and a reader. */
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import {
  createRetentionStore,
  loadLastStates,
  migrate,
  openStore,
  type RetentionStore,
  type Store,
} from '@followme/store';
import {
  createFakeClock,
  startTestPostgres,
  waitUntil,
  type TestPostgres,
} from '@followme/testkit';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { startDataRetention, type DataRetention } from './data-retention.ts';

const DAY_MS = 86_400_000;
const KEEP = { positionDays: 30, eventDays: 30 };
const LANES = 2;
const WAIT_MS = 20_000;

/** Days since 1970 by the database's clock, which retention goes by. */
let today: number;
let postgres: TestPostgres;
let store: Store;
let retentionStore: RetentionStore;
let admin: Client;
let metrics: Metrics;
const running: DataRetention[] = [];

const dayName = (day: number): string => new Date(day * DAY_MS).toISOString().slice(0, 10);
const atDay = (day: number): string => new Date(day * DAY_MS + DAY_MS / 3).toISOString();

beforeAll(async () => {
  postgres = await startTestPostgres();
  await migrate(postgres.url);
  store = await openStore({
    url: postgres.url,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
  retentionStore = createRetentionStore(store);
  admin = new Client({ connectionString: postgres.adminUrl });
  await admin.connect();
});
afterAll(async () => {
  await admin.end();
  await store.close();
  await postgres.stop();
});
beforeEach(async () => {
  metrics = createMetrics();
  const { rows } = await admin.query<{ day: number }>(
    `select (clock_timestamp() at time zone 'UTC')::date - date '1970-01-01' as day`,
  );
  today = rows[0]?.day ?? Number.NaN;
  await admin.query(`
    delete from followme.position; delete from followme.tracker_last; delete from followme.fence_event;
    delete from followme.fence_version; delete from followme.fence; delete from followme.geofence_lane_fences;
    delete from followme.lane_progress; delete from followme.tenant_alerting; delete from followme.tenant;
    insert into followme.tenant (id, slug, name) values (1, 'one', 'one'), (2, 'two', 'two')`);
  for (let ago = 0; ago <= 33; ago += 1) {
    await admin.query('select followme.ensure_position_partition($1::date)', [
      dayName(today - ago),
    ]);
  }
});
afterEach(async () => {
  for (const retention of running.splice(0)) await retention.stop();
});

/** Positions of tracker 1 on these days, and one last state. */
async function seedPositions(daysAgo: readonly number[], receivedDaysAgo = 0): Promise<void> {
  for (const ago of daysAgo) {
    await admin.query(
      `insert into followme.position (tenant_id, tracker_id, fix_time, content_hash, received_time,
         lon, lat, flags, alarm, event_code) values (1, 1, $1, 7, $2, 4, 52, 1, 0, 0)`,
      [atDay(today - ago), atDay(today - receivedDaysAgo)],
    );
  }
}

async function keptDaysAgo(): Promise<number[]> {
  const { rows } = await admin.query<{ at: Date }>(
    'select fix_time as at from followme.position order by fix_time desc',
  );
  return rows.map(({ at }) => today - Math.floor(at.getTime() / DAY_MS));
}

/** The clock of the process plays no part in what goes, so it is wrong by `aheadMs`. */
function start(aheadMs = 0): { round: () => Promise<void> } {
  const clock = createFakeClock(today * DAY_MS + DAY_MS / 2 + aheadMs);
  const logged: string[] = [];
  const logger = { ...silentLogger, info: (event: string) => void logged.push(event) };
  const deps = { store: retentionStore, lanes: LANES, clock, logger, metrics };
  running.push(startDataRetention(deps, KEEP));
  return {
    // a round is over when it sleeps until the next one
    round: async () => {
      await waitUntil(() => clock.waiting() === 1, WAIT_MS, 'the end of the round');
    },
  };
}

const counted = (name: string, labels?: Record<string, string>): Promise<number> =>
  metrics.read(`followme_retention_${name}_total`, labels);

describe('positions', () => {
  test('the days that are too old go whole, nothing younger goes, and last states stay', async () => {
    await seedPositions([0, 1, 29, 30, 31, 33]);
    await admin.query(
      `insert into followme.tracker_last (tenant_id, tracker_id, lane, fix_time, content_hash, received_time,
         lon, lat, flags, alarm, event_code) values (1, 9, 0, $1, 7, $1, 4, 52, 1, 0, 0)`,
      [atDay(today - 33)],
    );
    await start().round();
    expect(await keptDaysAgo()).toEqual([0, 1, 29, 30]);
    expect(await retentionStore.oldDays(29)).toEqual([dayName(today - 30)]);
    expect(await counted('days_dropped')).toBe(3);
    const { states } = await store.asSystem(loadLastStates);
    expect(states.map(({ trackerId }) => trackerId)).toEqual([9]);
  });

  test.each([400, -400])(
    'go by the clock of the database: a process that is %i days off drops the same',
    async (daysOff) => {
      await seedPositions([0, 30, 31]);
      await seedPositions([2_000], 10);
      await start(daysOff * DAY_MS).round();
      expect(await keptDaysAgo()).toEqual([0, 30, 2_000]);
    },
  );

  test('several processes at once drop each day once and none fails', async () => {
    await seedPositions([31, 32, 33]);
    const rounds = [start(), start(), start()];
    await Promise.all(rounds.map(({ round }) => round().catch(() => undefined)));
    await waitUntil(async () => (await keptDaysAgo()).length === 0, WAIT_MS, 'the days');
    expect(await counted('days_dropped')).toBe(3);
    expect(await counted('failures')).toBe(0);
  });

  test('a day that is still written is refused, whoever asks', async () => {
    for (const ago of [1, 0, -1]) {
      await expect(retentionStore.dropDay(dayName(today - ago))).rejects.toThrow(
        'is still written',
      );
    }
    expect(await retentionStore.dropDay(dayName(today - 500))).toBe('absent');
  });

  test('while somebody reads in a long transaction the day stays, and the recorder is not held up', async () => {
    await seedPositions([33]);
    const reader = new Client({ connectionString: postgres.adminUrl });
    await reader.connect();
    await reader.query('begin; select count(*) from followme.position');
    const dropping = retentionStore.dropDay(dayName(today - 33));
    // comes while the drop waits: behind it for 0.1 s, not for the reader
    await admin.query(`set lock_timeout = '5s'`);
    await seedPositions([0]);
    expect(await dropping).toBe('busy');
    expect(await keptDaysAgo()).toEqual([0, 33]);
    await reader.query('commit');
    await reader.end();
    await admin.query('reset lock_timeout');
    await start().round();
    expect(await keptDaysAgo()).toEqual([0]);
  });

  test('those without a day of their own go when fix and arrival are both too old', async () => {
    await seedPositions([2_000], 10);
    await seedPositions([3_000], 31);
    expect(await keptDaysAgo()).toEqual([2_000, 3_000]);
    await start().round();
    expect(await keptDaysAgo()).toEqual([2_000]);
    expect(await counted('rows_deleted', { what: 'positions' })).toBe(1);
  });
});

describe('events', () => {
  async function seedEvents(rows: readonly { ago: number; count: number; sent: boolean }[]) {
    let sequence = 0;
    for (const { ago, count, sent } of rows) {
      await admin.query(
        `insert into followme.fence_event
           select gen_random_uuid(), 1 + n % 2, 5, $1::int8 + n, 1, 'f', 1, 'enter', 'fix', false, $2, $2, 4, 52,
                  0, $3 from generate_series(1, $4::int) n`,
        [sequence, atDay(today - ago), sent, count],
      );
      sequence += count;
    }
  }

  test('go in batches when they are too old and sent; the numbers of trackers stay', async () => {
    await seedEvents([
      { ago: 31, count: 12_000, sent: true },
      { ago: 31, count: 3, sent: false },
      { ago: 30, count: 4, sent: true },
    ]);
    await admin.query(
      `insert into followme.geofence_tracker_state values (5, 1, 0, 1, 12007, 0, 0, 0, '{}')`,
    );
    const clock = systemClock;
    running.push(
      startDataRetention(
        { store: retentionStore, lanes: LANES, clock, logger: silentLogger, metrics },
        KEEP,
      ),
    );
    const left = async (): Promise<number> => {
      const { rows } = await admin.query<{ n: string }>(
        'select count(*) n from followme.fence_event',
      );
      return Number(rows[0]?.n);
    };
    await waitUntil(async () => (await left()) === 7, WAIT_MS, 'the deletes');
    await waitUntil(
      async () => (await counted('rows_deleted', { what: 'events' })) === 12_000,
      WAIT_MS,
      'the count',
    );
    const { rows } = await admin.query<{ seq: string }>(
      'select event_seq as seq from followme.geofence_tracker_state where tracker_id = 5',
    );
    expect(rows).toEqual([{ seq: '12007' }]);
    await admin.query('delete from followme.geofence_tracker_state');
  });
});

describe('forms of fences', () => {
  const forms = async (): Promise<string[]> => {
    const { rows } = await admin.query<{ form: string }>(
      `select fence_id || '@' || from_version as form from followme.fence_version order by fence_id, from_version`,
    );
    return rows.map(({ form }) => form);
  };

  /** Fence 1 had forms at 1, 3 and 5; fence 2 was deleted at 4; lanes of tenant 1 stand where told. */
  async function seedForms(lanesAt: readonly (number | null)[], deletedDaysAgo: number) {
    await admin.query(
      `insert into followme.fence (id, tenant_id, name, version, deleted_at)
         values (1, 1, 'f', 5, null), (2, 1, 'g', 4, $1)`,
      [atDay(today - deletedDaysAgo)],
    );
    await admin.query(`insert into followme.fence_version
      (tenant_id, fence_id, from_version, to_version, name, shape) values
      (1, 1, 1, 3, 'f', '{}'), (1, 1, 3, 5, 'f', '{}'), (1, 1, 5, null, 'f', '{}'), (1, 2, 2, 4, 'g', '{}')`);
    for (const [lane, version] of lanesAt.entries()) {
      await admin.query(
        `insert into followme.lane_progress (consumer, lane, epoch) values ('geofence', $1, 1)`,
        [lane],
      );
      if (version === null) continue;
      await admin.query('insert into followme.geofence_lane_fences values ($1, 1, $2)', [
        lane,
        version,
      ]);
    }
  }

  test.each([
    ['all lanes have passed them', [5, 6], 40, ['1@5']],
    ['a lane stands at the version before the last', [5, 4], 40, ['1@3', '1@5']],
    ['a lane stands at the first', [6, 1], 40, ['1@1', '1@3', '1@5', '2@2']],
    ['a lane has seen no fence yet', [6, null], 40, ['1@1', '1@3', '1@5', '2@2']],
    ['a lane was never owned', [6], 40, ['1@1', '1@3', '1@5', '2@2']],
    ['the fence was deleted lately', [6, 6], 3, ['1@5', '2@2']],
  ] as const)('that nobody can ask for go: %s', async (_, lanesAt, deletedDaysAgo, left) => {
    await seedForms(lanesAt, deletedDaysAgo);
    await start().round();
    expect(await forms()).toEqual(left);
  });
});
