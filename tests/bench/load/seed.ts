/** Fills a fresh database with what the bench needs, straight through the store: quick and repeatable. */
import {
  createRandom,
  createMetrics,
  silentLogger,
  systemClock,
  type Random,
} from '@followme/platform';
import type { FenceShape, GroupId, LonLat, TenantId, TrackerId } from '@followme/model';
import {
  createFence,
  createGroup,
  createTenant,
  createTracker,
  createUser,
  migrate,
  openStore,
  setGroupMembers,
  setGroupTrackers,
  startEmbeddedServer,
  type Store,
} from '@followme/store';

export const PASSWORD = 'bench-only-password';
/** Country-sized box the fences and trackers lie in, degrees. */
export const AREA = { lon: 4, lat: 51, widthDeg: 3.4, heightDeg: 2.6 } as const;

export interface Scenario {
  readonly seed: string;
  readonly trackers: number;
  readonly fences: number;
  readonly largeFences: number;
  readonly viewers: number;
  readonly trackersPerViewer: number;
}

/** Identifier of tracker `index`: 15 digits, as an IMEI has. */
export const identifierOf = (index: number): string => `86${String(index).padStart(13, '0')}`;
export const emailOf = (viewer: number): string => `viewer${viewer}@bench.local`;
const nameOf = (index: number): string => `Tracker ${index}`;
/** Which tracker a name belongs to. */
export const indexOfName = (name: string): number => Number(name.slice(nameOf(0).length - 1));

/** Fills the database of a data folder that no system uses. Ends with the database stopped. */
export async function seedDataFolder(dataFolder: string, scenario: Scenario): Promise<void> {
  const server = await startEmbeddedServer({
    clock: systemClock,
    logger: silentLogger,
    dataFolder,
  });
  try {
    await seedDatabase(server.url, scenario);
  } finally {
    await server.stop();
  }
}

/** Makes tenant, trackers, groups, viewers and fences in an empty database. */
export async function seedDatabase(url: string, scenario: Scenario): Promise<void> {
  await migrate(url);
  const deps = { clock: systemClock, logger: silentLogger, metrics: createMetrics() };
  const store = await openStore({ ...deps, url });
  try {
    const tenantId = await makeTenant(store);
    const trackerIds = await makeTrackers(store, tenantId, scenario.trackers);
    await makeViewers(store, tenantId, trackerIds, scenario);
    await makeFences(store, tenantId, scenario);
  } finally {
    await store.close();
  }
}

async function makeTenant(store: Store): Promise<TenantId> {
  const made = await store.asSystem((system) =>
    createTenant(system, { slug: 'bench', name: 'Bench', hosts: ['127.0.0.1'], isProvider: false }),
  );
  if (!made.ok) throw new Error(made.error.code);
  return made.value;
}

async function makeTrackers(store: Store, tenantId: TenantId, count: number): Promise<TrackerId[]> {
  return store.asTenant(tenantId, async (tenant) => {
    const ids: TrackerId[] = [];
    for (let i = 0; i < count; i += 1) {
      const device = { protocol: 'meitrack', identifier: identifierOf(i) };
      const made = await createTracker(tenant, { name: nameOf(i), groupIds: [], device });
      if (!made.ok) throw new Error(made.error.code);
      ids.push(made.value);
    }
    return ids;
  });
}

async function makeViewers(
  store: Store,
  tenantId: TenantId,
  trackerIds: readonly TrackerId[],
  scenario: Scenario,
): Promise<void> {
  for (let i = 0; i < scenario.viewers; i += 1) {
    const first = (i * scenario.trackersPerViewer) % trackerIds.length;
    const watched = trackerIds.slice(first, first + scenario.trackersPerViewer);
    await store.asTenant(tenantId, async (tenant) => {
      const group = await createGroup(tenant, { name: `Group ${i}` });
      if (!group.ok) throw new Error(group.error.code);
      const groupId: GroupId = group.value;
      await setGroupTrackers(tenant, groupId, watched);
      const user = await createUser(tenant, {
        email: emailOf(i),
        name: `Viewer ${i}`,
        password: PASSWORD,
        role: 'operator',
        seesAll: false,
      });
      if (!user.ok) throw new Error(user.error.code);
      await setGroupMembers(tenant, groupId, [user.value]);
    });
  }
}

async function makeFences(store: Store, tenantId: TenantId, scenario: Scenario): Promise<void> {
  const random = createRandom(`${scenario.seed}/fences`);
  await store.asTenant(tenantId, async (tenant) => {
    for (let i = 0; i < scenario.fences; i += 1) {
      const radiusDeg = 0.001 * 50 ** random.next(); // 100 m … 5 km, as many small as large
      await createFence(tenant, { name: `Fence ${i}`, shape: blob(random, radiusDeg, 50) });
    }
    for (let i = 0; i < scenario.largeFences; i += 1) {
      const shape = blob(random, 0.5 + random.next(), 6_000);
      await createFence(tenant, { name: `Large fence ${i}`, shape });
    }
  });
}

/** A wobbly round shape of `vertices` corners somewhere in the area. */
function blob(random: Random, radiusDeg: number, vertices: number): FenceShape {
  const lon = AREA.lon + random.next() * AREA.widthDeg;
  const lat = AREA.lat + random.next() * AREA.heightDeg;
  const wobble = random.next() * 6;
  const ring: LonLat[] = Array.from({ length: vertices }, (_, i) => {
    const angle = (2 * Math.PI * i) / vertices;
    const radius = radiusDeg * (0.8 + 0.2 * Math.sin(angle * 5 + wobble));
    return [lon + radius * 1.6 * Math.cos(angle), lat + radius * Math.sin(angle)];
  });
  const [first] = ring;
  return { kind: 'polygon', rings: [first === undefined ? ring : [...ring, first]] };
}
