import {
  trustedId,
  type FenceId,
  type FenceShape,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createFenceSource } from '../geofence-state/fence-source.ts';
import type { Store, TenantScope } from '../port.ts';
import { listEvents, type EventQuery } from './event/list-events.ts';
import { createFence } from './fence/create-fence.ts';
import { deleteFence } from './fence/delete-fence.ts';
import { getFence } from './fence/get-fence.ts';
import { listFences } from './fence/list-fences.ts';
import { markFencesAnnounced } from './fence/mark-fences-announced.ts';
import { updateFence } from './fence/update-fence.ts';
import { trail } from './position/trail.ts';
import { registryRevisions } from './registry/registry-revisions.ts';
import { makeTenant, must, openTestStore } from './testing.ts';

let postgres: TestPostgres;
let store: Store;
let tenants = 0;
let tenantId: TenantId;

const CIRCLE: FenceShape = { kind: 'circle', centre: [4.7504641, 52.3033451], radiusM: 100.5 };
const RING: FenceShape = {
  kind: 'polygon',
  rings: [
    [
      [4.1, 52],
      [4.2, 52],
      [4.2, 52.1],
      [4.1, 52],
    ],
  ],
};
const NOON = Date.UTC(2026, 4, 20, 12);

const inTenant = <T>(work: (tenant: TenantScope) => Promise<T>): Promise<T> =>
  store.asTenant(tenantId, work);
const make = (name: string, shape: FenceShape = CIRCLE) =>
  inTenant((t) => createFence(t, { name, shape }));

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
});

afterAll(async () => {
  await store.close();
  await postgres.stop();
});

beforeEach(async () => {
  tenants += 1;
  tenantId = await makeTenant(store, `tenant-${tenants}`);
});

describe('fences', () => {
  const namesAt = async (version: number): Promise<readonly string[]> =>
    (await createFenceSource(store).fencesAt(tenantId, version)).map(
      (f) => `${f.name}@${f.version}/${f.shape.kind}`,
    );

  test('every version shows the fences as they were then, through creation, change and deletion', async () => {
    const harbour = await make('harbour');
    const school = await make('school', RING);
    must(await inTenant((t) => updateFence(t, harbour.fenceId, { shape: RING })));
    must(await inTenant((t) => deleteFence(t, harbour.fenceId)));
    must(await inTenant((t) => updateFence(t, school.fenceId, { name: 'old school' })));
    expect([
      await namesAt(0),
      await namesAt(1),
      await namesAt(2),
      await namesAt(3),
      await namesAt(4),
      await namesAt(5),
    ]).toEqual([
      [],
      ['harbour@1/circle'],
      ['harbour@1/circle', 'school@2/polygon'],
      ['harbour@3/polygon', 'school@2/polygon'],
      ['school@2/polygon'],
      ['old school@5/polygon'],
    ]);
  });

  test('a shape comes back as it was given', async () => {
    const fence = await make('harbour');
    expect(fence).toEqual({
      tenantId,
      fenceId: fence.fenceId,
      name: 'harbour',
      shape: CIRCLE,
      version: 1,
    });
    expect(await inTenant((t) => getFence(t, fence.fenceId))).toEqual(fence);
    expect(await inTenant(listFences)).toEqual([fence]);
  });

  test('an edit that finds no fence makes no version', async () => {
    const fence = await make('harbour');
    must(await inTenant((t) => deleteFence(t, fence.fenceId)));
    const before = (await store.asSystem(registryRevisions)).get(tenantId);
    const unknown = { ok: false, error: { code: 'FENCE_NOT_FOUND', fenceId: fence.fenceId } };
    expect(await inTenant((t) => updateFence(t, fence.fenceId, { name: 'x' }))).toEqual(unknown);
    expect(await inTenant((t) => deleteFence(t, fence.fenceId))).toEqual(unknown);
    expect((await store.asSystem(registryRevisions)).get(tenantId)).toEqual(before);
    expect(await inTenant((t) => getFence(t, fence.fenceId))).toBeNull();
    expect(await inTenant(listFences)).toEqual([]);
  });

  test('edits of one fence at the same time follow one another, and one form is the present one', async () => {
    const fence = await make('harbour');
    await Promise.all(
      [1, 2, 3, 4].map((n) =>
        inTenant((t) => updateFence(t, fence.fenceId, { name: `name ${n}` })),
      ),
    );
    expect((await inTenant((t) => getFence(t, fence.fenceId)))?.version).toBe(5);
    const all = await Promise.all([1, 2, 3, 4, 5].map(namesAt));
    expect(all.map((names) => names.length)).toEqual([1, 1, 1, 1, 1]);
  });

  test('what is announced never goes back', async () => {
    await make('harbour');
    const announced = async () =>
      (await store.asSystem(registryRevisions)).get(tenantId)?.fencesAnnouncedVersion;
    await store.asSystem((s) => markFencesAnnounced(s, tenantId, 3));
    await store.asSystem((s) => markFencesAnnounced(s, tenantId, 2));
    expect(await announced()).toBe(3);
  });
});

describe('events', () => {
  async function addEvents(): Promise<void> {
    await store.asSystem(({ db }) =>
      sql`insert into followme.fence_event
          select gen_random_uuid(), ${tenantId}, 1000 * ${tenantId} + n % 2, n, 1 + n % 3, 'f', 1, 'enter', 'fix',
                 false, now(), followme.from_epoch_ms(${NOON}::float8 + n / 2 * 1000), 4, 52, 1
            from generate_series(1, 20) n`.execute(db),
    );
  }
  const list = async (query: Partial<EventQuery>) =>
    must(
      await inTenant((t) =>
        listEvents(t, { fromMs: NOON, toMs: NOON + 60_000, limit: 100, ...query }),
      ),
    );

  test('a period is listed by what became known last, its end left out', async () => {
    await addEvents();
    const all = await list({});
    const times = all.items.map((e) => e.receivedTimeMs);
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const ofOne = all.items.filter((e) => e.trackerId === all.items[0]?.trackerId);
    const numbers = ofOne.map((e) => e.eventSeq);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    expect(times).toHaveLength(20);
    const part = await list({ fromMs: NOON + 1_000, toMs: NOON + 3_000 });
    expect(part.items.map((e) => e.eventSeq).sort()).toEqual([2, 3, 4, 5]);
  });

  test('tracker, fence and what a person may see narrow it', async () => {
    await addEvents();
    const trackerId = trustedId<TrackerId>(1_000 * tenantId + 1);
    expect((await list({ trackerId })).items).toHaveLength(10);
    expect((await list({ fenceId: trustedId<FenceId>(1) })).items).toHaveLength(6);
    expect((await list({ visible: new Set([trackerId]) })).items).toHaveLength(10);
    expect((await list({ visible: new Set() })).items).toEqual([]);
    expect((await list({ visible: 'all' })).items).toHaveLength(20);
  });

  test('pages meet without a gap or a repeat, also inside one moment', async () => {
    await addEvents();
    const whole = (await list({})).items.map((e) => e.eventId);
    const paged: string[] = [];
    let cursor: string | null = null;
    do {
      const page: Awaited<ReturnType<typeof list>> = await list({
        limit: 3,
        ...(cursor === null ? {} : { cursor }),
      });
      paged.push(...page.items.map((e) => e.eventId));
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect(paged).toEqual(whole);
  });

  test('a cursor of nobody is an error', async () => {
    const query = { fromMs: NOON, toMs: NOON, limit: 1, cursor: 'x' };
    expect((await inTenant((t) => listEvents(t, query))).ok).toBe(false);
  });
});

describe('trails', () => {
  test('pages meet without a gap or a repeat, over partitions and inside one moment', async () => {
    await store.asSystem(async ({ db }) => {
      for (const day of ['2026-05-20', '2026-05-21']) {
        await sql`select followme.ensure_position_partition(${day}::date)`.execute(db);
      }
      await sql`insert into followme.position
        (tenant_id, tracker_id, fix_time, content_hash, received_time, lon, lat, flags, alarm, event_code)
        select ${tenantId}, 7, followme.from_epoch_ms(${NOON}::float8 + n / 3 * 3600000.0),
               (n - 15) * 1000000000000000, now(), n, 52, 1, 0, 0
          from generate_series(0, 49) n`.execute(db);
    });
    const trackerId = trustedId<TrackerId>(7);
    const read = async (limit: number): Promise<readonly number[]> => {
      const lons: number[] = [];
      let cursor: string | null = null;
      do {
        const query = { trackerId, fromMs: NOON, toMs: NOON + 10 * 86_400_000, limit };
        const page = must(
          await inTenant((t) => trail(t, cursor === null ? query : { ...query, cursor })),
        );
        lons.push(...page.items.map((p) => p.lon));
        cursor = page.nextCursor;
      } while (cursor !== null);
      return lons;
    };
    expect(await read(1_000)).toEqual(Array.from({ length: 50 }, (_, n) => n));
    expect(await read(4)).toEqual(await read(1_000));
    const bad = { trackerId, fromMs: 0, toMs: 1, limit: 1, cursor: 'x' };
    expect((await inTenant((t) => trail(t, bad))).ok).toBe(false);
  });
});
