/** The whole service with real sockets on real engines: what viewers are told, and what nobody may do. */
import type { IncomingMessage } from 'node:http';
import { connect, type Socket } from 'node:net';
import { Compile } from 'typebox/compile';
import { ServerMessageSchema } from '@followme/contracts';
import { trustedId, type FenceEvent, type TrackerId } from '@followme/model';
import {
  closeSession,
  createTracker,
  findSession,
  setGroupTrackers,
  updateTracker,
  type TenantScope,
} from '@followme/store';
import { waitUntil } from '@followme/testkit';
import { Client } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { createClientService, type ClientService } from './service.ts';
import { createClientWorld, type ClientWorld, type TestTenant } from './testing/client-world.ts';
import { openSocket, openViewer, type SocketClient } from './testing/socket-client.ts';

const WAIT_MS = 10_000;

let world: ClientWorld;
let service: ClientService;
let url: string;
let fixTimeMs = Date.UTC(2026, 5, 1);
const opened: SocketClient[] = [];

beforeAll(async () => {
  world = await createClientWorld();
});
afterAll(async () => world.stop());
beforeEach(async () => {
  service = createClientService(world.deps);
  ({ url } = await service.start());
});
afterEach(async () => {
  for (const client of opened.splice(0)) client.close();
  await service.stop();
});

const view = async (key: string): Promise<SocketClient> => {
  const client = await openViewer(url, key);
  opened.push(client);
  return client;
};
const knock = async (path?: string): Promise<SocketClient> => {
  const client = await openSocket(url, path);
  opened.push(client);
  return client;
};
/** The answer to an upgrade that is refused. */
const fetchUpgrade = (): Promise<IncomingMessage> =>
  new Promise((resolve) => {
    const socket = new WebSocket(url.replace('http', 'ws'));
    socket.on('unexpected-response', (_, reply) => {
      resolve(reply);
      reply.destroy();
    });
    socket.on('error', () => undefined);
  });
/** A report newer than all before; answers its time as sockets tell it. */
const report = async (tenant: TestTenant, trackerId: TrackerId): Promise<string> => {
  fixTimeMs += 1_000;
  await world.report(tenant, trackerId, fixTimeMs);
  return new Date(fixTimeMs).toISOString();
};
const counted = (outcome: string) => world.metrics.read('followme_sockets_total', { outcome });
const inAlpha = <T>(work: (tenant: TenantScope) => Promise<T>): Promise<T> =>
  world.store.asTenant(world.alpha.tenantId, work);

const updatesHeld = () => world.metrics.read('followme_live_updates_total', { outcome: 'held' });
/** Puts trackers of alpha into the store at once. */
async function addTrackers(count: number): Promise<TrackerId[]> {
  const db = new Client({ connectionString: world.adminUrl });
  await db.connect();
  const { rows } = await db.query<{ id: number }>(
    `with moved as (
       update followme.tenant set registry_revision = registry_revision + 1 where id = $1
       returning registry_revision
     )
     insert into followme.tracker (tenant_id, name, revision)
     select $1, 'Many ' || n, registry_revision from moved, generate_series(1, $2::int) n
     returning id`,
    [world.alpha.tenantId, count],
  );
  await db.end();
  return rows.map(({ id }) => trustedId<TrackerId>(id));
}
/** One report of each, all of one time; answers it as sockets tell it. */
async function reportAll(trackers: readonly TrackerId[]): Promise<string> {
  fixTimeMs += 1_000;
  await world.reportMany(world.alpha, trackers, fixTimeMs);
  return new Date(fixTimeMs).toISOString();
}

describe('the captured protocol, message for message', () => {
  test('key, identification, cache, updates, a ping every second', async () => {
    const { alpha } = world;
    const first = await report(alpha, alpha.seenId);
    await waitUntil(async () => {
      const probe = await view(alpha.member.key);
      const [cache] = await probe.waitFor('cache');
      return cache?.data.some((d) => d.timestamp === first);
    }, WAIT_MS);
    const client = await view(alpha.member.key);
    const [cache] = await client.waitFor('cache');
    expect(client.messages[0]).toEqual({
      header: 'identificationResponse',
      data: {
        success: true,
        user: {
          id: alpha.member.userId,
          name: 'member@alpha.test',
          email: 'member@alpha.test',
          role: 'member',
        },
        tenant: { id: alpha.tenantId, name: 'Tenant alpha', isProvider: true },
      },
    });
    expect(client.messages[1]).toBe(cache);
    expect(cache?.data).toEqual([
      {
        speed: 36,
        location: { longitude: 4.750464, latitude: 52.303345, altitude: null },
        timestamp: first,
        charging: null,
        tracker: alpha.seenId,
        groups: [alpha.northId],
        batteryLevel: null,
        heading: null,
        sattelites: { inUse: null, inView: null },
        name: 'Seen',
        valid: false,
        accuracy: null,
      },
    ]);
    const second = await report(alpha, alpha.seenId);
    expect((await client.waitForUpdate((d) => d.timestamp === second)).tracker).toBe(alpha.seenId);
    await client.waitFor('ping', 2);
    const schema = Compile(ServerMessageSchema);
    for (const message of client.messages) expect(schema.Errors(message)).toEqual([]);
  });

  test('a session sees its groups only; an administrator all of the tenant; nobody another tenant', async () => {
    const { alpha, beta } = world;
    const [member, admin, foreign] = [
      await view(alpha.member.key),
      await view(alpha.admin.key),
      await view(beta.admin.key),
    ];
    await Promise.all([member, admin, foreign].map((client) => client.waitFor('cache')));
    const hidden = await report(alpha, alpha.hiddenId);
    const theirs = await report(beta, beta.seenId);
    const seen = await report(alpha, alpha.seenId);
    await admin.waitForUpdate((d) => d.timestamp === hidden);
    await admin.waitForUpdate((d) => d.timestamp === seen);
    await foreign.waitForUpdate((d) => d.timestamp === theirs);
    await member.waitForUpdate((d) => d.timestamp === seen);
    const trackersOf = (client: SocketClient) =>
      new Set(
        client.messages.flatMap((m) =>
          m.header === 'locationUpdate'
            ? [m.data.tracker]
            : m.header === 'cache'
              ? m.data.map((d) => d.tracker)
              : [],
        ),
      );
    expect(trackersOf(member)).toEqual(new Set([alpha.seenId]));
    expect(trackersOf(admin)).toEqual(new Set([alpha.seenId, alpha.hiddenId]));
    expect(trackersOf(foreign)).toEqual(new Set([beta.seenId]));
  });

  test('events of trackers in view come as they happen', async () => {
    const { alpha } = world;
    const [member, admin] = [await view(alpha.member.key), await view(alpha.admin.key)];
    await Promise.all([member.waitFor('cache'), admin.waitFor('cache')]);
    const event = (trackerId: TrackerId, eventId: string): FenceEvent => ({
      eventId,
      tenantId: alpha.tenantId,
      trackerId,
      fenceId: trustedId(1),
      fenceName: 'Yard',
      fencesVersion: 1,
      kind: 'enter',
      reason: 'fix',
      eventSeq: 1,
      initial: false,
      fixTimeMs,
      receivedTimeMs: fixTimeMs,
      lon: 4,
      lat: 52,
    });
    await world.cross(event(alpha.hiddenId, 'hidden'));
    await world.cross(event(alpha.seenId, 'seen'));
    await admin.waitFor('event', 2);
    const [told] = await member.waitFor('event');
    expect(told?.data).toMatchObject({ eventId: 'seen', kind: 'enter', fenceName: 'Yard' });
    expect(member.messages.filter((m) => m.header === 'event')).toHaveLength(1);
  });

  test('a state that the log repeats from before the start is in the cache', async () => {
    const { alpha } = world;
    await service.stop();
    const time = await report(alpha, alpha.seenId);
    service = createClientService(world.deps);
    ({ url } = await service.start());
    await waitUntil(async () => {
      const reply = await fetch(`${url}/readyz`);
      await reply.arrayBuffer();
      return reply.status === 200;
    }, WAIT_MS);
    const [cache] = await (await view(alpha.member.key)).waitFor('cache');
    expect(cache?.data.map((d) => d.timestamp)).toEqual([time]);
  });

  test('both addresses take sockets, others do not', async () => {
    await knock('/');
    await knock('/socket');
    await expect(openSocket(url, '/api/session')).rejects.toThrow('404');
  });
});

describe('a browser’s socket key', () => {
  test('opens one socket once', async () => {
    const reply = await fetch(`${url}/api/session/socket-key`, {
      method: 'POST',
      headers: { authorization: `Bearer ${world.alpha.member.key}` },
    });
    const { sessionKey } = (await reply.json()) as { sessionKey: string };
    const first = await view(sessionKey);
    expect(first.messages[0]).toMatchObject({ data: { success: true } });
    const second = await view(sessionKey);
    expect(second.messages[0]).toEqual({
      header: 'identificationResponse',
      data: { success: false, code: 'NOT_SIGNED_IN' },
    });
    expect(await second.closed).toEqual({ code: 1008, reason: 'NOT_SIGNED_IN' });
  });
});

describe('what is refused', () => {
  test.each([
    ['no JSON', '{'],
    ['an unknown field', '{"sessionKey":"x","admin":true}'],
    ['a number', '{"sessionKey":7}'],
    ['another message', '{"header":"ping"}'],
  ])('%s as the first message', async (_, text) => {
    const client = await knock();
    client.send(text);
    expect(await client.closed).toEqual({ code: 1008, reason: 'MESSAGE_INVALID' });
    expect(client.messages).toEqual([
      { header: 'identificationResponse', data: { success: false, code: 'MESSAGE_INVALID' } },
    ]);
  });

  test.each([
    ['a key of nobody', () => `fm_${world.alpha.tenantId}_${'A'.repeat(43)}`],
    [
      'a key whose tenant was changed',
      () => world.alpha.admin.key.replace(/^fm_\d+_/, `fm_${world.beta.tenantId}_`),
    ],
    ['a key with SQL in it', () => `fm_1_'; drop table followme.session --`],
  ])('%s', async (_, key) => {
    const client = await knock();
    client.send({ sessionKey: key() });
    expect(await client.closed).toEqual({ code: 1008, reason: 'NOT_SIGNED_IN' });
    expect(client.messages).toHaveLength(1);
  });

  test('an expired key', async () => {
    const key = await world.openSession(world.alpha, world.alpha.member, 1_000);
    world.moveOn(1_001);
    const client = await knock();
    client.send({ sessionKey: key });
    expect((await client.closed).reason).toBe('NOT_SIGNED_IN');
  });

  test('a binary message, and one larger than a key can be', async () => {
    const binary = await knock();
    binary.socket.send(Buffer.from('{"sessionKey":"x"}'));
    expect((await binary.closed).reason).toBe('MESSAGE_INVALID');
    const large = await knock();
    large.send({ sessionKey: 'x'.repeat(5_000) });
    expect((await large.closed).code).toBe(1009);
  });

  test('too many messages a second', async () => {
    const client = await view(world.alpha.member.key);
    for (let i = 0; i < 30; i += 1) client.send({ sessionKey: 'again' });
    expect(await client.closed).toEqual({ code: 1008, reason: 'MESSAGE_RATE' });
  });

  test('more sockets than the process holds', async () => {
    await service.stop();
    const config = { ...world.deps.config, maxSockets: 2 };
    service = createClientService({ ...world.deps, config });
    ({ url } = await service.start());
    const first = await view(world.alpha.member.key);
    await view(world.alpha.member.key);
    const refused = await fetchUpgrade();
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '5']);
    first.close();
    await first.closed;
    await waitUntil(() => openSocket(url).then((c) => opened.push(c)), WAIT_MS);
  });

  test('sockets that do not say who they are for give way to others, the oldest first', async () => {
    await service.stop();
    const config = { ...world.deps.config, maxSockets: 3 };
    service = createClientService({ ...world.deps, config });
    ({ url } = await service.start());
    const silent = [await knock(), await knock(), await knock()];
    const viewer = await view(world.alpha.member.key);
    await viewer.waitFor('cache');
    expect((await silent[0]?.closed)?.code).toBe(1006);
    expect([silent[1]?.socket.readyState, silent[2]?.socket.readyState]).toEqual([1, 1]);
    expect(await counted('crowdedOut')).toBe(1);
  });

  test('one customer does not take the places of all others', async () => {
    await service.stop();
    const config = { ...world.deps.config, maxSockets: 5 };
    service = createClientService({ ...world.deps, config });
    ({ url } = await service.start());
    const { alpha, beta } = world;
    for (let i = 0; i < 4; i += 1) await (await view(alpha.member.key)).waitFor('cache');
    const fifth = await view(alpha.member.key);
    expect(await fifth.closed).toEqual({ code: 1013, reason: 'TENANT_CONNECTIONS' });
    expect(fifth.messages).toEqual([
      { header: 'identificationResponse', data: { success: false, code: 'TENANT_CONNECTIONS' } },
    ]);
    const other = await view(beta.member.key);
    await other.waitFor('cache');
    // who goes makes room
    opened[0]?.close();
    await opened[0]?.closed;
    await waitUntil(async () => {
      const next = await view(alpha.member.key);
      return (await next.waitFor('identificationResponse'))[0]?.data.success;
    }, WAIT_MS);
  });

  test('frames that break the protocol harm nobody else', async () => {
    const good = await view(world.alpha.member.key);
    const bad = await knock();
    const wire = (bad.socket as unknown as { _socket: Socket })._socket;
    wire.write(Buffer.from('ff80deadbeefdeadbeef', 'hex'));
    expect((await bad.closed).code).toBeGreaterThanOrEqual(1002);
    await good.waitFor('ping', 2);
  });
});

describe('while a socket is open', () => {
  test('a tracker that comes into its groups is told, and one that leaves them is not', async () => {
    const { alpha } = world;
    await report(alpha, alpha.hiddenId);
    const client = await view(alpha.member.key);
    await client.waitFor('cache');
    const groups = (trackers: TrackerId[]) =>
      inAlpha((tenant) => setGroupTrackers(tenant, alpha.northId, trackers));
    // straight into the store, as another process would, and without the broadcast
    await groups([alpha.hiddenId]);
    await client.waitForUpdate((d) => d.tracker === alpha.hiddenId);
    const told = client.messages.length;
    await report(alpha, alpha.seenId);
    const last = await report(alpha, alpha.hiddenId);
    await client.waitForUpdate((d) => d.timestamp === last);
    await client.waitFor('ping', client.messages.filter((m) => m.header === 'ping').length + 1);
    const after = client.messages.slice(told);
    expect(
      after.some((m) => m.header === 'locationUpdate' && m.data.tracker === alpha.seenId),
    ).toBe(false);
    await groups([alpha.seenId]);
  });

  test('a new name is told', async () => {
    const { alpha } = world;
    await report(alpha, alpha.seenId);
    const client = await view(alpha.member.key);
    await client.waitFor('cache');
    await inAlpha((tenant) => updateTracker(tenant, alpha.seenId, { name: 'Renamed' }));
    await client.waitForUpdate((d) => d.name === 'Renamed');
    await inAlpha((tenant) => updateTracker(tenant, alpha.seenId, { name: 'Seen' }));
  });

  test('a tracker that is retired and fences that change are told at once', async () => {
    const { alpha } = world;
    const trackerId = await inAlpha(async (tenant) => {
      const made = await createTracker(tenant, { name: 'Short', groupIds: [alpha.northId] });
      if (!made.ok) throw new Error('The tracker cannot be made');
      return made.value;
    });
    const member = await view(alpha.member.key);
    const other = await view(world.beta.admin.key);
    await member.waitFor('cache');
    const request = (method: string, path: string, body?: object) =>
      fetch(url + path, {
        method,
        headers: {
          authorization: `Bearer ${alpha.admin.key}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    const renamed = await request('PATCH', `/api/trackers/${trackerId}`, { name: 'Shorter' });
    expect(renamed.status).toBe(200);
    await waitUntil(
      () => member.messages.some((m) => m.header === 'trackerNamed' && m.data.name === 'Shorter'),
      WAIT_MS,
    );
    expect((await request('DELETE', `/api/trackers/${trackerId}`)).status).toBe(204);
    const [removed] = await member.waitFor('trackerRemoved');
    expect(removed?.data).toEqual({ tracker: trackerId });
    const geometry = { type: 'Point', coordinates: [5.12, 52.09], radiusM: 300 };
    expect((await request('POST', '/api/fences', { name: 'Depot', geometry })).status).toBe(201);
    await member.waitFor('fencesChanged');
    const told = Compile(ServerMessageSchema);
    expect(member.messages.filter((m) => !told.Check(m))).toEqual([]);
    const headers = new Set(other.messages.map(({ header }) => header));
    expect(
      ['trackerNamed', 'trackerRemoved', 'fencesChanged'].some((h) => headers.has(h as 'ping')),
    ).toBe(false);
  });

  test('logging out closes it', async () => {
    const key = await world.openSession(world.alpha, world.alpha.member);
    const client = await view(key);
    await fetch(`${url}/api/logout`, {
      method: 'POST',
      headers: { authorization: `Bearer ${key}` },
    });
    expect(await client.closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
  });

  test('a session closed elsewhere is noticed', async () => {
    const key = await world.openSession(world.alpha, world.alpha.member);
    const client = await view(key);
    const session = await findSession(world.store, key, world.clock.nowMs());
    if (session === null) throw new Error('The session is not there');
    await inAlpha((tenant) => closeSession(tenant, session));
    expect((await client.closed).reason).toBe('SESSION_ENDED');
  });

  test('it is closed when its session expires', async () => {
    const key = await world.openSession(world.alpha, world.alpha.member, 60_000);
    const client = await view(key);
    world.moveOn(60_001);
    expect(await client.closed).toEqual({ code: 1008, reason: 'SESSION_ENDED' });
  });

  test('it is told to go when the service stops', async () => {
    const client = await view(world.alpha.member.key);
    await service.stop();
    expect(await client.closed).toEqual({ code: 1001, reason: 'SERVICE_STOPPING' });
  });
});

describe('hostile and broken connections', () => {
  test('a reader that stops reading costs bounded memory, holds up nobody, and catches up', async () => {
    const { alpha } = world;
    const many = await addTrackers(2_000);
    const [slow, quick] = [await view(alpha.admin.key), await view(alpha.admin.key)];
    await Promise.all([slow.waitFor('cache'), quick.waitFor('cache')]);
    await reportAll(many);
    await slow.waitFor('locationUpdate', many.length);
    slow.socket.pause();
    const heldBefore = await updatesHeld();
    let last = '';
    // until the kernel's buffers and ours are full
    await waitUntil(async () => {
      last = await reportAll(many);
      await quick.waitForUpdate((d) => d.timestamp === last);
      return (await updatesHeld()) > heldBefore;
    }, 60_000);
    slow.socket.resume();
    await waitUntil(() => {
      const newest = new Map<number, string>();
      for (const m of slow.messages) {
        if (m.header === 'locationUpdate') newest.set(m.data.tracker, m.data.timestamp);
      }
      return many.every((trackerId) => newest.get(trackerId) === last);
    }, WAIT_MS);
  });

  test('a socket that goes without a word is forgotten', async () => {
    const client = await view(world.alpha.admin.key);
    client.socket.terminate();
    await waitUntil(async () => {
      const text = await (await fetch(`${url}/metrics`)).text();
      return /^followme_live_sessions 0$/m.test(text);
    }, WAIT_MS);
  });

  test('a request with endless headers is cut off', async () => {
    const { hostname, port } = new URL(url);
    const wire = connect(Number(port), hostname);
    const reply = new Promise<string>((resolve) => {
      let text = '';
      wire.on('data', (bytes) => (text += bytes.toString()));
      wire.on('close', () => resolve(text));
      wire.on('error', () => undefined);
    });
    wire.write('GET / HTTP/1.1\r\nHost: x\r\n');
    for (let i = 0; i < 400; i += 1) wire.write(`X-${i}: ${'y'.repeat(100)}\r\n`);
    expect(await reply).toMatch(/^HTTP\/1\.1 431/);
    expect((await fetch(`${url}/livez`)).status).toBe(200);
  });

  test('a flood of questions whether it is ready asks the rest of the process once a second', async () => {
    await service.stop();
    let asked = 0;
    const clock: typeof world.clock = { ...world.clock, monotonicMs: () => 5_000 };
    service = createClientService({
      ...world.deps,
      clock,
      readiness: () => [{ name: `asked ${(asked += 1)}`, ok: true }],
    });
    ({ url } = await service.start());
    const replies = await Promise.all(Array.from({ length: 50 }, () => fetch(`${url}/readyz`)));
    expect(replies.every((r) => r.status === 200)).toBe(true);
    expect(asked).toBe(1);
  });

  test('what became of sockets is counted', async () => {
    const before = await counted('MESSAGE_INVALID');
    const client = await knock();
    client.send('x');
    await client.closed;
    expect(await counted('MESSAGE_INVALID')).toBe(before + 1);
  });
});
