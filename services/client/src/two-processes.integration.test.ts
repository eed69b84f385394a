/**
 * Two client processes on one store and one log. What is done through one reaches the sessions of the other,
 * also when every broadcast is lost: then with the looks at the revisions, of which there is one a second.
 */
import type { AlertReply } from '@followme/contracts';
import type { Log } from '@followme/log';
import {
  laneOf,
  positionOfRow,
  RowCursor,
  trustedId,
  type Lane,
  type LogSequence,
  type Position,
} from '@followme/model';
import { createMetrics } from '@followme/platform';
import type { LastStates } from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { createClientService, type ClientService } from './service.ts';
import { createCall, type Call } from './testing/calls.ts';
import { createClientWorld, PASSWORD, type ClientWorld } from './testing/client-world.ts';
import { openViewer, type SocketClient } from './testing/socket-client.ts';

const WAIT_MS = 15_000;
/** A look may be under way when something changes; the next one sees it. */
const MOST_LOOKS = 2;

interface Process {
  readonly service: ClientService;
  readonly url: string;
  readonly call: Call;
  /** Looks at the revisions so far. */
  looks(): number;
}

let world: ClientWorld;
let a: Process;
let b: Process;
const viewers: SocketClient[] = [];

/** The log as a process sees it whose broadcasts all get lost. */
function withoutBroadcasts(log: Log): Log {
  return new Proxy(log, {
    get(target, name) {
      if (name === 'broadcast') return () => undefined;
      const value: unknown = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });
}

async function startProcess(log: Log): Promise<Process> {
  let looks = 0;
  const { liveSource } = world.deps;
  const service = createClientService({
    ...world.deps,
    log,
    metrics: createMetrics(),
    liveSource: {
      ...liveSource,
      revisions: () => {
        looks += 1;
        return liveSource.revisions();
      },
    },
  });
  const { url } = await service.start();
  return { service, url, call: createCall(url), looks: () => looks };
}

beforeAll(async () => {
  world = await createClientWorld();
  const deaf = withoutBroadcasts(world.log);
  a = await startProcess(deaf);
  b = await startProcess(deaf);
});
afterEach(() => {
  for (const viewer of viewers.splice(0)) viewer.close();
});
afterAll(async () => {
  await a.service.stop();
  await b.service.stop();
  await world.stop();
});

async function view(process: Process, key: string): Promise<SocketClient> {
  const viewer = await openViewer(process.url, key);
  viewers.push(viewer);
  await viewer.waitFor('cache');
  return viewer;
}

/** Waits for what a change through A shows at B; answers after how many looks of B it was there. */
async function looksUntil(change: () => Promise<unknown>, isThere: () => unknown): Promise<number> {
  await change();
  const before = b.looks();
  await waitUntil(() => Boolean(isThere()), WAIT_MS, 'the change at the other process');
  return b.looks() - before;
}

async function must(
  reply: Promise<{ readonly status: number; readonly body: ReturnType<JSON['parse']> }>,
) {
  const { status, body } = await reply;
  if (status >= 300) throw new Error(`Got ${status}: ${JSON.stringify(body)}`);
  return body;
}

describe('without a broadcast, within two looks of a second each, a viewer of the other process', () => {
  test('sees what it may see from now on, and forgets the rest', async () => {
    const { alpha } = world;
    await world.report(alpha, alpha.seenId, 1_000);
    await world.report(alpha, alpha.hiddenId, 1_000);
    const viewer = await view(b, alpha.member.key);
    const groups = { trackerIds: [alpha.hiddenId] };
    const path = `/api/groups/${alpha.northId}`;
    const removed = () => viewer.messages.some((m) => m.header === 'trackerRemoved');
    const seesHidden = () =>
      viewer.messages.some(
        (m) => m.header === 'locationUpdate' && m.data.tracker === alpha.hiddenId,
      );
    const change = () => must(a.call(alpha.admin.key, 'PATCH', path, groups));
    expect(await looksUntil(change, () => removed() && seesHidden())).toBeLessThanOrEqual(
      MOST_LOOKS,
    );
    await must(a.call(alpha.admin.key, 'PATCH', path, { trackerIds: [alpha.seenId] }));
  });

  test('sees the trackers of a new group it is in', async () => {
    const { alpha } = world;
    const viewer = await view(b, alpha.member.key);
    const trackerId = await world.addTracker(alpha, 'In the new group');
    await world.report(alpha, trackerId, 1_000);
    const group = { name: 'New', trackerIds: [trackerId], userIds: [alpha.member.userId] };
    const looks = await looksUntil(
      () => must(a.call(alpha.admin.key, 'POST', '/api/groups', group)),
      () =>
        viewer.messages.some((m) => 'data' in m && JSON.stringify(m.data).includes('In the new')),
    );
    expect(looks).toBeLessThanOrEqual(MOST_LOOKS);
  });

  test('is sent away when its session is closed', async () => {
    const { alpha } = world;
    const key = await world.openSession(alpha, alpha.member);
    const viewer = await view(b, key);
    let closed: unknown = null;
    void viewer.closed.then((end) => (closed = end));
    const looks = await looksUntil(
      () => must(a.call(key, 'POST', '/api/logout')),
      () => closed,
    );
    expect(closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
    expect(looks).toBeLessThanOrEqual(MOST_LOOKS);
  });

  test('is sent away when its person is disabled', async () => {
    const { beta } = world;
    const viewer = await view(b, beta.member.key);
    let closed: unknown = null;
    void viewer.closed.then((end) => (closed = end));
    const path = `/api/users/${beta.member.userId}`;
    const looks = await looksUntil(
      () => must(a.call(beta.admin.key, 'PATCH', path, { disabled: true })),
      () => closed,
    );
    expect(closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
    expect(looks).toBeLessThanOrEqual(MOST_LOOKS);
  });

  test('hears of a new alert, and of what somebody does with it', async () => {
    const { alpha } = world;
    const viewer = await view(b, alpha.operator.key);
    const stateOf = (id: number) =>
      viewer.messages.findLast((m) => m.header === 'alert' && m.data.id === id);
    let alertId = 0;
    const raised = await looksUntil(
      async () => (alertId = await world.raise(alpha, alpha.seenId)),
      () => stateOf(alertId),
    );
    expect(raised).toBeLessThanOrEqual(MOST_LOOKS);
    const looks = await looksUntil(
      () => must(a.call(alpha.operator.key, 'POST', `/api/alerts/${alertId}/acknowledge`, {})),
      () => JSON.stringify(stateOf(alertId)).includes('"state":"acknowledged"'),
    );
    expect(looks).toBeLessThanOrEqual(MOST_LOOKS);
  });

  test('hears that places and names of trackers changed', async () => {
    const { alpha } = world;
    const viewer = await view(b, alpha.admin.key);
    const place = { name: 'Here', geometry: { type: 'Point', coordinates: [5, 52], radiusM: 100 } };
    const places = await looksUntil(
      () => must(a.call(alpha.admin.key, 'POST', '/api/fences', place)),
      () => viewer.messages.some((m) => m.header === 'fencesChanged'),
    );
    expect(places).toBeLessThanOrEqual(MOST_LOOKS);
    const path = `/api/trackers/${alpha.seenId}`;
    const names = await looksUntil(
      () => must(a.call(alpha.admin.key, 'PATCH', path, { name: 'Another name' })),
      () => viewer.messages.some((m) => JSON.stringify(m).includes('Another name')),
    );
    expect(names).toBeLessThanOrEqual(MOST_LOOKS);
  });
});

describe('the other process', () => {
  test('shows another look of the customer a second later', async () => {
    const { alpha } = world;
    const nameAt = async ({ url }: Process) =>
      JSON.stringify(await (await fetch(`${url}/api/branding`)).json());
    expect(await nameAt(b)).toContain('Tenant alpha');
    await must(a.call(alpha.admin.key, 'PATCH', '/api/settings', { name: 'New brand' }));
    await waitUntil(async () => (await nameAt(b)).includes('New brand'), 2_000, 'the new name');
  });

  test('takes a key for one socket that this one gave out, once', async () => {
    const { alpha } = world;
    const { sessionKey } = await must(a.call(alpha.member.key, 'POST', '/api/session/socket-key'));
    await view(b, sessionKey);
    const again = await openViewer(a.url, sessionKey);
    expect(await again.closed).toEqual({ code: 1008, reason: 'NOT_SIGNED_IN' });
  });
});

describe('a process that starts while the recorder of another goes on', () => {
  test('shows what was recorded and trimmed from the log before it came to read it', async () => {
    const { alpha, log } = world;
    const trackerId = await world.addTracker(alpha, 'Trimmed');
    const before = await world.deps.liveSource.loadLastStates();
    await world.report(alpha, trackerId, Date.UTC(2026, 6, 1));
    const lane = laneOf(trackerId, log.lanes('positions'));
    const { last } = await log.bounds('positions', lane);
    const recorded: LastStates = {
      states: [await lastPosition(lane, last)],
      stateSequences: new Map([...before.stateSequences, [lane, last]]),
    };
    // the states are read, then the recorder goes on and the log is trimmed, and only then is the log read
    const answers = [before, recorded];
    const liveSource = {
      ...world.deps.liveSource,
      async loadLastStates() {
        const keepFrom = trustedId<LogSequence>(last + 1);
        await log.trim('positions', lane, { olderThanMs: -60_000, keepFrom });
        return answers.shift() ?? recorded;
      },
    };
    const late = createClientService({ ...world.deps, metrics: createMetrics(), liveSource });
    const { url } = await late.start();
    const viewer = await openViewer(url, alpha.admin.key);
    viewers.push(viewer);
    await waitUntil(
      () => JSON.stringify(viewer.messages).includes('2026-07-01T00:00:00.000Z'),
      WAIT_MS,
      'the recorded position',
    );
    expect((await fetch(`${url}/readyz`)).status).toBe(200);
    await late.stop();
  });
});

/** The one position of the record at this place of the log. */
async function lastPosition(lane: Lane, sequence: LogSequence): Promise<Position> {
  const reading = new AbortController();
  const cursor = new RowCursor();
  for await (const record of world.log.read('positions', lane, sequence, reading.signal)) {
    cursor.open(record.payload);
    cursor.next();
    reading.abort();
    return positionOfRow(cursor);
  }
  throw new Error('There is no such record');
}

describe('a session that moves to the other process when its own is gone', () => {
  test('misses no alert and ends in the right state', async () => {
    const { alpha } = world;
    const known = new Map<number, AlertReply>();
    const learn = (alert: AlertReply): void => {
      if (alert.revision > (known.get(alert.id)?.revision ?? 0)) known.set(alert.id, alert);
    };
    const learnFrom = (viewer: SocketClient): void => {
      for (const m of viewer.messages) if (m.header === 'alert') learn(m.data);
    };
    const raised: number[] = [];
    let isRaising = true;
    let fixTimeMs = Date.UTC(2026, 5, 1);
    // alerts and positions go on all the while
    const raising = (async () => {
      while (isRaising || raised.length < 40) {
        raised.push(await world.raise(alpha, alpha.seenId));
        fixTimeMs += 1_000;
        await world.report(alpha, alpha.seenId, fixTimeMs);
      }
    })();
    const first = await view(a, alpha.operator.key);
    await waitUntil(() => first.messages.some((m) => m.header === 'alert'), WAIT_MS, 'an alert');
    // the process is gone, without a word
    first.socket.terminate();
    learnFrom(first);
    const second = await view(b, alpha.operator.key);
    const asked = await must(b.call(alpha.operator.key, 'GET', '/api/alerts?limit=1000'));
    for (const alert of asked.items) learn(alert);
    isRaising = false;
    await raising;
    const [last] = raised.slice(-1);
    await must(a.call(alpha.operator.key, 'POST', `/api/alerts/${last}/acknowledge`, {}));
    await second.waitForAlert(({ id, state }) => id === last && state === 'acknowledged');
    learnFrom(second);
    expect(raised.filter((id) => !known.has(id))).toEqual([]);
    const stored = await must(b.call(alpha.operator.key, 'GET', '/api/alerts?limit=1000'));
    for (const alert of stored.items) expect(known.get(alert.id)).toEqual(alert);
    const expected = new Date(fixTimeMs).toISOString();
    await waitUntil(
      () =>
        second.messages.some(
          (m) =>
            (m.header === 'locationUpdate' && m.data.timestamp === expected) ||
            (m.header === 'cache' && m.data.some(({ timestamp }) => timestamp === expected)),
        ),
      WAIT_MS,
      'the newest position',
    );
  });
});

describe('failed logins', () => {
  test('are counted over all processes', async () => {
    const [c, d] = [await startProcess(world.log), await startProcess(world.log)];
    const tryAt = async ({ url }: Process, password: string) => {
      const reply = await fetch(`${url}/api/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email: 'nobody@alpha.test', password }),
      });
      return reply.status;
    };
    for (let i = 0; i < 5; i += 1) {
      expect(await tryAt(c, 'wrong wrong wrong')).toBe(401);
      expect(await tryAt(d, 'wrong wrong wrong')).toBe(401);
    }
    expect([await tryAt(c, PASSWORD), await tryAt(d, PASSWORD)]).toEqual([429, 429]);
    await c.service.stop();
    await d.service.stop();
  });
});
