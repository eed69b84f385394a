/** A fleet comes back at once, twice, while a device that never left goes on reporting. */
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createLmdbLog, type Log } from '@followme/log';
import { trustedId, type TenantId, type TrackerId } from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Metrics } from '@followme/platform';
import { encodeAaa, PROTOCOLS } from '@followme/protocols';
import { createRecorderStore, createSqlLaneLeases, openStore, type Store } from '@followme/store';
import { startTestPostgres, waitUntil, type TestPostgres } from '@followme/testkit';
import { startTrackerService, type TrackerService } from '@followme/tracker';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createStorm, reportAt } from '../support/storm.ts';

const FLEET = 3_000;
const LANES = 16;
const LIMIT_MS = 30_000;
const imeiOf = (index: number): string => `87${String(index).padStart(13, '0')}`;

let postgres: TestPostgres;
let looking: Client;
let store: Store;
let folder: string;
let log: Log;
let metrics: Metrics;
let service: TrackerService;
let port: number;

beforeAll(async () => {
  postgres = await startTestPostgres();
  looking = new Client({ connectionString: postgres.adminUrl });
  await looking.connect();
  metrics = createMetrics();
  const shared = { clock: systemClock, logger: silentLogger, metrics };
  store = await openStore({ ...shared, url: postgres.url });
  folder = await mkdtemp(path.join(tmpdir(), 'followme-storm-'));
  log = await createLmdbLog({
    ...shared,
    path: folder,
    lanes: { positions: LANES, events: LANES },
  });
  service = await startTrackerService(
    {
      ...shared,
      log,
      owner: 'storm',
      devices: {
        changes: () =>
          Promise.resolve(
            Array.from({ length: FLEET + 1 }, (_, index) => ({
              protocol: 'meitrack',
              identifier: imeiOf(index),
              tenantId: trustedId<TenantId>(1 + (index % 7)),
              trackerId: trustedId<TrackerId>(index + 1),
              active: true,
            })),
          ),
      },
      unknownDevices: { note: () => Promise.resolve() },
      recorder: createRecorderStore({ ...shared, store }),
      leases: createSqlLaneLeases({ store, consumer: 'recorder', ownership: { kind: 'single' } }),
      offsets: { lowestUnread: () => Promise.resolve(new Map()) },
    },
    { host: '127.0.0.1', portBase: 0, protocols: PROTOCOLS },
  );
  port = service.ports.get('meitrack') ?? 0;
});
afterAll(async () => {
  await service.stop();
  await log.close();
  await store.close();
  await looking.end();
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
});

/** A device that was there before, sending a fix after the other until it is told to stop. */
function startResident(): { stop(): Promise<number> } {
  const socket: Socket = connect(port, '127.0.0.1');
  let step = 0;
  let isOver = false;
  const ended = (async () => {
    await new Promise((resolve) => socket.once('connect', resolve));
    while (!isOver) {
      step += 1;
      socket.write(encodeAaa({ imei: imeiOf(FLEET), flag: 'B' }, reportAt(step)));
      await new Promise((resolve) => {
        setTimeout(resolve, 20);
      });
    }
    socket.destroy();
    return step;
  })();
  return {
    stop() {
      isOver = true;
      return ended;
    },
  };
}

async function recorded(): Promise<{ fleet: number; resident: number }> {
  const { rows } = await looking.query<{ fleet: number; resident: number }>(
    `select count(*) filter (where tracker_id <= $1)::int as fleet,
            count(*) filter (where tracker_id > $1)::int as resident
       from followme.position`,
    [FLEET],
  );
  return rows[0] ?? { fleet: -1, resident: -1 };
}

test(`a fleet of ${FLEET} that comes back at once is let in, none is lost, and who was there goes on`, async () => {
  const resident = startResident();
  const imeis = Array.from({ length: FLEET }, (_, index) => imeiOf(index));
  const storm = createStorm({ host: '127.0.0.1', port, imeis, limitMs: LIMIT_MS });
  const first = await storm.dialAll();
  expect(first).toMatchObject({ answered: FLEET, missing: 0 });
  expect(storm.open).toBe(FLEET);

  storm.dropAll();
  const second = await storm.dialAll();
  expect(second).toMatchObject({ answered: FLEET, missing: 0 });

  const sent = await resident.stop();
  await waitUntil(
    async () => {
      const { fleet, resident: kept } = await recorded();
      return fleet === 2 * FLEET && kept >= sent - 1;
    },
    LIMIT_MS,
    'all of it in the table',
  );
  expect(sent).toBeGreaterThan(10);
  expect(await metrics.read('followme_tracker_connections_refused_total')).toBe(0);
  storm.dropAll();
});
