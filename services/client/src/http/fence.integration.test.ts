/** Fences for groups, edits of two operators, lists of changes and imports, over HTTP on a real store. */
import type { FencePage } from '@followme/contracts';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';

let world: ClientWorld;
let app: FastifyInstance;
let told: number;

beforeAll(async () => {
  world = await createClientWorld();
  app = await createHttpApp(world.deps, () => true);
  world.log.subscribe('fences', () => (told += 1));
});
afterAll(async () => {
  await app.close();
  await world.stop();
});
beforeEach(() => {
  told = 0;
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
const circle = (lon = 4.7) => ({ type: 'Point', coordinates: [lon, 52.3], radiusM: 250 });

describe('whom a fence is for', () => {
  test('GF25 groups are given, answered, changed and taken away again', async () => {
    const { northId } = world.alpha;
    const form = { name: 'Yard', geometry: circle(), groupIds: [northId] };
    const made = await asAdmin('POST', '/api/fences', form);
    expect(made).toMatchObject({ status: 201, body: { groupIds: [northId] } });
    const url = `/api/fences/${made.body.id}`;
    const renamed = await asAdmin('PATCH', url, { name: 'Dock' });
    expect(renamed.body).toMatchObject({ name: 'Dock', groupIds: [northId] });
    expect((await asAdmin('PATCH', url, { groupIds: null })).body.groupIds).toBeNull();
    expect((await call(world.alpha.member.key, 'GET', url)).body.groupIds).toBeNull();
    await asAdmin('DELETE', url);
  });

  test('a group the tenant does not have is refused by name, and nothing is changed', async () => {
    const groupIds = [world.beta.northId];
    const form = { name: 'Yard', geometry: circle(), groupIds };
    for (const url of ['/api/fences', '/api/fence-imports']) {
      const refused = await asAdmin(
        'POST',
        url,
        url.endsWith('fences') ? form : { name: 'f', groupIds },
      );
      expect(refused).toMatchObject({
        status: 404,
        body: { code: 'GROUP_NOT_FOUND', path: '/body/groupIds' },
      });
    }
    expect((await asAdmin('GET', '/api/fences')).body.items).toEqual([]);
    expect(told).toBe(0);
  });
});

describe('two who edit one fence', () => {
  test('GF29 the second is told that it changed, and changes nothing until it says so', async () => {
    const made = await asAdmin('POST', '/api/fences', { name: 'Yard', geometry: circle() });
    const url = `/api/fences/${made.body.id}`;
    const ifVersion = made.body.version;
    expect((await asAdmin('PATCH', url, { name: 'First', ifVersion })).status).toBe(200);
    const second = await asAdmin('PATCH', url, { name: 'Second', ifVersion });
    expect(second).toMatchObject({ status: 409, body: { code: 'FENCE_CHANGED' } });
    const present = (await asAdmin('GET', url)).body;
    expect(present.name).toBe('First');
    const kept = await asAdmin('PATCH', url, { name: 'Second', ifVersion: present.version });
    expect(kept.body.name).toBe('Second');
    await asAdmin('DELETE', url);
  });

  test('GF29 what changes nothing makes no version and tells nobody', async () => {
    const made = await asAdmin('POST', '/api/fences', { name: 'Yard', geometry: circle() });
    const url = `/api/fences/${made.body.id}`;
    const before = told;
    const same = { name: 'Yard', geometry: circle(), groupIds: null, ifVersion: made.body.version };
    expect((await asAdmin('PATCH', url, same)).body).toEqual(made.body);
    expect(told).toBe(before);
    await asAdmin('DELETE', url);
  });
});

describe('the list', () => {
  test('GF30 since a version it holds what changed, and on its first page what went', async () => {
    const [a, b] = [
      await asAdmin('POST', '/api/fences', { name: 'a', geometry: circle() }),
      await asAdmin('POST', '/api/fences', { name: 'b', geometry: circle() }),
    ];
    const { version } = (await asAdmin('GET', '/api/fences')).body;
    await asAdmin('DELETE', `/api/fences/${a.body.id}`);
    await asAdmin('POST', '/api/fences', { name: 'c', geometry: circle() });
    await asAdmin('PATCH', `/api/fences/${b.body.id}`, { name: 'b2' });
    const first = (await asAdmin('GET', `/api/fences?since=${version}&limit=1`)).body as FencePage;
    expect(first).toMatchObject({ items: [{ name: 'c' }], deletedIds: [a.body.id] });
    expect(first.version).toBe(version + 3);
    const cursor = `&cursor=${first.nextCursor}`;
    const second = (await asAdmin('GET', `/api/fences?since=${version}&limit=1${cursor}`)).body;
    expect(second).toMatchObject({ items: [{ name: 'b2' }], deletedIds: [], nextCursor: null });
    const bad = await asAdmin('GET', '/api/fences?cursor=nonsense');
    expect([bad.status, bad.body.code]).toEqual([400, 'CURSOR_INVALID']);
    for (const { id } of (await asAdmin('GET', '/api/fences')).body.items)
      await asAdmin('DELETE', `/api/fences/${id}`);
  });
});

describe('imports', () => {
  const begin = async (): Promise<string> => {
    const begun = await asAdmin('POST', '/api/fence-imports', { name: 'places.kml' });
    expect(begun).toMatchObject({ status: 201, body: { state: 'open', places: 0 } });
    return `/api/fence-imports/${begun.body.id}`;
  };

  test('GF28 pieces are checked one by one, made at once and taken back at once', async () => {
    const url = await begin();
    const bowTie = {
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
    };
    const sent = await asAdmin('POST', `${url}/places`, {
      from: 10,
      places: [
        { name: ' Dépôt\u0007 📦 ', geometry: circle() },
        { name: 'bad', geometry: bowTie },
        { name: '', geometry: circle() },
        { name: 'x'.repeat(1_000), geometry: circle() },
        { name: 'no', geometry: { type: 'GeometryCollection', geometries: [] } },
      ],
    });
    expect(sent.body).toEqual({
      taken: 3,
      refused: [
        { index: 11, reason: 'SELF_INTERSECTION' },
        { index: 14, reason: 'UNSUPPORTED_GEOMETRY' },
      ],
    });
    expect((await asAdmin('GET', '/api/fences')).body.items).toEqual([]);
    expect((await asAdmin('GET', url)).body).toMatchObject({ state: 'open', places: 3 });
    expect(told).toBe(0);
    expect((await asAdmin('POST', `${url}/commit`)).body).toMatchObject({
      state: 'done',
      places: 3,
    });
    const made = (await asAdmin('GET', '/api/fences')).body.items as { name: string }[];
    expect(made.map(({ name }) => name)).toEqual(['Dépôt 📦', 'Place 13', 'x'.repeat(200)]);
    expect((await asAdmin('DELETE', url)).status).toBe(204);
    expect((await asAdmin('GET', '/api/fences')).body.items).toEqual([]);
    expect((await asAdmin('GET', url)).body.state).toBe('undone');
    expect(told).toBe(2);
    const again = await asAdmin('POST', `${url}/commit`);
    expect([again.status, again.body.code]).toEqual([409, 'IMPORT_STATE']);
  });

  test('one that is given up is no more', async () => {
    const url = await begin();
    expect((await asAdmin('DELETE', url)).status).toBe(204);
    for (const [method, path] of [
      ['GET', url],
      ['DELETE', url],
      ['POST', `${url}/commit`],
    ] as const) {
      const reply = await asAdmin(method, path);
      expect([reply.status, reply.body.code]).toEqual([404, 'IMPORT_NOT_FOUND']);
    }
    const piece = { from: 0, places: [{ name: 'a', geometry: circle() }] };
    expect((await asAdmin('POST', `${url}/places`, piece)).body.code).toBe('IMPORT_NOT_FOUND');
    expect(told).toBe(0);
  });

  test('only administrators of the tenant import', async () => {
    const url = await begin();
    const { admin } = world.beta;
    const { member } = world.alpha;
    expect((await call(member.key, 'POST', '/api/fence-imports', { name: 'x' })).status).toBe(403);
    expect((await call(member.key, 'POST', `${url}/commit`)).status).toBe(403);
    expect((await call(admin.key, 'GET', url)).body.code).toBe('IMPORT_NOT_FOUND');
    expect((await call(admin.key, 'DELETE', url)).body.code).toBe('IMPORT_NOT_FOUND');
    expect((await asAdmin('DELETE', url)).status).toBe(204);
  });

  const many = (length: number) => Array.from({ length }, () => ({ name: 'a', geometry: {} }));
  test.each([
    ['of no places', { from: 0, places: [] }],
    ['of too many places', { from: 0, places: many(501) }],
    ['past the most places of an import', { from: 199_999, places: many(2) }],
    ['before the first place', { from: -1, places: [{ name: 'a', geometry: {} }] }],
    ['with a name that is none', { from: 0, places: [{ name: 7, geometry: {} }] }],
  ])('a piece %s is refused', async (_, piece) => {
    const url = await begin();
    const reply = await asAdmin('POST', `${url}/places`, piece);
    expect([reply.status, reply.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    await asAdmin('DELETE', url);
  });
});
