/**
 * What the demonstration shows: the simulated fleet as trackers of the provider's tenant, in groups by how they
 * get about, and a few places around the city. Made once; a second start finds it there.
 */
import type { FenceShape, GroupId, Result, TenantId, TrackerId } from '@followme/model';
import { UTRECHT, type Fleet } from '@followme/simulator';
import {
  createFence,
  createGroup,
  createTracker,
  listFences,
  listGroups,
  setGroupTrackers,
  type Store,
  type TenantScope,
} from '@followme/store';

const GROUP_OF_GAIT = { car: 'Vehicles', bike: 'Couriers', walk: 'People on foot' } as const;
type Gait = keyof typeof GROUP_OF_GAIT;
const LABEL_OF_GAIT: Readonly<Record<Gait, string>> = { car: 'Van', bike: 'Bike', walk: 'Guard' };

const { lon, lat } = UTRECHT;
const circle = (east: number, north: number, radiusM: number): FenceShape => ({
  kind: 'circle',
  centre: [lon + east, lat + north],
  radiusM,
});

/** Offsets from the centre in degrees. */
const PLACES: readonly { readonly name: string; readonly shape: FenceShape }[] = [
  { name: 'Old town', shape: circle(0, 0, 900) },
  { name: 'Depot', shape: circle(-0.035, 0.012, 500) },
  { name: 'Hospital', shape: circle(0.04, -0.012, 650) },
  {
    name: 'Fair grounds',
    shape: {
      kind: 'polygon',
      rings: [
        [
          [lon - 0.03, lat - 0.024],
          [lon - 0.008, lat - 0.026],
          [lon - 0.004, lat - 0.014],
          [lon - 0.026, lat - 0.012],
          [lon - 0.03, lat - 0.024],
        ],
      ],
    },
  },
];

/** Makes what is missing of the demonstration; answers how many trackers were made. */
export async function ensureDemo(store: Store, tenantId: TenantId, fleet: Fleet): Promise<number> {
  return store.asTenant(tenantId, async (tenant) => {
    await ensurePlaces(tenant);
    const groups = await ensureGroups(tenant);
    const members = new Map<GroupId, TrackerId[]>();
    let made = 0;
    for (let index = 0; index < fleet.count; index += 1) {
      const gait = fleet.gaitOf(index);
      const trackerId = await makeTracker(tenant, fleet, index);
      const groupId = groups.get(GROUP_OF_GAIT[gait]);
      if (trackerId === null || groupId === undefined) continue;
      members.set(groupId, [...(members.get(groupId) ?? []), trackerId]);
      made += 1;
    }
    await addMembers(tenant, members);
    return made;
  });
}

async function ensurePlaces(tenant: TenantScope): Promise<void> {
  const present = new Set((await listFences(tenant)).map(({ name }) => name));
  for (const place of PLACES) if (!present.has(place.name)) await createFence(tenant, place);
}

async function ensureGroups(tenant: TenantScope): Promise<ReadonlyMap<string, GroupId>> {
  const groups = new Map((await listGroups(tenant)).map(({ name, groupId }) => [name, groupId]));
  for (const name of Object.values(GROUP_OF_GAIT)) {
    if (!groups.has(name)) groups.set(name, must(await createGroup(tenant, { name }), name));
  }
  return groups;
}

/** The tracker's id, or null when its device is registered already. */
async function makeTracker(
  tenant: TenantScope,
  fleet: Fleet,
  index: number,
): Promise<TrackerId | null> {
  const made = await createTracker(tenant, {
    name: `${LABEL_OF_GAIT[fleet.gaitOf(index)]} ${String(index + 1).padStart(3, '0')}`,
    groupIds: [],
    device: { protocol: 'meitrack', identifier: fleet.registerIdentity(index) },
  });
  return made.ok ? made.value : null;
}

async function addMembers(
  tenant: TenantScope,
  members: ReadonlyMap<GroupId, readonly TrackerId[]>,
): Promise<void> {
  const groups = await listGroups(tenant);
  for (const [groupId, added] of members) {
    const present = groups.find((group) => group.groupId === groupId)?.trackerIds ?? [];
    must(await setGroupTrackers(tenant, groupId, [...present, ...added]), `group ${groupId}`);
  }
}

function must<T>(result: Result<T, { readonly code: string }>, what: string): T {
  if (!result.ok) throw new Error(`Cannot make ${what}: ${result.error.code}`);
  return result.value;
}
