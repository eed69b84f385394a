import {
  trustedId,
  type GroupId,
  type TenantId,
  type TrackerId,
  type UserId,
} from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Store, TenantScope } from '../port.ts';
import { createGroup } from './group/create-group.ts';
import { deleteGroup } from './group/delete-group.ts';
import { listGroups } from './group/list-groups.ts';
import { setGroupMembers } from './group/set-group-members.ts';
import { setGroupTrackers } from './group/set-group-trackers.ts';
import { updateGroup } from './group/update-group.ts';
import { loadDevices } from './registry/load-devices.ts';
import { loadTrackers } from './registry/load-trackers.ts';
import { registryRevisions } from './registry/registry-revisions.ts';
import { makeTenant, makeTracker, must, openTestStore } from './testing.ts';
import { createTenant } from './tenant/create-tenant.ts';
import { listTenants } from './tenant/list-tenants.ts';
import { resolveTenant } from './tenant/resolve-tenant.ts';
import { createTracker } from './tracker/create-tracker.ts';
import { getTracker } from './tracker/get-tracker.ts';
import { listTrackers } from './tracker/list-trackers.ts';
import { retireTracker } from './tracker/retire-tracker.ts';
import { updateTracker } from './tracker/update-tracker.ts';
import { visibleTrackerIds } from './tracker/visible-tracker-ids.ts';
import { listUnknownDevices } from './unknown-device/list-unknown-devices.ts';
import { MAX_UNKNOWN_DEVICES, noteUnknownDevices } from './unknown-device/note-unknown-devices.ts';
import { createUser } from './user/create-user.ts';

let postgres: TestPostgres;
let store: Store;
let tenants = 0;
let tenantId: TenantId;

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

const inTenant = <T>(work: (tenant: TenantScope) => Promise<T>): Promise<T> =>
  store.asTenant(tenantId, work);
const group = async (name: string): Promise<GroupId> =>
  must(await inTenant((t) => createGroup(t, { name })));
const revision = async (): Promise<number> => {
  const revisions = await store.asSystem(registryRevisions);
  return revisions.get(tenantId)?.registryRevision ?? -1;
};
const names = (page: { items: readonly { name: string }[] }): string[] =>
  page.items.map(({ name }) => name);

describe('tenants', () => {
  test('a slug and a host are given once', async () => {
    const again = (slug: string, host: string) =>
      store.asSystem((s) => createTenant(s, { slug, name: 'x', hosts: [host], isProvider: false }));
    expect(await again(`tenant-${tenants}`, 'new.example')).toEqual({
      ok: false,
      error: { code: 'SLUG_TAKEN', value: `tenant-${tenants}` },
    });
    expect(await again('another', `TENANT-${tenants}.example:443`)).toEqual({
      ok: false,
      error: { code: 'HOST_TAKEN', value: `tenant-${tenants}.example` },
    });
    const tenants_ = await store.asSystem(listTenants);
    expect(tenants_.find((t) => t.tenantId === tenantId)).toMatchObject({
      slug: `tenant-${tenants}`,
      hosts: [`tenant-${tenants}.example`],
      suspendedAtMs: null,
    });
  });

  test('a host finds its tenant in any case and with a port; an unknown one finds nobody', async () => {
    await makeTenant(store, `second-${tenants}`);
    expect(await resolveTenant(store, `Tenant-${tenants}.EXAMPLE:8080`)).toBe(tenantId);
    expect(await resolveTenant(store, 'unknown.example')).toBeNull();
  });
});

test('without a host of its own the provider is found, and an only tenant is', async () => {
  const alone = await startTestPostgres();
  const opened = await openTestStore(alone.url);
  try {
    expect(await resolveTenant(opened.store, 'localhost')).toBeNull();
    const only = await makeTenant(opened.store, 'only');
    expect(await resolveTenant(opened.store, 'localhost')).toBe(only);
    const provider = must(
      await opened.store.asSystem((s) =>
        createTenant(s, { slug: 'provider', name: 'P', hosts: [], isProvider: true }),
      ),
    );
    expect(await resolveTenant(opened.store, 'localhost')).toBe(provider);
    expect(await resolveTenant(opened.store, 'only.example')).toBe(only);
  } finally {
    await opened.store.close();
    await alone.stop();
  }
});

describe('trackers', () => {
  test('a tracker is made with its groups and its device', async () => {
    const groupId = await group('boats');
    const device = { protocol: 'meitrack', identifier: `imei-${tenants}` };
    const trackerId = must(
      await inTenant((t) =>
        createTracker(t, {
          name: 'Zwaan',
          groupIds: [groupId, trustedId<GroupId>(999_999)],
          device,
        }),
      ),
    );
    expect(await inTenant((t) => getTracker(t, trackerId))).toMatchObject({
      tenantId,
      trackerId,
      name: 'Zwaan',
      groupIds: [groupId],
      devices: [device],
      retiredAtMs: null,
    });
  });

  test('a device of another tenant is refused unseen, and the tracker is not made', async () => {
    const device = { protocol: 'meitrack', identifier: `shared-${tenants}` };
    await inTenant((t) => createTracker(t, { name: 'first', groupIds: [], device }));
    const other = await makeTenant(store, `other-${tenants}`);
    const result = await store.asTenant(other, (t) =>
      createTracker(t, { name: 'second', groupIds: [], device }),
    );
    expect(result).toEqual({ ok: false, error: { code: 'DEVICE_TAKEN', device } });
    const page = must(await store.asTenant(other, (t) => listTrackers(t, { limit: 10 })));
    expect(page.items).toEqual([]);
  });

  test('a retired tracker frees its device, keeps its row and leaves the lists', async () => {
    const trackerId = await makeTracker(store, tenantId, `r-${tenants}`);
    must(await inTenant((t) => retireTracker(t, trackerId)));
    expect((await inTenant((t) => getTracker(t, trackerId)))?.retiredAtMs).toBeTypeOf('number');
    expect(must(await inTenant((t) => listTrackers(t, { limit: 10 }))).items).toEqual([]);
    expect(await inTenant((t) => retireTracker(t, trackerId))).toMatchObject({
      error: { code: 'TRACKER_NOT_FOUND' },
    });
    const next = await makeTracker(store, tenantId, `r-${tenants}`);
    expect(next).toBeGreaterThan(trackerId);
  });

  test('an update changes what it names; a taken device leaves everything as it was', async () => {
    const groupId = await group('cars');
    const trackerId = await makeTracker(store, tenantId, `u-${tenants}`);
    await makeTracker(store, tenantId, `taken-${tenants}`);
    must(await inTenant((t) => updateTracker(t, trackerId, { name: 'new', groupIds: [groupId] })));
    const taken = { protocol: 'meitrack', identifier: `taken-${tenants}` };
    expect(
      await inTenant((t) => updateTracker(t, trackerId, { name: 'no', device: taken })),
    ).toEqual({ ok: false, error: { code: 'DEVICE_TAKEN', device: taken } });
    expect(await inTenant((t) => getTracker(t, trackerId))).toMatchObject({
      name: 'new',
      groupIds: [groupId],
      devices: [{ identifier: `u-${tenants}` }],
    });
    const device = { protocol: 'laipac', identifier: `v-${tenants}` };
    must(await inTenant((t) => updateTracker(t, trackerId, { device, groupIds: [] })));
    must(await inTenant((t) => updateTracker(t, trackerId, { device })));
    expect(await inTenant((t) => getTracker(t, trackerId))).toMatchObject({
      groupIds: [],
      devices: [device],
    });
    must(await inTenant((t) => updateTracker(t, trackerId, { device: null })));
    expect((await inTenant((t) => getTracker(t, trackerId)))?.devices).toEqual([]);
  });

  test('a list is narrowed by text, group and what a person may see, and goes on page by page', async () => {
    const ids: TrackerId[] = [];
    for (const name of ['Anna', 'Bert', 'Carla', 'annika']) {
      ids.push(await makeTracker(store, tenantId, `${name}-${tenants}`));
    }
    const groupId = await group('some');
    must(await inTenant((t) => setGroupTrackers(t, groupId, ids.slice(1, 3))));
    const list = async (query: Omit<Parameters<typeof listTrackers>[1], 'limit'>, limit = 10) =>
      must(await inTenant((t) => listTrackers(t, { ...query, limit })));
    expect(names(await list({ search: 'ANN' }))).toEqual([`Anna-${tenants}`, `annika-${tenants}`]);
    expect(names(await list({ search: '%' }))).toEqual([]);
    expect(names(await list({ groupId }))).toEqual([`Bert-${tenants}`, `Carla-${tenants}`]);
    expect(names(await list({ visible: new Set(ids.slice(0, 1)) }))).toEqual([`Anna-${tenants}`]);
    expect(names(await list({ visible: new Set() }))).toEqual([]);
    expect(names(await list({ visible: 'all' }))).toHaveLength(4);
    const first = await list({}, 3);
    expect(first.items).toHaveLength(3);
    const rest = await list({ cursor: first.nextCursor ?? '' }, 3);
    expect(names(rest)).toEqual([`annika-${tenants}`]);
    expect(rest.nextCursor).toBeNull();
  });

  test('a cursor of nobody is an error, not a page', async () => {
    expect(await inTenant((t) => listTrackers(t, { limit: 1, cursor: 'DROP' }))).toEqual({
      ok: false,
      error: { code: 'CURSOR_MALFORMED', got: 'DROP' },
    });
  });
});

describe('groups', () => {
  test('a name is given once, by creation or by renaming', async () => {
    const boats = await group('boats');
    await group('cars');
    const taken = { ok: false, error: { code: 'GROUP_NAME_TAKEN', name: 'cars' } };
    expect(await inTenant((t) => createGroup(t, { name: 'cars' }))).toEqual(taken);
    expect(await inTenant((t) => updateGroup(t, boats, { name: 'cars' }))).toEqual(taken);
    must(await inTenant((t) => updateGroup(t, boats, { name: 'ships' })));
    expect((await inTenant((t) => listGroups(t))).map(({ name }) => name)).toEqual([
      'cars',
      'ships',
    ]);
  });

  test('trackers and people of another tenant do not become part of a group', async () => {
    const other = await makeTenant(store, `foreign-${tenants}`);
    const foreign = await makeTracker(store, other, `foreign-${tenants}`);
    const own = await makeTracker(store, tenantId, `own-${tenants}`);
    const groupId = await group('mixed');
    must(await inTenant((t) => setGroupTrackers(t, groupId, [foreign, own])));
    expect(await inTenant((t) => listGroups(t))).toMatchObject([{ trackerIds: [own] }]);
  });

  test('setting replaces, an unknown group is said to be unknown', async () => {
    const groupId = await group('g');
    const ids = [
      await makeTracker(store, tenantId, `x-${tenants}`),
      await makeTracker(store, tenantId, `y-${tenants}`),
    ];
    must(await inTenant((t) => setGroupTrackers(t, groupId, ids)));
    must(await inTenant((t) => setGroupTrackers(t, groupId, ids.slice(1))));
    expect(await inTenant((t) => listGroups(t))).toMatchObject([{ trackerIds: ids.slice(1) }]);
    must(await inTenant((t) => deleteGroup(t, groupId)));
    const unknown = { ok: false, error: { code: 'GROUP_NOT_FOUND', groupId } };
    expect(await inTenant((t) => deleteGroup(t, groupId))).toEqual(unknown);
    expect(await inTenant((t) => setGroupTrackers(t, groupId, ids))).toEqual(unknown);
    expect(await inTenant((t) => setGroupMembers(t, groupId, []))).toEqual(unknown);
    expect(await inTenant((t) => updateGroup(t, groupId, { name: 'h' }))).toEqual(unknown);
  });

  test('a person sees the trackers of their groups, or all, or nothing when unknown', async () => {
    const person = async (email: string, seesAll: boolean): Promise<UserId> =>
      must(
        await inTenant((t) =>
          createUser(t, { email, name: email, password: 'x', role: 'member', seesAll }),
        ),
      );
    const [some, all] = [
      await person('some@x.example', false),
      await person('all@x.example', true),
    ];
    const seen = await makeTracker(store, tenantId, `seen-${tenants}`);
    await makeTracker(store, tenantId, `hidden-${tenants}`);
    const groupId = await group('g');
    must(await inTenant((t) => setGroupTrackers(t, groupId, [seen])));
    expect(await inTenant((t) => visibleTrackerIds(t, some))).toEqual(new Set());
    must(await inTenant((t) => setGroupMembers(t, groupId, [some])));
    expect(await inTenant((t) => visibleTrackerIds(t, some))).toEqual(new Set([seen]));
    expect(await inTenant((t) => visibleTrackerIds(t, all))).toBe('all');
    expect(await inTenant((t) => visibleTrackerIds(t, trustedId<UserId>(999_999)))).toEqual(
      new Set(),
    );
    expect(await inTenant((t) => listGroups(t, { memberId: all }))).toEqual([]);
    expect(await inTenant((t) => listGroups(t, { memberId: some }))).toMatchObject([{ groupId }]);
  });
});

describe('the registry', () => {
  test('every change of who is who moves the tenant’s revision', async () => {
    const seen = [await revision()];
    const step = async (work: () => Promise<unknown>): Promise<void> => {
      await work();
      seen.push(await revision());
    };
    let trackerId = trustedId<TrackerId>(1);
    let groupId = trustedId<GroupId>(1);
    await step(async () => (trackerId = await makeTracker(store, tenantId, `rev-${tenants}`)));
    await step(async () => (groupId = await group('g')));
    await step(() => inTenant((t) => setGroupTrackers(t, groupId, [trackerId])));
    await step(() => inTenant((t) => setGroupMembers(t, groupId, [])));
    await step(() => inTenant((t) => updateTracker(t, trackerId, { name: 'n' })));
    await step(() => inTenant((t) => updateGroup(t, groupId, { name: 'h' })));
    await step(() => inTenant((t) => deleteGroup(t, groupId)));
    await step(() => inTenant((t) => retireTracker(t, trackerId)));
    expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
  });

  test('a reader gets all live devices first and then what changed, retirements included', async () => {
    const trackerId = await makeTracker(store, tenantId, `dev-${tenants}`);
    const mine = (devices: readonly { tenantId: TenantId; identifier: string }[]): string[] =>
      devices.filter((d) => d.tenantId === tenantId).map((d) => d.identifier);
    const all = await store.asSystem((s) => loadDevices(s));
    expect(mine(all.devices)).toEqual([`dev-${tenants}`]);
    const nothing = await store.asSystem((s) => loadDevices(s, all.revisions));
    expect([...nothing.devices, ...nothing.retired]).toEqual([]);
    const device = { protocol: 'eview', identifier: `moved-${tenants}` };
    must(await inTenant((t) => updateTracker(t, trackerId, { device })));
    const changed = await store.asSystem((s) => loadDevices(s, nothing.revisions));
    expect(mine(changed.devices)).toEqual([`moved-${tenants}`]);
    expect(mine(changed.retired)).toEqual([`dev-${tenants}`]);
    const again = await store.asSystem((s) => loadDevices(s));
    expect(mine(again.devices)).toEqual([`moved-${tenants}`]);
    expect(again.retired).toEqual([]);
  });

  test('a tenant that was not there at the last look is told whole', async () => {
    const { revisions } = await store.asSystem((s) => loadDevices(s));
    tenantId = await makeTenant(store, `late-${tenants}`);
    await makeTracker(store, tenantId, `late-${tenants}`);
    const changed = await store.asSystem((s) => loadDevices(s, revisions));
    expect(changed.devices.map((d) => d.identifier)).toEqual([`late-${tenants}`]);
  });

  test('trackers come with their groups; joining and leaving one counts as a change of the tracker', async () => {
    const trackerId = await makeTracker(store, tenantId, `t-${tenants}`);
    const still = await makeTracker(store, tenantId, `still-${tenants}`);
    const groupId = await group('g');
    const all = await store.asSystem((s) => loadTrackers(s));
    expect(all.trackers.filter((t) => t.tenantId === tenantId).map((t) => t.trackerId)).toEqual([
      trackerId,
      still,
    ]);
    must(await inTenant((t) => setGroupTrackers(t, groupId, [trackerId])));
    const joined = await store.asSystem((s) => loadTrackers(s, all.revisions));
    expect(joined.trackers).toEqual([
      { trackerId, tenantId, name: `t-${tenants}`, groupIds: [groupId] },
    ]);
    must(await inTenant((t) => deleteGroup(t, groupId)));
    const left = await store.asSystem((s) => loadTrackers(s, joined.revisions));
    expect(left.trackers).toMatchObject([{ trackerId, groupIds: [] }]);
    must(await inTenant((t) => retireTracker(t, trackerId)));
    const gone = await store.asSystem((s) => loadTrackers(s, left.revisions));
    expect(gone).toMatchObject({ trackers: [], retired: [trackerId] });
  });
});

describe('unknown devices', () => {
  const note = (identifier: string, frames: number, atMs: number) => ({
    protocol: 'meitrack',
    identifier,
    frames,
    atMs,
  });

  test('frames add up, within a batch and over batches, and the last heard comes first', async () => {
    await store.asSystem((s) =>
      noteUnknownDevices(s, [note('a', 2, 1_000), note('b', 1, 3_000), note('a', 3, 2_000)]),
    );
    await store.asSystem((s) => noteUnknownDevices(s, [note('a', 1, 4_000)]));
    await store.asSystem((s) => noteUnknownDevices(s, []));
    expect(await store.asSystem((s) => listUnknownDevices(s, { limit: 5 }))).toEqual([
      { protocol: 'meitrack', identifier: 'a', firstSeenMs: 1_000, lastSeenMs: 4_000, frames: 6 },
      { protocol: 'meitrack', identifier: 'b', firstSeenMs: 3_000, lastSeenMs: 3_000, frames: 1 },
    ]);
  });

  test('the table is bounded: those silent for longest go', async () => {
    const many = Array.from({ length: MAX_UNKNOWN_DEVICES }, (_, i) =>
      note(`n${i}`, 1, 10_000 + i),
    );
    await store.asSystem((s) => noteUnknownDevices(s, many));
    const kept = await store.asSystem((s) => listUnknownDevices(s, { limit: 10_000 }));
    expect(kept).toHaveLength(MAX_UNKNOWN_DEVICES);
    expect(kept.some(({ identifier }) => identifier === 'a')).toBe(false);
  });
});
