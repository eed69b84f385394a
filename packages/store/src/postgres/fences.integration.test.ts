import {
  trustedId,
  type Fence,
  type FenceId,
  type FenceShape,
  type GroupId,
  type TenantId,
  type TrackerId,
  type UserId,
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
import { addImportPlaces } from './fence/add-import-places.ts';
import { commitFenceImport } from './fence/commit-fence-import.ts';
import { createFenceImport } from './fence/create-fence-import.ts';
import { getFenceImport } from './fence/get-fence-import.ts';
import { listFences, type FenceQuery, type FencesPage } from './fence/list-fences.ts';
import { markFencesAnnounced } from './fence/mark-fences-announced.ts';
import { updateFence } from './fence/update-fence.ts';
import { withdrawFenceImport } from './fence/withdraw-fence-import.ts';
import { createGroup } from './group/create-group.ts';
import { deleteGroup } from './group/delete-group.ts';
import { setGroupTrackers } from './group/set-group-trackers.ts';
import { trail } from './position/trail.ts';
import { registryRevisions } from './registry/registry-revisions.ts';
import { makeTenant, makeTracker, must, openTestStore } from './testing.ts';
import { createTracker } from './tracker/create-tracker.ts';
import { updateTracker } from './tracker/update-tracker.ts';
import { createUser } from './user/create-user.ts';

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

/** All fences, `limit` at a time. */
async function listAll(limit = 2): Promise<readonly Fence[]> {
  const fences: Fence[] = [];
  let cursor: string | null = null;
  do {
    const query: FenceQuery = cursor === null ? { limit } : { limit, cursor };
    const page: FencesPage = must(await inTenant((t) => listFences(t, query)));
    fences.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return fences;
}
const fencesVersion = async (): Promise<number> =>
  (await store.asSystem(registryRevisions)).get(tenantId)?.fencesVersion ?? -1;

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
    (await createFenceSource(store).fencesAt(tenantId, version)).fences.map(
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
      groupIds: null,
      version: 1,
    });
    expect(await inTenant((t) => getFence(t, fence.fenceId))).toEqual(fence);
    expect(await listAll()).toEqual([fence]);
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
    expect(await listAll()).toEqual([]);
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

describe('edits that start from a version', () => {
  test('GF29 one that starts from another than the present one is refused and makes no version', async () => {
    const fence = await make('harbour');
    must(await inTenant((t) => updateFence(t, fence.fenceId, { name: 'port' })));
    const stale = await inTenant((t) =>
      updateFence(t, fence.fenceId, { name: 'quay', ifVersion: fence.version }),
    );
    const error = { code: 'FENCE_CHANGED', fenceId: fence.fenceId, version: 2 };
    expect(stale).toEqual({ ok: false, error });
    const fresh = await inTenant((t) =>
      updateFence(t, fence.fenceId, { name: 'quay', ifVersion: 2 }),
    );
    expect(must(fresh)).toMatchObject({ name: 'quay', version: 3 });
    expect(await fencesVersion()).toBe(3);
  });

  test('GF29 of two that start from the same version at the same time one is refused', async () => {
    const { fenceId, version } = await make('harbour');
    const outcomes = await Promise.all(
      ['a', 'b', 'c'].map((name) =>
        inTenant((t) => updateFence(t, fenceId, { name, ifVersion: version })),
      ),
    );
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await fencesVersion()).toBe(2);
  });

  test('GF29 one that leaves the fence as it is makes no version', async () => {
    const fence = await make('harbour');
    const same = { name: 'harbour', shape: CIRCLE, groupIds: null };
    expect(must(await inTenant((t) => updateFence(t, fence.fenceId, same)))).toEqual(fence);
    expect(await fencesVersion()).toBe(1);
  });
});

describe('whom fences are for', () => {
  const group = async (name: string): Promise<GroupId> =>
    must(await inTenant((t) => createGroup(t, { name })));
  const setTrackers = async (groupId: GroupId, trackers: readonly TrackerId[]) =>
    must(await inTenant((t) => setGroupTrackers(t, groupId, trackers)));
  const audience = async (): Promise<unknown> => {
    const { groupTrackers } = await createFenceSource(store).fencesAt(
      tenantId,
      await fencesVersion(),
    );
    return [...groupTrackers].map(([id, trackers]) => [id, [...trackers].sort()]);
  };

  test('GF25 the groups of a fence come back, and their trackers with the fences of a version', async () => {
    const [north, south] = [await group('north'), await group('south')];
    const van = await makeTracker(store, tenantId, `van-${tenantId}`);
    await setTrackers(north, [van]);
    const fence = await inTenant((t) =>
      createFence(t, { name: 'yard', shape: CIRCLE, groupIds: [north, south] }),
    );
    await make('harbour');
    expect(fence.groupIds).toEqual([north, south]);
    expect(await inTenant((t) => getFence(t, fence.fenceId))).toEqual(fence);
    expect(await audience()).toEqual([[north, [van]]]);
    const forAll = { groupIds: null };
    const changed = must(await inTenant((t) => updateFence(t, fence.fenceId, forAll)));
    expect(changed).toMatchObject({ name: 'yard', groupIds: null, version: 3 });
    expect(await audience()).toEqual([]);
  });

  test('GF26 trackers that come into a group of a fence, or leave it, make a version', async () => {
    const north = await group('north');
    const van = await makeTracker(store, tenantId, `van-${tenantId}`);
    await inTenant((t) => createFence(t, { name: 'yard', shape: CIRCLE, groupIds: [north] }));
    const versions: number[] = [];
    const note = async (): Promise<unknown> => versions.push(await fencesVersion());
    await setTrackers(north, [van]);
    await note();
    await setTrackers(north, [van]); // nobody came or went
    await note();
    must(await inTenant((t) => updateTracker(t, van, { groupIds: [] })));
    await note();
    must(await inTenant((t) => updateTracker(t, van, { groupIds: [], name: 'van 2' })));
    await note();
    must(await inTenant((t) => createTracker(t, { name: 'truck', groupIds: [north] })));
    await note();
    must(await inTenant((t) => deleteGroup(t, north)));
    await note();
    expect(versions).toEqual([2, 2, 3, 3, 4, 5]);
    expect(await audience()).toEqual([]);
  });

  test('GF26 a group no present fence is for makes none', async () => {
    const [north, south] = [await group('north'), await group('south')];
    const van = await makeTracker(store, tenantId, `van-${tenantId}`);
    const { fenceId } = await inTenant((t) =>
      createFence(t, { name: 'yard', shape: CIRCLE, groupIds: [south] }),
    );
    await setTrackers(north, [van]);
    expect(await fencesVersion()).toBe(1);
    must(await inTenant((t) => deleteFence(t, fenceId)));
    await setTrackers(south, [van]);
    must(await inTenant((t) => deleteGroup(t, south)));
    expect(await fencesVersion()).toBe(2);
  });
});

describe('lists of fences', () => {
  const page = async (query: Partial<FenceQuery>): Promise<FencesPage> =>
    must(await inTenant((t) => listFences(t, { limit: 100, ...query })));

  test('pages hold every fence once, and tell the version they stand for', async () => {
    for (const name of ['e', 'd', 'c', 'b', 'a']) await make(name);
    expect((await listAll(2)).map((f) => f.name)).toEqual(['e', 'd', 'c', 'b', 'a']);
    expect(await page({ limit: 2 })).toMatchObject({ version: 5, deletedIds: [] });
  });

  test('since a version comes what changed and what went after it, and nothing else', async () => {
    const [a, b, c] = [await make('a'), await make('b'), await make('c')];
    const { version } = await page({});
    must(await inTenant((t) => deleteFence(t, a.fenceId)));
    must(await inTenant((t) => updateFence(t, b.fenceId, { name: 'b2' })));
    const short = await make('made and gone');
    must(await inTenant((t) => deleteFence(t, short.fenceId)));
    await make('d');
    const delta = await page({ since: version });
    expect(delta.items.map((f) => f.name)).toEqual(['b2', 'd']);
    expect([delta.version, delta.deletedIds]).toEqual([8, [a.fenceId]]);
    expect(await page({ since: delta.version })).toMatchObject({ items: [], deletedIds: [] });
    expect((await page({ since: version, limit: 1 })).nextCursor).not.toBeNull();
    expect(c.version).toBe(3);
  });

  test.each(['x', 'MTp4', 'MTotMQ', 'MTo5OTk5OTk5OTk5', 'YTox'])(
    'a cursor of nobody (%s) is an error',
    async (cursor) => {
      expect((await inTenant((t) => listFences(t, { limit: 1, cursor }))).ok).toBe(false);
    },
  );

  test('GF30 who pages while others write, and then asks what changed, has the fences as they are', async () => {
    const made = await Promise.all(Array.from({ length: 12 }, (_, n) => make(`f${n}`)));
    const have = new Map<FenceId, Fence>();
    const follow = async (since: number | undefined, between: (n: number) => Promise<unknown>) => {
      let first: number | null = null;
      let cursor: string | null = null;
      for (let n = 0; n === 0 || cursor !== null; n += 1) {
        const from = { ...(since === undefined ? {} : { since }), ...(cursor ? { cursor } : {}) };
        const got = await page({ limit: 3, ...from });
        for (const fence of got.items) {
          if ((have.get(fence.fenceId)?.version ?? 0) <= fence.version)
            have.set(fence.fenceId, fence);
        }
        for (const id of got.deletedIds) have.delete(id);
        first ??= got.version;
        cursor = got.nextCursor;
        await between(n);
      }
      return first ?? 0;
    };
    const id = (n: number): FenceId => made[n]?.fenceId ?? trustedId<FenceId>(0);
    const version = await follow(undefined, async (n) => {
      if (n > 3) return;
      await inTenant((t) => updateFence(t, id(n), { name: `early ${n}` }));
      await inTenant((t) => updateFence(t, id(11 - n), { name: `late ${n}` }));
      await inTenant((t) => deleteFence(t, id(5 + n)));
      await make(`new ${n}`);
    });
    await follow(version, async () => undefined);
    const byId = (a: Fence, b: Fence): number => a.fenceId - b.fenceId;
    expect([...have.values()].sort(byId)).toEqual([...(await listAll())].sort(byId));
    expect(have.size).toBe(12);
  });
});

describe('imports', () => {
  const NOW = Date.UTC(2026, 4, 20, 12);
  const administrator = async (): Promise<UserId> =>
    must(
      await inTenant((t) =>
        createUser(t, {
          email: 'a@b.example',
          name: 'a',
          password: 'correct horse battery',
          role: 'administrator',
          seesAll: true,
        }),
      ),
    );
  const begin = async (userId: UserId, groupIds: GroupId[] | null = null, nowMs = NOW) =>
    (await inTenant((t) => createFenceImport(t, { name: 'file', groupIds, userId, nowMs })))
      .importId;
  const send = (importId: number, from: number, names: readonly string[]) => {
    const places = names.map((name, n) => ({ index: from + n, name, shape: CIRCLE }));
    return inTenant((t) =>
      addImportPlaces(t, importId, { from, count: names.length || 10, places }),
    );
  };
  const commit = (importId: number) => inTenant((t) => commitFenceImport(t, importId));
  const withdraw = (importId: number) => inTenant((t) => withdrawFenceImport(t, importId));
  const names = async (): Promise<string[]> =>
    [...(await listAll())].sort((a, b) => a.fenceId - b.fenceId).map((f) => f.name);

  test('GF28 pieces in any order, sent again or not, become fences in one version in the order of the file', async () => {
    await make('here before');
    const north = must(await inTenant((t) => createGroup(t, { name: 'north' })));
    const importId = await begin(await administrator(), [north]);
    must(await send(importId, 2, ['c', 'd']));
    must(await send(importId, 0, ['x', 'y']));
    must(await send(importId, 0, ['a', 'b']));
    const held = await inTenant((t) => getFenceImport(t, importId));
    expect(held).toEqual({ tenantId, importId, name: 'file', state: 'open', places: 4 });
    expect(await names()).toEqual(['here before']);
    expect(must(await commit(importId))).toMatchObject({ state: 'done', places: 4 });
    expect(await names()).toEqual(['here before', 'a', 'b', 'c', 'd']);
    const fences = (await listAll()).slice(1);
    expect(fences.map((f) => [f.version, f.groupIds])).toEqual(
      Array.from({ length: 4 }, () => [2, [north]]),
    );
    expect(await fencesVersion()).toBe(2);
  });

  test('GF28 taken back, the fences nobody changed go in one version, once', async () => {
    const importId = await begin(await administrator());
    must(await send(importId, 0, ['a', 'b', 'c', 'd']));
    must(await commit(importId));
    const [a, b] = await listAll();
    must(await inTenant((t) => updateFence(t, trustedId(a?.fenceId ?? 0), { name: 'mine' })));
    must(await inTenant((t) => deleteFence(t, trustedId(b?.fenceId ?? 0))));
    expect(must(await withdraw(importId))).toBe(2);
    expect(await names()).toEqual(['mine']);
    expect(await fencesVersion()).toBe(4);
    const again = { code: 'IMPORT_STATE', importId, state: 'undone' };
    expect(await withdraw(importId)).toEqual({ ok: false, error: again });
    expect(await commit(importId)).toEqual({ ok: false, error: again });
    expect(await send(importId, 0, ['e'])).toEqual({ ok: false, error: again });
  });

  test('one that is given up leaves nothing, and is no more', async () => {
    const importId = await begin(await administrator());
    must(await send(importId, 0, ['a']));
    expect(must(await withdraw(importId))).toBeNull();
    const unknown = { ok: false, error: { code: 'IMPORT_NOT_FOUND', importId } };
    expect([
      await send(importId, 0, ['b']),
      await commit(importId),
      await withdraw(importId),
    ]).toEqual([unknown, unknown, unknown]);
    expect([await names(), await fencesVersion()]).toEqual([[], 0]);
  });

  test('one without places is done and makes no version', async () => {
    const importId = await begin(await administrator());
    must(await send(importId, 0, ['a']));
    must(await send(importId, 0, []));
    expect(must(await commit(importId))).toMatchObject({ state: 'done', places: 0 });
    expect(await fencesVersion()).toBe(0);
  });

  test('of two who finish it at the same time one is told that it is done', async () => {
    const importId = await begin(await administrator());
    must(await send(importId, 0, ['a', 'b']));
    const outcomes = await Promise.all([commit(importId), commit(importId)]);
    expect(outcomes.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await names()).toEqual(['a', 'b']);
  });

  test('one left open for a day goes when the next begins; done ones stay', async () => {
    const userId = await administrator();
    const [left, done] = [await begin(userId), await begin(userId)];
    must(await send(left, 0, ['a']));
    must(await commit(done));
    await begin(userId, null, NOW + 24 * 3_600_000);
    expect(await inTenant((t) => getFenceImport(t, left))).not.toBeNull();
    await begin(userId, null, NOW + 24 * 3_600_000 + 1);
    expect(await inTenant((t) => getFenceImport(t, left))).toBeNull();
    expect(await inTenant((t) => getFenceImport(t, done))).not.toBeNull();
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
