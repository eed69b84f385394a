/**
 * The scaled-out installation as it is run: two processes of each kind on one NATS and one PostgreSQL. It does what
 * one process does, and goes on doing it while processes are replaced and killed.
 */
import { Agent, request } from 'node:http';
import {
  NATS_MISSING,
  natsProgram,
  startNats,
  startTestPostgres,
  waitUntil,
  type TestNats,
  type TestPostgres,
} from '@followme/testkit';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { logIn, type Api } from '../support/api.ts';
import { connectDevice } from '../support/device.ts';
import {
  BUILT_PROGRAM,
  startProcess,
  type Role,
  type RunningProcess,
} from '../support/processes.ts';
import { openViewer, type Viewer } from '../support/viewer.ts';

const WAIT_MS = 20_000;
const IMEI = '860000000000023';
const INSIDE = { lon: 5.12, lat: 52.09 } as const;
const OUTSIDE = { lon: 5.2, lat: 52.09 } as const;
const CALLERS = 4;
const QUIET = ['--log-level', 'warn'];

let nats: TestNats;
let postgres: TestPostgres;
let database: Client;
/** Every process that was started and did not end yet. */
const running = new Set<RunningProcess>();
const viewers: Viewer[] = [];

async function start(role: Role, args: readonly string[] = []): Promise<RunningProcess> {
  const process = await startProcess({
    roles: [role],
    log: nats.url,
    store: postgres.url,
    args: [...QUIET, ...args],
    program: BUILT_PROGRAM,
  });
  running.add(process);
  return process;
}

async function kill(process: RunningProcess): Promise<void> {
  await process.kill();
  running.delete(process);
}

const of = (role: Role): RunningProcess[] =>
  [...running].filter(({ roles }) => roles.includes(role));

function firstOf(role: Role): RunningProcess {
  const [first] = of(role);
  if (first === undefined) throw new Error(`No ${role} runs`);
  return first;
}

/** The device reports to this process; its fixes are two seconds apart, wherever it reports. */
let lastFixTimeMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000;
async function report(to: RunningProcess, place: { lon: number; lat: number }): Promise<void> {
  const device = await connectDevice(to.devicePort ?? 0, IMEI);
  lastFixTimeMs += 2_000;
  await device.report(place.lon, place.lat, { fixTimeMs: lastFixTimeMs });
  device.close();
}

async function view(to: RunningProcess): Promise<Viewer> {
  const api = await signIn(to);
  const viewer = await openViewer(to.url ?? '', api.sessionKey);
  viewers.push(viewer);
  return viewer;
}

let login: { readonly email: string; readonly password: string };
const signIn = (to: RunningProcess): Promise<Api> =>
  logIn(to.url ?? '', login.email, login.password);

/** How many crossings of a kind a viewer was told of. */
const crossings = (viewer: Viewer, kind: string): number =>
  viewer.messages.filter(({ header, data }) => header === 'event' && data?.['kind'] === kind)
    .length;

async function count(sql: string): Promise<number> {
  const { rows } = await database.query<{ count: number }>(sql);
  return rows[0]?.count ?? 0;
}

const positions = (): Promise<number> =>
  count('select count(*)::int as count from followme.position');
const events = (): Promise<number> =>
  count('select count(*)::int as count from followme.fence_event');
const occurrences = (): Promise<number> =>
  count('select coalesce(sum(occurrences), 0)::int as count from followme.alert');

async function makeWorld(api: Api): Promise<void> {
  const device = { protocol: 'meitrack', identifier: IMEI };
  await api.must('POST', '/api/trackers', { name: 'Patrol', groupIds: [], device });
  const geometry = { type: 'Point', coordinates: [INSIDE.lon, INSIDE.lat], radiusM: 400 };
  await api.must('POST', '/api/fences', { name: 'Station', geometry });
  await api.must('POST', '/api/rules', {
    name: 'Crossings',
    enabled: true,
    severity: 'high',
    trigger: { kind: 'fence', fenceIds: null, on: ['enter', 'exit'] },
    groupIds: null,
    recipientIds: [],
    webhookIds: [],
    coolDownS: 0,
    escalation: null,
  });
  await waitUntil(
    async () =>
      (await count(
        'select count(*)::int as count from followme.tenant where fences_version <> fences_announced_version',
      )) === 0,
    WAIT_MS,
    'the fence is announced',
  );
}

describe.skipIf(natsProgram() === null)(`a cluster (skipped when ${NATS_MISSING})`, () => {
  beforeAll(async () => {
    nats = await startNats();
    postgres = await startTestPostgres({ empty: true });
    // all at once, on engines that hold nothing
    await Promise.all([
      start('tracker'),
      start('tracker'),
      start('geofence'),
      start('geofence'),
      start('notification'),
      start('client', ['--drain-delay', '1']),
      start('client', ['--drain-delay', '1']),
    ]);
    database = new Client({ connectionString: postgres.adminUrl });
    await database.connect();
  });
  afterAll(async () => {
    for (const viewer of viewers) viewer.close();
    await Promise.all([...running].map((process) => process.kill()));
    await database.end();
    await postgres.stop();
    await nats.stop();
  });

  test('processes that start together make one login, and it opens every process', async () => {
    const logins = [...running].flatMap((process) => process.login ?? []);
    expect(logins).toHaveLength(1);
    [login = { email: '', password: '' }] = logins;
    for (const client of of('client')) expect((await signIn(client)).sessionKey).not.toBe('');
  });

  test('a device reports to either tracker; what it does is recorded, judged and told once', async () => {
    const [a = firstOf('tracker'), b = firstOf('tracker')] = of('tracker');
    await makeWorld(await signIn(firstOf('client')));
    const watching = await Promise.all(of('client').map(view));
    await report(a, OUTSIDE);
    await report(b, INSIDE);
    await report(a, INSIDE);
    for (const viewer of watching) {
      await waitUntil(() => crossings(viewer, 'enter') === 1, WAIT_MS, 'the crossing is told');
    }
    await waitUntil(async () => (await positions()) === 3, WAIT_MS, 'the fixes are recorded');
    await waitUntil(async () => (await occurrences()) === 1, WAIT_MS, 'the alert is raised');
    expect(await events()).toBe(1);
    expect(watching.map((viewer) => crossings(viewer, 'enter'))).toEqual([1, 1]);
  });

  test('every client is replaced while people call, and no request of theirs fails', async () => {
    const { sessionKey } = await signIn(firstOf('client'));
    const callers = Array.from({ length: CALLERS }, () => startCaller(sessionKey));
    for (const old of of('client')) {
      await start('client', ['--drain-delay', '1']);
      expect(await old.stop()).toBe(0);
      running.delete(old);
    }
    const calls = await Promise.all(callers.map((caller) => caller.end()));
    for (const { statuses, failures } of calls) {
      expect(failures).toEqual([]);
      expect(statuses.size).toBe(1);
      expect(statuses.get(200) ?? 0).toBeGreaterThan(20);
    }
  });

  test('one of each is killed; the others go on', async () => {
    const [viewer] = await Promise.all(of('client').slice(1).map(view));
    if (viewer === undefined) throw new Error('There is no second client');
    const victims = (['tracker', 'geofence', 'notification', 'client'] as const).map(firstOf);
    await Promise.all(victims.map(kill));
    await start('notification');
    await report(firstOf('tracker'), OUTSIDE);
    await waitUntil(() => crossings(viewer, 'exit') === 1, WAIT_MS, 'the crossing is told');
    await waitUntil(async () => (await positions()) === 4, WAIT_MS, 'the fix is recorded');
    await waitUntil(async () => (await occurrences()) === 2, WAIT_MS, 'the alert is raised');
    expect(await events()).toBe(2);
  });

  test('SIGTERM ends every process well', async () => {
    const codes = await Promise.all([...running].map((process) => process.stop()));
    running.clear();
    expect(codes).toEqual(codes.map(() => 0));
  });
});

interface Calls {
  readonly statuses: ReadonlyMap<number, number>;
  readonly failures: readonly string[];
}

/**
 * Somebody who calls all the time over connections that stay open, through what a load balancer does: one of the
 * processes that said they were ready when last asked.
 */
function startCaller(sessionKey: string): { end(): Promise<Calls> } {
  const agent = new Agent({ keepAlive: true, maxSockets: 2 });
  const statuses = new Map<number, number>();
  const failures: string[] = [];
  let isEnding = false;
  let ready: RunningProcess[] = of('client');
  const look = setInterval(() => {
    const clients = of('client');
    void Promise.all(clients.map((client) => client.isReady())).then((answers) => {
      ready = clients.filter((_, index) => answers[index]);
    });
  }, 100);
  const call = (url: string): Promise<number> =>
    new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${sessionKey}` };
      const asked = request(`${url}/api/session`, { agent, headers }, (answer) => {
        answer.resume();
        answer.once('end', () => resolve(answer.statusCode ?? 0));
        answer.once('error', reject);
      });
      asked.once('error', reject);
      asked.end();
    });
  const run = async (): Promise<void> => {
    for (let turn = 0; !isEnding; turn += 1) {
      const target = ready[turn % Math.max(ready.length, 1)];
      try {
        const status = await call(target?.url ?? 'http://127.0.0.1:1');
        statuses.set(status, (statuses.get(status) ?? 0) + 1);
      } catch (error) {
        failures.push(String(error));
      }
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  };
  const running = run();
  return {
    async end() {
      isEnding = true;
      await running;
      clearInterval(look);
      agent.destroy();
      return { statuses, failures };
    },
  };
}
