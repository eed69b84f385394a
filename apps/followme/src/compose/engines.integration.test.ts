import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { createLifecycle, createMetrics, silentLogger, systemClock } from '@followme/platform';
import { createSqlGeofenceState, createSqlLaneLeases } from '@followme/store';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { logFolder } from './data-folder.ts';
import { startEngines, type Engines } from './engines.ts';

const LANE = trustedId<Lane>(3);

let postgres: TestPostgres;
let folder: string;
beforeEach(async () => {
  postgres = await startTestPostgres();
  folder = await mkdtemp(path.join(tmpdir(), 'followme-engines-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await postgres.stop();
});

/** Starts the engines on a data folder and the one database, does the work, stops them again. */
async function withEngines<T>(name: string, work: (engines: Engines) => Promise<T>): Promise<T> {
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  const lifecycle = createLifecycle(deps);
  const options = { dataFolder: path.join(folder, name), storeUrl: postgres.url, logUrl: null };
  try {
    return await work(await startEngines({ ...deps, lifecycle }, options));
  } finally {
    await lifecycle.stopAll(20_000);
  }
}

const append = ({ log }: Engines): Promise<unknown> =>
  log.append('positions', LANE, new Uint8Array(8));

/** Commits the lane up to its end, as the operator does. */
async function commitAll({ log, store }: Engines): Promise<void> {
  const state = createSqlGeofenceState({ store });
  const ownership = { kind: 'single' } as const;
  const leases = createSqlLaneLeases({ store, consumer: 'geofence', ownership });
  const [owned] = await leases.acquire('test', [LANE], 1);
  if (owned === undefined) throw new Error('The lane was not free');
  const { last } = await log.bounds('positions', LANE);
  const nothing = { states: [], changed: new Set<never>(), fencesVersions: [], events: [] };
  const stretch = { fromSequence: owned.committedSequence, toSequence: last };
  expect(await state.commit([{ ...owned, ...stretch, ...nothing }])).toEqual(['committed']);
}

const lastOf = async ({ log }: Engines): Promise<LogSequence> =>
  (await log.bounds('positions', LANE)).last;

describe('log and database', () => {
  test('that belong together start again, whatever the log holds beyond the offsets', async () => {
    await withEngines('one', async (engines) => {
      await append(engines);
      await commitAll(engines);
      await append(engines);
    });
    expect(await withEngines('one', lastOf)).toBe(2);
  });

  test('of two installations are refused in one sentence that names both logs, and stay as they are', async () => {
    const first = await withEngines('one', async ({ log }) => log.identity);
    const refused = withEngines('two', lastOf);
    await expect(refused).rejects.toThrow(
      `The database belongs to the log ${first}, and the log in`,
    );
    await expect(refused).rejects.toThrow(path.join(folder, 'two', 'log'));
    expect(await withEngines('one', async ({ log }) => log.identity)).toBe(first);
  });

  test('an older copy of the log is refused in one sentence, the newest one starts', async () => {
    await withEngines('one', append);
    const [log, older] = [logFolder(path.join(folder, 'one')), path.join(folder, 'older')];
    await cp(log, older, { recursive: true });
    await withEngines('one', async (engines) => {
      await append(engines);
      await commitAll(engines);
    });
    const newest = path.join(folder, 'newest');
    await cp(log, newest, { recursive: true });
    await rm(log, { recursive: true });
    await cp(older, log, { recursive: true });
    await expect(withEngines('one', lastOf)).rejects.toThrow(
      'ends before what the database has committed (lane 3 ends at 1, the reader "geofence" was at 2)',
    );
    await rm(log, { recursive: true });
    await cp(newest, log, { recursive: true });
    expect(await withEngines('one', lastOf)).toBe(2);
  });
});
