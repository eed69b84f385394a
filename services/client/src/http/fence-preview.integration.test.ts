/** What a fence would have seen, over HTTP on stored positions. */
import { prepareShape } from '@followme/geo';
import type { TrackerId } from '@followme/model';
import { createRandom } from '@followme/platform';
import { createGroup, retireTracker, setGroupTrackers } from '@followme/store';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { createHttpApp } from './app.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Noon of a day that has partitions around it, whenever the test runs. */
const NOON = Math.floor(Date.now() / DAY) * DAY - DAY / 2;
const MIDNIGHT = NOON - DAY / 2;
const IN = 4.7;
const OUT = 4.8;
const INVALID = 0;
const VALID = 1;

let world: ClientWorld;
let app: FastifyInstance;
let southId: number;

interface StoredFix {
  readonly trackerId: TrackerId;
  readonly tenantId: number;
  readonly atMs: number;
  readonly lon: number;
  readonly lat?: number;
  readonly flags?: number;
}

async function store(fixes: readonly StoredFix[]): Promise<void> {
  await world.query(
    `insert into followme.position
       (tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code)
     select tenant_id, tracker_id, followme.from_epoch_ms(at_ms), n, now(), lon, lat, flags, 0, 0
       from unnest($1::int[], $2::int[], $3::float8[], $4::float8[], $5::float8[], $6::int[])
         with ordinality as f (tenant_id, tracker_id, at_ms, lon, lat, flags, n)`,
    [
      fixes.map(({ tenantId }) => tenantId),
      fixes.map(({ trackerId }) => trackerId),
      fixes.map(({ atMs }) => atMs),
      fixes.map(({ lon }) => lon),
      fixes.map(({ lat = 52.3 }) => lat),
      fixes.map(({ flags = VALID }) => flags),
    ],
  );
}

beforeAll(async () => {
  world = await createClientWorld();
  app = await createHttpApp(world.deps, () => true);
  for (let day = 0; day < 5; day += 1) {
    const at = new Date(NOON - day * DAY).toISOString().slice(0, 10);
    await world.query('select followme.ensure_position_partition($1::date)', [at]);
  }
  const { alpha, beta } = world;
  const at = (of: typeof alpha, trackerId: TrackerId, hours: number, lon: number): StoredFix => ({
    tenantId: of.tenantId,
    trackerId,
    atMs: MIDNIGHT + hours * HOUR,
    lon,
  });
  const visit = (of: typeof alpha, trackerId: TrackerId, hours: number): StoredFix[] => [
    at(of, trackerId, hours, OUT),
    at(of, trackerId, hours + 0.25, IN),
    at(of, trackerId, hours + 0.5, OUT),
  ];
  await store([
    // two visits on the day before, one night inside, one more visit
    ...visit(alpha, alpha.seenId, -20),
    ...visit(alpha, alpha.seenId, -10),
    at(alpha, alpha.seenId, -1, IN),
    at(alpha, alpha.seenId, 1, IN),
    at(alpha, alpha.seenId, 2, OUT),
    ...visit(alpha, alpha.seenId, 5),
    // inside when first heard of, then out and in
    at(alpha, alpha.hiddenId, -3, IN),
    at(alpha, alpha.hiddenId, -2, OUT),
    at(alpha, alpha.hiddenId, 3, IN),
    ...visit(beta, beta.seenId, 4),
    ...visit(beta, beta.seenId, 6),
  ]);
  southId = await world.store.asTenant(alpha.tenantId, async (tenant) => {
    const made = await createGroup(tenant, { name: 'South' });
    if (!made.ok) throw new Error('The group cannot be made');
    await setGroupTrackers(tenant, made.value, [alpha.hiddenId]);
    return made.value;
  });
});
afterAll(async () => {
  await app.close();
  await world.stop();
});

const circle = { type: 'Point', coordinates: [IN, 52.3], radiusM: 250 };
async function preview(key: string, payload: object) {
  const headers = { authorization: `Bearer ${key}` };
  const reply = await app.inject({ method: 'POST', url: '/api/fences/preview', headers, payload });
  return { status: reply.statusCode, body: reply.json() };
}

describe('a preview', () => {
  test('GF32 counts ways in and out, over midnight and behind a first fix too', async () => {
    const { status, body } = await preview(world.alpha.admin.key, { geometry: circle });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      isWhole: true,
      entries: 5,
      exits: 5,
      trackers: 2,
      visitors: 2,
      positions: 15,
    });
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(7 * DAY);
  });

  test('a place that nobody came near is whole and empty', async () => {
    const far = { ...circle, coordinates: [0, 0] };
    expect((await preview(world.alpha.admin.key, { geometry: far, days: 31 })).body).toMatchObject({
      isWhole: true,
      entries: 0,
      visitors: 0,
      positions: 15,
    });
  });

  test('days say how far it looks back', async () => {
    const { body } = await preview(world.alpha.admin.key, { geometry: circle, days: 1 });
    expect(Date.parse(body.to) - Date.parse(body.from)).toBe(DAY);
    for (const days of [0, 32, 1.5, '7']) {
      const refused = await preview(world.alpha.admin.key, { geometry: circle, days });
      expect([refused.status, refused.body.code]).toEqual([400, 'VALIDATION_FAILED']);
    }
  });

  test('GF32 fixes that no fence is judged by do not count', async () => {
    const trackerId = await world.addTracker(world.alpha, 'Shaky');
    const { tenantId } = world.alpha;
    const fix = (minutes: number, lon: number, more: Partial<StoredFix> = {}): StoredFix => ({
      tenantId,
      trackerId,
      atMs: MIDNIGHT + minutes * 60_000,
      lon,
      ...more,
    });
    await store([
      fix(0, IN),
      fix(1, OUT, { flags: INVALID }),
      fix(2, 0, { lat: 0 }),
      // the first of one time is the one that counts
      fix(3, IN),
      fix(3, OUT),
      fix(4, IN),
    ]);
    const all = await preview(world.alpha.admin.key, { geometry: circle });
    expect(all.body).toMatchObject({ entries: 5, exits: 5, visitors: 3, positions: 18 });
    await world.store.asTenant(tenantId, (tenant) => retireTracker(tenant, trackerId));
    const inService = await preview(world.alpha.admin.key, { geometry: circle });
    expect(inService.body).toMatchObject({ visitors: 2, positions: 15 });
  });
});

test('GF32 what the store leaves out as far away changes no count', async () => {
  const { tenantId } = world.alpha;
  const trackerId = await world.addTracker(world.alpha, 'Wanderer');
  const random = createRandom('wanderer');
  let [lon, lat] = [IN, 52.3];
  const walk = Array.from({ length: 3_000 }, (_, n): StoredFix => {
    lon = (3 * lon + IN) / 4 + (random.next() - 0.5) * 0.01;
    lat = (3 * lat + 52.3) / 4 + (random.next() - 0.5) * 0.01;
    return { tenantId, trackerId, atMs: MIDNIGHT - DAY + n * 43_000, lon, lat };
  });
  await store(walk);
  const groupId = await world.store.asTenant(tenantId, async (tenant) => {
    const made = await createGroup(tenant, { name: 'Wanderers' });
    if (!made.ok) throw new Error('The group cannot be made');
    await setGroupTrackers(tenant, made.value, [trackerId]);
    return made.value;
  });
  const shape = prepareShape({ kind: 'circle', centre: [IN, 52.3], radiusM: circle.radiusM });
  const inside = walk.map((fix) => shape.contains(fix.lon, fix.lat ?? 0));
  const entries = inside.filter((is, i) => is && i > 0 && !inside[i - 1]).length;
  const exits = inside.filter((is, i) => !is && inside[i - 1]).length;
  expect(entries).toBeGreaterThan(100);
  const { body } = await preview(world.alpha.admin.key, { geometry: circle, groupIds: [groupId] });
  expect(body).toMatchObject({ entries, exits, positions: 3_000, isWhole: true });
  await world.store.asTenant(tenantId, (tenant) => retireTracker(tenant, trackerId));
});

describe('whose positions', () => {
  test('GF32 with groups only their trackers are looked at', async () => {
    const { admin, northId } = world.alpha;
    const north = await preview(admin.key, { geometry: circle, groupIds: [northId] });
    expect(north.body).toMatchObject({ entries: 4, trackers: 1, positions: 12 });
    const south = await preview(admin.key, { geometry: circle, groupIds: [southId] });
    expect(south.body).toMatchObject({ entries: 1, exits: 1, trackers: 1, positions: 3 });
    const both = await preview(admin.key, { geometry: circle, groupIds: [southId, northId] });
    expect(both.body).toMatchObject({ entries: 5, trackers: 2 });
    const none = await preview(admin.key, { geometry: circle, groupIds: [] });
    expect(none.body).toMatchObject({ entries: 0, positions: 0, isWhole: true });
  });

  test('a tenant sees nothing of another one', async () => {
    const { body } = await preview(world.beta.admin.key, { geometry: circle });
    expect(body).toMatchObject({ entries: 2, exits: 2, trackers: 1, positions: 6 });
  });

  test('an operator sees the trackers of the own groups and knows of no other group', async () => {
    const { operator, northId } = world.alpha;
    const own = await preview(operator.key, { geometry: circle });
    expect(own.body).toMatchObject({ entries: 4, trackers: 1, positions: 12 });
    for (const [groupIds, key] of [
      [[southId], operator.key],
      [[northId, world.beta.northId], operator.key],
      [[world.beta.northId], world.alpha.admin.key],
    ] as const) {
      const refused = await preview(key, { geometry: circle, groupIds });
      expect(refused).toMatchObject({
        status: 404,
        body: { code: 'GROUP_NOT_FOUND', path: '/body/groupIds' },
      });
    }
  });

  test('members do not preview', async () => {
    const refused = await preview(world.alpha.member.key, { geometry: circle });
    expect([refused.status, refused.body.code]).toEqual([403, 'ACCESS_DENIED']);
  });
});

describe('shapes that cannot be fences', () => {
  const bowTie = [
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
  ];
  test.each([
    ['crossing itself', { type: 'Polygon', coordinates: bowTie }, 'SELF_INTERSECTION'],
    ['without a radius', { type: 'Point', coordinates: [4, 52] }, 'UNSUPPORTED_GEOMETRY'],
    ['of another kind', { type: 'Nonsense' }, 'UNSUPPORTED_GEOMETRY'],
  ])('one %s is refused as where it is written', async (_, geometry, reason) => {
    const asked = await preview(world.alpha.admin.key, { geometry });
    expect(asked).toMatchObject({ status: 422, body: { code: 'FENCE_INVALID', reason } });
    const written = await app.inject({
      method: 'POST',
      url: '/api/fences',
      headers: { authorization: `Bearer ${world.alpha.admin.key}` },
      payload: { name: 'x', geometry },
    });
    expect(written.json()).toEqual(asked.body);
  });
});

test('previews of one customer wait for each other, and a flood of them is refused', async () => {
  const { admin } = world.alpha;
  const ask = () => preview(admin.key, { geometry: circle });
  const few = await Promise.all([ask(), ask(), ask()]);
  for (const { status, body } of few) expect([status, body.entries]).toEqual([200, 5]);
  const flood = await Promise.all(Array.from({ length: 100 }, ask));
  const refused = flood.filter(({ status }) => status !== 200);
  expect(refused.length).toBeGreaterThan(0);
  expect(refused.length).toBeLessThan(100);
  for (const { status, body } of refused) {
    expect([status, body.code, body.retryAfterS]).toEqual([503, 'OVERLOADED', 1]);
  }
});
