import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { trustedId, type Lane } from '@followme/model';
import { createLifecycle, createMetrics, silentLogger, systemClock } from '@followme/platform';
import { beginLanes, openStore, type Consumer, type Store } from '@followme/store';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEngines } from './engines.ts';
import { createConsumerOffsets } from './store-ports.ts';

const LANE = trustedId<Lane>(3);
const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };

let postgres: TestPostgres;
let store: Store;
let folder: string;
beforeEach(async () => {
  postgres = await startTestPostgres();
  store = await openStore({ ...deps, url: postgres.url });
  folder = await mkdtemp(path.join(tmpdir(), 'followme-offsets-'));
});
afterEach(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
});

/** Says how far a consumer has come in the lane. */
const at = (consumer: Consumer, sequence: number): Promise<void> =>
  store.asSystem((system) =>
    beginLanes(system, consumer, [{ lane: LANE, sequence: trustedId(sequence) }]),
  );

test('each stream is kept for its own readers: alarms hold positions, crossings hold events', async () => {
  await at('geofence', 50);
  await at('alarms', 40);
  await at('crossings', 7);
  await at('deliveries', 0);
  const offsets = createConsumerOffsets(store);
  expect(await offsets.lowestUnread('positions')).toEqual(new Map([[LANE, 41]]));
  expect(await offsets.lowestUnread('events')).toEqual(new Map([[LANE, 8]]));
});

test('a start compares each offset with the stream it belongs to', async () => {
  const start = async (): Promise<void> => {
    const lifecycle = createLifecycle(deps);
    try {
      const options = { dataFolder: folder, storeUrl: postgres.url, logUrl: null };
      const { log } = await startEngines({ ...deps, lifecycle }, options);
      await log.append('events', LANE, new Uint8Array(1));
    } finally {
      await lifecycle.stopAll(20_000);
    }
  };
  await start();
  await at('crossings', 2);
  await expect(start()).rejects.toThrow('the reader "crossings" was at 2');
  const { rows } = await store.asSystem(({ client }) =>
    client.query('update followme.lane_progress set committed_seq = 1 returning 1'),
  );
  expect(rows).toHaveLength(1);
  await start();
});
