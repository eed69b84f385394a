/** What each entity's routes do, on a real store: what they answer, and to whom. */
import type { FastifyInstance } from 'fastify';
import { FLAG } from '@followme/model';
import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientWorld, PASSWORD, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';
import { FAILURES_PER_ACCOUNT } from './login-limit.ts';

let world: ClientWorld;
let app: FastifyInstance;

beforeAll(async () => {
  world = await createClientWorld();
  app = await createHttpApp(world.deps, () => true);
});
afterAll(async () => {
  await app.close();
  await world.stop();
});

type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE';
async function call(key: string, method: Method, url: string, payload?: object) {
  const reply = await app.inject({
    method,
    url,
    headers: { authorization: `Bearer ${key}` },
    ...(payload === undefined ? {} : { payload }),
  });
  return { status: reply.statusCode, body: reply.body === '' ? null : reply.json() };
}
const asAdmin = (method: Method, url: string, payload?: object) =>
  call(world.alpha.admin.key, method, url, payload);
const asMember = (method: Method, url: string, payload?: object) =>
  call(world.alpha.member.key, method, url, payload);
const logIn = (payload: object, host = 'alpha.test') =>
  app.inject({ method: 'POST', url: '/api/login', headers: { host }, payload });

describe('logging in', () => {
  test('answers the key, the person and the tenant, and sets a cookie no script can read', async () => {
    const reply = await logIn({ email: 'ADMIN@alpha.test', password: PASSWORD }, 'alpha.test:8080');
    expect(reply.statusCode).toBe(200);
    const body = reply.json();
    expect(body).toEqual({
      sessionKey: expect.stringMatching(/^fm_\d+_[\w-]{43}$/),
      user: {
        id: world.alpha.admin.userId,
        name: 'admin@alpha.test',
        email: 'admin@alpha.test',
        role: 'administrator',
      },
      tenant: { id: world.alpha.tenantId, name: 'Tenant alpha', isProvider: true },
    });
    expect(reply.headers['set-cookie']).toBe(
      `followme_session=${body.sessionKey}; HttpOnly; SameSite=Strict; Path=/; Max-Age=3600`,
    );
    const headers = { cookie: `other=1; followme_session=${body.sessionKey}` };
    const session = await app.inject({ url: '/api/session', headers });
    expect(session.json()).toEqual({ user: body.user, tenant: body.tenant });
  });

  test('a person of another tenant is nobody here', async () => {
    const reply = await logIn({ email: 'admin@beta.test', password: PASSWORD }, 'alpha.test');
    expect([reply.statusCode, reply.json().code]).toEqual([401, 'LOGIN_FAILED']);
    expect(
      (await logIn({ email: 'admin@beta.test', password: PASSWORD }, 'beta.test')).statusCode,
    ).toBe(200);
  });

  test('a wrong password and an unknown person are told apart by nothing', async () => {
    const wrong = await logIn({ email: 'admin@alpha.test', password: 'x' });
    const unknown = await logIn({ email: 'nobody@alpha.test', password: 'x' });
    expect(wrong.statusCode).toBe(401);
    expect(unknown.json()).toEqual(wrong.json());
  });

  test('too many failures close the account to the address, not to others', async () => {
    const body = { email: 'member@alpha.test', password: 'wrong' };
    for (let i = 0; i < FAILURES_PER_ACCOUNT; i += 1)
      expect((await logIn(body)).statusCode).toBe(401);
    const limited = await logIn({ ...body, password: PASSWORD });
    expect([limited.statusCode, limited.json().code]).toEqual([429, 'TOO_MANY_ATTEMPTS']);
    expect(Number(limited.headers['retry-after'])).toBeGreaterThan(800);
    const elsewhere = await app.inject({
      method: 'POST',
      url: '/api/login',
      headers: { host: 'alpha.test' },
      remoteAddress: '10.0.0.9',
      payload: { ...body, password: PASSWORD },
    });
    expect(elsewhere.statusCode).toBe(200);
  });

  test('logging out ends the session and takes the cookie away', async () => {
    const key = await world.openSession(world.alpha, world.alpha.member);
    const headers = { cookie: `followme_session=${key}`, 'x-followme': '1' };
    const reply = await app.inject({ method: 'POST', url: '/api/logout', headers });
    expect(reply.statusCode).toBe(204);
    expect(reply.headers['set-cookie']).toContain('followme_session=; ');
    expect((await call(key, 'GET', '/api/session')).status).toBe(401);
  });

  test('a change with the cookie is taken from our own origin', async () => {
    const headers = {
      cookie: `followme_session=${world.alpha.member.key}`,
      host: 'alpha.test:8080',
      origin: 'http://alpha.test:8080',
    };
    const reply = await app.inject({ method: 'POST', url: '/api/session/socket-key', headers });
    expect(reply.json()).toEqual({
      sessionKey: expect.stringMatching(/^fk_\d+_[\w-]{43}$/),
      expiresInS: 60,
    });
  });

  test('a key that opens sockets opens nothing over HTTP', async () => {
    const { body } = await asMember('POST', '/api/session/socket-key');
    expect((await call(body.sessionKey, 'GET', '/api/session')).status).toBe(401);
  });
});

describe('trackers', () => {
  test('an administrator makes, changes, finds and retires one', async () => {
    const device = { protocol: 'meitrack', identifier: '353358017784062' };
    const groupIds = [world.alpha.northId];
    const made = await asAdmin('POST', '/api/trackers', { name: 'Van 7', groupIds, device });
    expect(made).toMatchObject({ status: 201, body: { name: 'Van 7', groupIds, device } });
    const url = `/api/trackers/${made.body.id}`;
    expect((await asAdmin('GET', url)).body).toEqual(made.body);
    const found = await asAdmin('GET', '/api/trackers?search=0177840');
    expect(found.body.items.map((t: { id: number }) => t.id)).toEqual([made.body.id]);
    const changed = await asAdmin('PATCH', url, { name: 'Van 8', groupIds: [], device: null });
    expect(changed.body).toEqual({ id: made.body.id, name: 'Van 8', groupIds: [], device: null });
    expect((await asAdmin('PATCH', url, {})).body).toEqual(changed.body);
    expect((await asAdmin('DELETE', url)).status).toBe(204);
    expect((await asAdmin('GET', url)).body.code).toBe('TRACKER_NOT_FOUND');
    expect((await asAdmin('DELETE', url)).status).toBe(404);
    expect((await asAdmin('GET', `${url}/positions`)).status).toBe(200);
  });

  test('a device that another tenant has is taken, and whose it is stays unsaid', async () => {
    const device = { protocol: 'meitrack', identifier: 'beta-1' };
    const made = await asAdmin('POST', '/api/trackers', { name: 'Thief', device });
    expect([made.status, made.body.code]).toEqual([409, 'DEVICE_TAKEN']);
    const changed = await asAdmin('PATCH', `/api/trackers/${world.alpha.hiddenId}`, { device });
    expect([changed.status, changed.body.code]).toEqual([409, 'DEVICE_TAKEN']);
  });

  test('groups that are none of the tenant are refused, and nothing is made or changed', async () => {
    const ids = [world.alpha.northId, world.beta.northId, 2_000_000_000];
    const refused = {
      status: 404,
      body: {
        code: 'GROUP_NOT_FOUND',
        path: '/body/groupIds',
        detail: `Got groups that do not exist: ${world.beta.northId}, 2000000000`,
      },
    };
    const body = { name: 'Nowhere', groupIds: ids };
    expect(await asAdmin('POST', '/api/trackers', body)).toMatchObject(refused);
    expect((await asAdmin('GET', '/api/trackers?search=nowhere')).body.items).toEqual([]);
    const url = `/api/trackers/${world.alpha.seenId}`;
    const before = await asAdmin('GET', url);
    expect(await asAdmin('PATCH', url, body)).toMatchObject(refused);
    expect((await asAdmin('GET', url)).body).toEqual(before.body);
  });

  test('a device of a family nobody here speaks is refused, and the families are named', async () => {
    const device = { protocol: 'foo', identifier: '1' };
    const refused = {
      status: 422,
      body: {
        code: 'DEVICE_PROTOCOL_UNKNOWN',
        path: '/body/device/protocol',
        detail: 'Got foo, expected one of: meitrack, simple',
      },
    };
    expect(await asAdmin('POST', '/api/trackers', { name: 'Foo', device })).toMatchObject(refused);
    const url = `/api/trackers/${world.alpha.hiddenId}`;
    const before = await asAdmin('GET', url);
    expect(await asAdmin('PATCH', url, { name: 'Foo', device })).toMatchObject(refused);
    expect((await asAdmin('GET', url)).body).toEqual(before.body);
  });

  test('a member sees those of their groups only, without their devices', async () => {
    const { seenId, hiddenId, northId } = world.alpha;
    const { body } = await asMember('GET', '/api/trackers');
    expect(body).toEqual({
      items: [{ id: seenId, name: 'Seen', groupIds: [northId], device: null }],
      nextCursor: null,
    });
    expect((await asMember('GET', `/api/trackers/${seenId}`)).status).toBe(200);
    expect((await asMember('GET', `/api/trackers/${hiddenId}`)).status).toBe(404);
    expect((await asMember('GET', `/api/trackers/${hiddenId}/positions`)).status).toBe(404);
    expect((await asMember('GET', `/api/events?trackerId=${hiddenId}`)).status).toBe(404);
  });

  test('groups the member is not in are not named', async () => {
    const group = await asAdmin('POST', '/api/groups', {
      name: 'Secret',
      trackerIds: [world.alpha.seenId],
    });
    const { body } = await asMember('GET', `/api/trackers/${world.alpha.seenId}`);
    expect(body.groupIds).toEqual([world.alpha.northId]);
    await asAdmin('DELETE', `/api/groups/${group.body.id}`);
  });

  test('another tenant’s tracker is answered exactly like one that does not exist', async () => {
    for (const [method, payload] of [
      ['GET', undefined],
      ['PATCH', { name: 'Mine' }],
      ['DELETE', undefined],
    ] as const) {
      const theirs = await asAdmin(method, `/api/trackers/${world.beta.seenId}`, payload);
      const nobodys = await asAdmin(method, '/api/trackers/2000000000', payload);
      expect(theirs.status).toBe(404);
      expect(theirs.body).toEqual(nobodys.body);
    }
  });

  test('a list goes on where its page ended', async () => {
    const first = await asAdmin('GET', '/api/trackers?limit=1');
    expect(first.body.items).toHaveLength(1);
    const second = await asAdmin('GET', `/api/trackers?limit=1&cursor=${first.body.nextCursor}`);
    expect(second.body.items[0].id).toBeGreaterThan(first.body.items[0].id);
  });

  test.each([
    ['?limit=0', '/querystring/limit'],
    ['?limit=1001', '/querystring/limit'],
    ['?limit=x', '/querystring/limit'],
    ['?colour=red', '/querystring/colour'],
    ['?groupId=-1', '/querystring/groupId'],
    ['?search=', '/querystring/search'],
  ])('the query %s is refused and its place named', async (query, path) => {
    const { status, body } = await asAdmin('GET', `/api/trackers${query}`);
    expect([status, body.code, body.path]).toEqual([400, 'VALIDATION_FAILED', path]);
  });

  test.each(['x', 'bm9uc2Vuc2U', '%00'])('the cursor %s is refused', async (cursor) => {
    const { status, body } = await asAdmin('GET', `/api/trackers?cursor=${cursor}`);
    expect([status, body.code]).toEqual([400, 'CURSOR_INVALID']);
  });

  test.each(['x', '0', '-1', '1.5', '99999999999'])('the id %s is none', async (id) => {
    expect((await asAdmin('GET', `/api/trackers/${id}`)).status).toBe(400);
  });

  test.each([
    [{ name: '' }],
    [{ name: '   ' }],
    [{ name: 'a\u0000b' }],
    [{ name: 'x'.repeat(201) }],
    [{ name: 7 }],
    [{}],
    [{ name: 'x', groupIds: ['1'] }],
    [{ name: 'x', groupIds: [1, 1] }],
    [{ name: 'x', device: { protocol: 'meitrack' } }],
    [{ name: 'x', device: { protocol: 'meitrack', identifier: '1', port: 1 } }],
    [{ name: 'x', device: { protocol: '../etc', identifier: '1' } }],
    [{ name: 'x', device: { protocol: 'meitrack', identifier: 'a b' } }],
  ])('the tracker %j is refused', async (payload) => {
    const { status, body } = await asAdmin('POST', '/api/trackers', payload);
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
  });
});

describe('groups', () => {
  test('an administrator makes, changes and removes one', async () => {
    const { seenId, hiddenId, member } = world.alpha;
    const made = await asAdmin('POST', '/api/groups', {
      name: 'South',
      trackerIds: [hiddenId, seenId],
      userIds: [member.userId],
    });
    expect(made.status).toBe(201);
    expect(made.body).toMatchObject({ name: 'South', userIds: [member.userId] });
    expect([...made.body.trackerIds].sort()).toEqual([seenId, hiddenId].sort());
    const url = `/api/groups/${made.body.id}`;
    expect((await asMember('GET', url)).body).toEqual({ ...made.body, userIds: [] });
    expect((await asMember('GET', `/api/trackers/${hiddenId}`)).status).toBe(200);
    const changed = await asAdmin('PATCH', url, { name: 'West', trackerIds: [], userIds: [] });
    expect(changed.body).toEqual({ id: made.body.id, name: 'West', trackerIds: [], userIds: [] });
    expect((await asMember('GET', url)).body.code).toBe('GROUP_NOT_FOUND');
    expect((await asAdmin('DELETE', url)).status).toBe(204);
    expect((await asAdmin('DELETE', url)).status).toBe(404);
  });

  test('two of one name are refused', async () => {
    const { status, body } = await asAdmin('POST', '/api/groups', { name: 'North' });
    expect([status, body.code]).toEqual([409, 'GROUP_NAME_TAKEN']);
  });

  test.each([
    ['trackerIds', 'TRACKER_NOT_FOUND', () => [world.alpha.seenId, world.beta.seenId]],
    ['userIds', 'USER_NOT_FOUND', () => [world.beta.admin.userId]],
    ['trackerIds', 'TRACKER_NOT_FOUND', () => [2_000_000_000]],
  ])(
    '%s that are none of the tenant’s are refused, and nothing is made or changed',
    async (field, code, ids) => {
      const before = (await asAdmin('GET', '/api/groups')).body;
      const refusal = { code, path: `/body/${field}` };
      const body = { name: 'Grab', [field]: ids() };
      expect((await asAdmin('POST', '/api/groups', body)).body).toMatchObject(refusal);
      const changed = await asAdmin('PATCH', `/api/groups/${world.alpha.northId}`, body);
      expect(changed.body).toMatchObject(refusal);
      expect((await asAdmin('GET', '/api/groups')).body).toEqual(before);
    },
  );

  test('another tenant’s group cannot be read, changed or removed', async () => {
    const url = `/api/groups/${world.beta.northId}`;
    expect((await asAdmin('GET', url)).status).toBe(404);
    expect((await asAdmin('PATCH', url, { trackerIds: [] })).status).toBe(404);
    expect((await asAdmin('DELETE', url)).status).toBe(404);
    const { body } = await call(world.beta.admin.key, 'GET', url);
    expect(body.trackerIds).toEqual([world.beta.seenId]);
  });

  test('a member sees their own only', async () => {
    const { body } = await asMember('GET', '/api/groups');
    expect(body.items.map((g: { id: number }) => g.id)).toEqual([world.alpha.northId]);
  });
});

describe('fences', () => {
  const square = (lon: number): object => ({
    type: 'Polygon',
    coordinates: [
      [
        [lon, 52],
        [lon + 0.1, 52],
        [lon + 0.1, 52.1],
        [lon, 52.1],
        [lon, 52],
      ],
    ],
  });

  test('an administrator makes, changes and removes one; the version grows with each change', async () => {
    const made = await asAdmin('POST', '/api/fences', { name: 'Yard', geometry: square(4) });
    expect(made).toMatchObject({ status: 201, body: { name: 'Yard', geometry: square(4) } });
    const url = `/api/fences/${made.body.id}`;
    expect((await asMember('GET', url)).body).toEqual(made.body);
    const circle = { type: 'Point', coordinates: [4.7, 52.3], radiusM: 250 };
    const changed = await asAdmin('PATCH', url, { geometry: circle });
    expect(changed.body).toMatchObject({ name: 'Yard', geometry: circle });
    expect(changed.body.version).toBeGreaterThan(made.body.version);
    const listed = await asMember('GET', '/api/fences');
    expect(listed.body.items).toEqual([changed.body]);
    expect((await asAdmin('DELETE', url)).status).toBe(204);
    expect((await asAdmin('GET', url)).body.code).toBe('FENCE_NOT_FOUND');
    expect((await asAdmin('PATCH', url, { name: 'x' })).status).toBe(404);
  });

  test('what changes nothing makes no version and is told to nobody', async () => {
    const made = await asAdmin('POST', '/api/fences', { name: 'Same', geometry: square(4) });
    const url = `/api/fences/${made.body.id}`;
    const heard: string[] = [];
    const end = world.log.subscribe('fences', () => heard.push('told'));
    for (const same of [{}, { name: 'Same' }, { name: 'Same', geometry: square(4) }]) {
      expect(await asAdmin('PATCH', url, same)).toEqual({ status: 200, body: made.body });
    }
    const changed = await asAdmin('PATCH', url, { name: 'Other' });
    expect(changed.body.version).toBe(made.body.version + 1);
    await expect.poll(() => heard).toEqual(['told']);
    end();
    await asAdmin('DELETE', url);
  });

  test('other processes are told of each change', async () => {
    const heard: string[] = [];
    const end = world.log.subscribe('fences', (payload) =>
      heard.push(Buffer.from(payload).toString()),
    );
    const made = await asAdmin('POST', '/api/fences', { name: 'Told', geometry: square(5) });
    await asAdmin('PATCH', `/api/fences/${made.body.id}`, { name: 'Told again' });
    await asAdmin('DELETE', `/api/fences/${made.body.id}`);
    await expect.poll(() => heard).toEqual(Array(3).fill(String(world.alpha.tenantId)));
    end();
  });

  test.each([
    [
      'crosses itself',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [1, 0],
            [0, 1],
            [0, 0],
          ],
        ],
      },
      'SELF_INTERSECTION',
    ],
    ['is empty', { type: 'Polygon', coordinates: [] }, 'EMPTY'],
    [
      'has two points',
      {
        type: 'Polygon',
        coordinates: [
          [
            [0, 0],
            [1, 1],
            [0, 0],
          ],
        ],
      },
      'TOO_FEW_POINTS',
    ],
    ['lies off the earth', { type: 'Point', coordinates: [4, 91], radiusM: 5 }, 'OUT_OF_RANGE'],
    ['has no extent', { type: 'Point', coordinates: [4, 52], radiusM: 0 }, 'RADIUS_OUT_OF_RANGE'],
  ])('a geometry that %s is refused with reason', async (_, geometry, reason) => {
    const { status, body } = await asAdmin('POST', '/api/fences', { name: 'Bad', geometry });
    expect([status, body.code, body.reason]).toEqual([422, 'FENCE_INVALID', reason]);
    expect(body.path).toMatch(/^\/body\/geometry/);
    expect(body.detail).not.toBe('');
  });

  test.each([
    ['has a size that is a text', { type: 'Point', coordinates: [4, 52], radiusM: '300' }],
    ['is a collection', { type: 'GeometryCollection', geometries: [] }],
    ['is of a type nobody knows', { type: 'Blob', coordinates: [] }],
    ['has a text for coordinates', { type: 'Polygon', coordinates: 'x' }],
  ])('a geometry that %s is refused as a fence, not as a field', async (_, geometry) => {
    const { status, body } = await asAdmin('POST', '/api/fences', { name: 'Bad', geometry });
    expect([status, body.code]).toEqual([422, 'FENCE_INVALID']);
    expect(body.detail).not.toContain('not a field');
  });

  test('a Feature with a bbox, as drawing tools write it, is taken by its geometry', async () => {
    const bbox = [4, 52, 4.1, 52.1];
    const geometry = { type: 'Feature', properties: {}, bbox, geometry: { ...square(4), bbox } };
    const made = await asAdmin('POST', '/api/fences', { name: 'Drawn', geometry });
    expect(made).toMatchObject({ status: 201, body: { geometry: square(4) } });
    await asAdmin('DELETE', `/api/fences/${made.body.id}`);
  });

  test.each(['', '  '])(
    'the blank name %j is refused in words, not with a pattern',
    async (name) => {
      const { status, body } = await asAdmin('POST', '/api/fences', { name, geometry: square(4) });
      expect([status, body.path, body.detail]).toEqual([
        400,
        '/body/name',
        'name must not be blank and must not hold control characters',
      ]);
    },
  );

  test.each(['x', null, [[]]])('%j is no geometry', async (geometry) => {
    const { status, body } = await asAdmin('POST', '/api/fences', { name: 'Bad', geometry });
    expect([status, body.code]).toEqual([400, 'VALIDATION_FAILED']);
  });

  test('a fence with too many vertices is refused, one with many is taken', async () => {
    const ring = (count: number) => {
      const points = Array.from({ length: count }, (_, i) => {
        const angle = (2 * Math.PI * i) / count;
        return [4 + Math.cos(angle), 52 + Math.sin(angle)].map((v) => Number(v.toFixed(7)));
      });
      return { type: 'Polygon', coordinates: [[...points, points[0]]] };
    };
    const large = await asAdmin('POST', '/api/fences', { name: 'Large', geometry: ring(20_000) });
    expect(large.status).toBe(201);
    const huge = await asAdmin('POST', '/api/fences', { name: 'Huge', geometry: ring(100_001) });
    expect([huge.status, huge.body.reason]).toEqual([422, 'TOO_MANY_VERTICES']);
    await asAdmin('DELETE', `/api/fences/${large.body.id}`);
  });

  test('another tenant’s fence does not exist', async () => {
    const theirs = await call(world.beta.admin.key, 'POST', '/api/fences', {
      name: 'Theirs',
      geometry: square(6),
    });
    const url = `/api/fences/${theirs.body.id}`;
    expect((await asAdmin('GET', url)).status).toBe(404);
    expect((await asAdmin('PATCH', url, { name: 'Mine' })).status).toBe(404);
    expect((await asAdmin('DELETE', url)).status).toBe(404);
    expect((await asAdmin('GET', '/api/fences')).body.items).toEqual([]);
  });
});

describe('positions and events', () => {
  /** Flags and attributes of a fix whose own clock was impossible. */
  const suspect = [FLAG.valid | FLAG.timeSuspect, { rawFixTimeMs: 4_102_444_800_000 }];
  const fixTimes = ['2026-01-01T10:00:00Z', '2026-01-01T11:00:00Z', '2026-01-01T12:00:00Z'];

  beforeAll(async () => {
    const db = new Client({ connectionString: world.adminUrl });
    await db.connect();
    for (const tenant of [world.alpha, world.beta]) {
      for (const trackerId of [tenant.seenId, tenant.hiddenId]) {
        for (const [index, fixTime] of fixTimes.entries()) {
          await db.query(
            `insert into followme.position (tenant_id, tracker_id, fix_time, content_hash, received_time,
               lon, lat, flags, alarm, event_code, speed_mps, battery_pct, attributes)
             values ($1, $2, $3, $4, $3, 4.75, 52.3, $5, 0, 35, 12.5, 66, $6)`,
            [tenant.tenantId, trackerId, fixTime, index, ...(index === 1 ? suspect : [1, null])],
          );
          await db.query(
            `insert into followme.fence_event (event_id, tenant_id, tracker_id, event_seq, fence_id,
               fence_name, fences_version, kind, reason, initial, fix_time, received_time, lon, lat, lane)
             values (gen_random_uuid(), $1, $2, $3, 7, 'Yard', 1, 'enter', 'fix', false, $4, $4, 4, 52, 0)`,
            [tenant.tenantId, trackerId, index + 1, fixTime],
          );
        }
      }
    }
    await db.end();
  });

  const positions = (id: number, query: string) => `/api/trackers/${id}/positions${query}`;
  const day = '?from=2026-01-01T00:00:00Z&to=2026-01-02T00:00:00Z';

  test('the trail of a tracker is told oldest first, page by page, with its units', async () => {
    const first = await asMember('GET', positions(world.alpha.seenId, `${day}&limit=2`));
    expect(first.body.items[0]).toEqual({
      fixTime: '2026-01-01T10:00:00.000Z',
      receivedTime: '2026-01-01T10:00:00.000Z',
      lat: 52.3,
      lon: 4.75,
      valid: true,
      timeSuspect: false,
      speedMps: 12.5,
      headingDeg: null,
      altitudeM: null,
      accuracyM: null,
      batteryPct: 66,
      charging: null,
      satellitesInUse: null,
      alarm: 'none',
      eventCode: 35,
      attributes: {},
    });
    expect(first.body.items[1]).toMatchObject({
      fixTime: '2026-01-01T11:00:00.000Z',
      timeSuspect: true,
      attributes: { rawFixTimeMs: 4_102_444_800_000 },
    });
    const url = positions(world.alpha.seenId, `${day}&limit=2&cursor=${first.body.nextCursor}`);
    const second = await asMember('GET', url);
    expect(second.body.items.map((p: { fixTime: string }) => p.fixTime)).toEqual([
      '2026-01-01T12:00:00.000Z',
    ]);
    expect(second.body.nextCursor).toBeNull();
  });

  test('the period begins inclusive and ends exclusive', async () => {
    const url = positions(world.alpha.seenId, `?from=${fixTimes[0]}&to=${fixTimes[2]}`);
    expect((await asMember('GET', url)).body.items).toHaveLength(2);
  });

  test.each([
    ['?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z', 'PERIOD_INVALID'],
    ['?from=yesterday', 'VALIDATION_FAILED'],
    ['?from=2026-01-01', 'VALIDATION_FAILED'],
  ])('the period %s is refused', async (query, code) => {
    expect((await asMember('GET', positions(world.alpha.seenId, query))).body.code).toBe(code);
    expect((await asMember('GET', `/api/events${query}`)).body.code).toBe(code);
  });

  test('another tenant’s trail does not exist', async () => {
    expect((await asAdmin('GET', positions(world.beta.seenId, day))).status).toBe(404);
  });

  test('events are told newest first, of trackers in view only', async () => {
    const mine = await asMember('GET', `/api/events${day}`);
    expect(mine.body.items.map((e: { trackerId: number }) => e.trackerId)).toEqual(
      Array(3).fill(world.alpha.seenId),
    );
    expect(mine.body.items.map((e: { eventSeq: number }) => e.eventSeq)).toEqual([3, 2, 1]);
    const all = await asAdmin('GET', `/api/events${day}`);
    expect(all.body.items).toHaveLength(6);
    const some = await asAdmin(
      'GET',
      `/api/events${day}&trackerId=${world.alpha.hiddenId}&limit=2`,
    );
    expect(some.body.items).toHaveLength(2);
    const more = await asAdmin('GET', `/api/events${day}&fenceId=8`);
    expect(more.body.items).toEqual([]);
    const theirs = await asAdmin('GET', `/api/events${day}&trackerId=${world.beta.seenId}`);
    expect(theirs.body.items ?? []).toEqual([]);
  });
});

describe('the provider', () => {
  test('sees unknown devices; a customer’s administrator does not', async () => {
    const { body } = await asAdmin('GET', '/api/unknown-devices');
    expect(body.items).toEqual([
      {
        protocol: 'meitrack',
        identifier: 'nobody',
        frames: 3,
        firstSeenTime: expect.any(String),
        lastSeenTime: expect.any(String),
      },
    ]);
    const theirs = await call(world.beta.admin.key, 'GET', '/api/unknown-devices');
    expect([theirs.status, theirs.body.code]).toEqual([403, 'ACCESS_DENIED']);
  });
});

describe('health', () => {
  test('is ready only when every check is well, and says what is not', async () => {
    const checks = [
      { name: 'store', ok: true },
      { name: 'log', ok: false, detail: 'no answer' },
    ];
    const other = await createHttpApp({ ...world.deps, readiness: () => checks }, () => false);
    const reply = await other.inject('/readyz');
    expect([reply.statusCode, reply.json()]).toEqual([503, { ready: false, checks }]);
    expect((await other.inject('/livez')).statusCode).toBe(200);
    expect((await other.inject('/startupz')).statusCode).toBe(503);
    await other.close();
    expect((await app.inject('/readyz')).statusCode).toBe(200);
    expect((await app.inject('/startupz')).statusCode).toBe(200);
    expect((await app.inject('/version')).json()).toEqual({
      name: 'followme',
      version: '1.2.3',
      roles: ['client'],
      schemaVersion: 3,
      logFormat: 1,
    });
  });

  test('counters are told as Prometheus text', async () => {
    const { body, headers } = await app.inject('/metrics');
    expect(headers['content-type']).toContain('text/plain');
    expect(body).toContain(
      'followme_http_requests_total{method="GET",route="/readyz",status="200"}',
    );
  });

  test('a store that does not answer is a problem of ours that may pass', async () => {
    const store: typeof world.store = {
      ...world.store,
      asTenant: () => Promise.reject(Object.assign(new Error('refused'), { code: 'ECONNREFUSED' })),
    };
    const other = await createHttpApp({ ...world.deps, store }, () => true);
    const headers = { authorization: `Bearer ${world.alpha.admin.key}` };
    const reply = await other.inject({ url: '/api/session', headers });
    expect([reply.statusCode, reply.json().code]).toEqual([503, 'STORE_UNAVAILABLE']);
    expect(reply.body).not.toContain('refused');
    await other.close();
  });
});
