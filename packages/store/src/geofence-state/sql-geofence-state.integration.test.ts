import { createMetrics, silentLogger, systemClock } from '@followme/platform';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openStore } from '../connect/open-store.ts';
import type { Store } from '../port.ts';
import { createSqlLaneLeases } from '../lanes/sql-lane-leases.ts';
import { describeGeofenceState } from './contract.ts';
import { createSqlGeofenceState } from './sql-geofence-state.ts';

let postgres: TestPostgres;
let store: Store;

beforeAll(async () => {
  postgres = await startTestPostgres();
  store = await openStore({
    url: postgres.url,
    clock: systemClock,
    logger: silentLogger,
    metrics: createMetrics(),
  });
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
});

async function empty(): Promise<void> {
  await store.asSystem(async ({ db }) => {
    for (const table of [
      'lane_progress',
      'lane_lease',
      'geofence_tracker_state',
      'geofence_lane_fences',
      'geofence_lane_marks',
      'fence_event',
    ]) {
      await sql`delete from ${sql.table(`followme.${table}`)}`.execute(db);
    }
  });
}

const leases = () =>
  createSqlLaneLeases({ store, consumer: 'geofence', ownership: { kind: 'single' } });

describeGeofenceState('in PostgreSQL', async () => {
  await empty();
  return { port: createSqlGeofenceState({ store }), leases: leases() };
});

test('marks of a lane never pile up: they are folded as commits go on', async () => {
  await empty();
  const lane = trustedId<Lane>(2);
  const port = createSqlGeofenceState({ store });
  await leases().acquire('one', [lane], 1);
  let most = 0;
  for (let at = 0; at < 140; at += 1) {
    await port.commit([
      {
        lane,
        epoch: 1,
        fromSequence: trustedId<LogSequence>(at),
        toSequence: trustedId<LogSequence>(at + 1),
        states: [
          {
            tenantId: trustedId(1),
            trackerId: trustedId(1),
            eventSeq: 0,
            lastFixTimeMs: at,
            lonE7: at,
            latE7: at,
            inside: [],
          },
        ],
        changed: new Set(),
        fencesVersions: [],
        events: [],
      },
    ]);
    const { rows } = await store.asSystem(({ db }) =>
      sql<{ n: number }>`select count(*)::int as n from followme.geofence_lane_marks`.execute(db),
    );
    most = Math.max(most, rows[0]?.n ?? 0);
  }
  expect(most).toBe(63);
});
