/** Bad input to a start on engines by address: one sentence that names no password, and an exit code. */
import { connect } from 'node:net';
import { trustedId, type Lane } from '@followme/model';
import { createLifecycle, createMetrics, silentLogger, systemClock } from '@followme/platform';
import { createSqlGeofenceState, createSqlLaneLeases } from '@followme/store';
import {
  NATS_MISSING,
  natsProgram,
  startNats,
  startTestPostgres,
  type TestNats,
  type TestPostgres,
} from '@followme/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { exitCodeOf } from '../exit-code.ts';
import { startEngines, type Engines } from './engines.ts';
import { whyNotTogether } from './log-claim.ts';

const SECRET = 'correct-horse';
const LANE = trustedId<Lane>(3);

let nats: TestNats;
let postgres: TestPostgres;

/** Starts the engines, does the work, stops them again. */
async function withEngines<T>(
  places: { readonly log?: string; readonly store?: string },
  work: (engines: Engines) => Promise<T>,
): Promise<T> {
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  const lifecycle = createLifecycle(deps);
  const { log: logUrl = nats.url, store: storeUrl = postgres.url } = places;
  try {
    const options = { dataFolder: '/nonexistent/not-needed', storeUrl, logUrl };
    return await work(await startEngines({ ...deps, lifecycle }, options));
  } finally {
    await lifecycle.stopAll(20_000);
  }
}

interface Refused {
  readonly code: number;
  readonly sentence: string;
}

async function refused(places: {
  readonly log?: string;
  readonly store?: string;
}): Promise<Refused> {
  try {
    await withEngines(places, () => Promise.resolve());
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    expect(sentence).not.toContain('\n');
    expect(sentence).not.toContain(SECRET);
    return { code: exitCodeOf(error), sentence };
  }
  throw new Error('The start was not refused');
}

function withPassword(text: string, password: string): string {
  const url = new URL(text);
  url.password = password;
  return url.href;
}

/** Commits a lane of the operator up to its end, after a record was appended to it. */
async function commitSome({ log, store, ownership }: Engines): Promise<void> {
  await log.append('positions', LANE, new Uint8Array(8));
  const leases = createSqlLaneLeases({ store, consumer: 'geofence', ownership });
  const [owned] = await leases.acquire('test', [LANE], 1);
  if (owned === undefined) throw new Error('The lane was not free');
  const { last } = await log.bounds('positions', LANE);
  const stretch = { fromSequence: owned.committedSequence, toSequence: last };
  const nothing = { states: [], changed: new Set<never>(), fencesVersions: [], events: [] };
  const state = createSqlGeofenceState({ store });
  expect(await state.commit([{ ...owned, ...stretch, ...nothing }])).toEqual(['committed']);
  await leases.release('test', [owned]);
}

describe.skipIf(natsProgram() === null)(`refusals (skipped when ${NATS_MISSING})`, () => {
  beforeAll(async () => {
    [nats, postgres] = await Promise.all([startNats(), startTestPostgres()]);
  });
  afterAll(async () => {
    await Promise.all([nats.stop(), postgres.stop()]);
  });

  test('engines by address need no folder; processes share them by leases', async () => {
    const { ownership, place } = await withEngines({}, async (engines) => ({
      ownership: engines.ownership,
      place: engines.logPlace,
    }));
    expect(ownership).toEqual({ kind: 'leased', leaseMs: 3_000 });
    expect(place).toBe(`${nats.url}/followme`);
  });

  test.each([
    ['a NATS where nothing listens', () => ({ log: 'nats://127.0.0.1:1' }), 69, '127.0.0.1:1'],
    [
      'a database where nothing listens',
      () => ({ store: `postgres://followme:${SECRET}@127.0.0.1:1/followme` }),
      69,
      '127.0.0.1:1',
    ],
    [
      'a database of another name',
      () => ({ store: postgres.url.replace(/\/[^/]*$/, '/no_such_database') }),
      69,
      'no_such_database',
    ],
    [
      'a wrong password of the database',
      () => ({ store: withPassword(postgres.url, SECRET) }),
      77,
      'login',
    ],
    ['a superuser', () => ({ store: postgres.adminUrl }), 77, 'superuser'],
  ])('%s', async (_, places, code, word) => {
    const answer = await refused(places());
    expect(answer).toMatchObject({ code });
    expect(answer.sentence).toContain(word);
  });

  test('a NATS that asks for another login', async () => {
    const locked = await startNats({ login: { user: 'followme', password: 'the right one' } });
    const log = locked.url.replace('nats://', `nats://followme:${SECRET}@`);
    expect(await refused({ log })).toMatchObject({ code: 77 });
    await locked.stop();
  });

  test('a NATS without JetStream', async () => {
    const plain = await startNats({ jetstream: false });
    const answer = await refused({ log: plain.url });
    expect(answer).toMatchObject({ code: 76 });
    expect(answer.sentence).toContain('JetStream');
    await plain.stop();
  });

  test('a database migrated by a newer release', async () => {
    const newer = await startTestPostgres();
    const admin = new Client({ connectionString: newer.adminUrl });
    await admin.connect();
    await admin.query(
      `insert into followme.schema_migration (version, name, checksum) values (999, 'later', 'x')`,
    );
    await admin.end();
    const answer = await refused({ store: newer.url });
    expect(answer).toMatchObject({ code: 65 });
    expect(answer.sentence).toContain('newer release');
    await newer.stop();
  });

  test('the log of another installation', async () => {
    await withEngines({}, commitSome);
    const answer = await refused({ log: `${nats.url}/another` });
    expect(answer).toMatchObject({ code: 65 });
    expect(answer.sentence).toContain(`${nats.url}/another`);
  });

  test('a log that was made anew, at a start and by a process that has it open', async () => {
    const own = await startTestPostgres();
    const places = { log: `${nats.url}/anew`, store: own.url };
    await withEngines(places, async (engines) => {
      await commitSome(engines);
      expect(await whyNotTogether(engines, 'farthestLanes')).toBeNull();
      await removeStream('anew-positions');
      // a stream that is away may come back: that is no answer yet
      await expect(whyNotTogether(engines, 'farthestLanes')).rejects.toThrow(
        'anew-positions is not there any more',
      );
      expect(await refused(places)).toMatchObject({ code: 65 });
      expect(await whyNotTogether(engines, 'farthestLanes')).toMatchObject({ exitCode: 65 });
    });
    await own.stop();
  });
});

/** Removes a stream, as somebody may with the tools of NATS. */
async function removeStream(name: string): Promise<void> {
  const socket = connect({ host: nats.host, port: nats.port });
  const request = `CONNECT {"verbose":false}\r\nSUB answer 1\r\nPUB $JS.API.STREAM.DELETE.${name} answer 0\r\n\r\n`;
  const said = await new Promise<string>((resolve, reject) => {
    let text = '';
    socket.once('error', reject);
    socket.on('data', (chunk) => {
      text += chunk.toString();
      if (text.includes('stream_delete_response')) resolve(text);
    });
    socket.write(request);
  });
  socket.destroy();
  expect(said).toContain('"success":true');
}
