/** How soon changes of permissions reach open sessions, by a clock that stands still until moved. */
import type { GroupId, TenantId } from '@followme/model';
import { silentLogger } from '@followme/platform';
import {
  closeSession,
  createFence,
  findSession,
  setGroupMembers,
  setGroupTrackers,
  updateTracker,
} from '@followme/store';
import { createFakeClock, waitUntil, type FakeClock } from '@followme/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createClientWorld, type ClientWorld } from '../testing/client-world.ts';
import { alertsSeenIn } from './alert-look.ts';
import { audienceOf, fencesSeenIn } from './audience-look.ts';
import { watchAudience, type AudienceWatch } from './audience.ts';
import { LiveHub } from './hub.ts';
import type { LiveSession, SessionSocket } from './session.ts';

const WAIT_MS = 10_000;
const LOOK_MS = 1_000;

let world: ClientWorld;
let clock: FakeClock;
let hub: LiveHub;
let watch: AudienceWatch;

beforeAll(async () => {
  world = await createClientWorld();
});
afterAll(async () => world.stop());
beforeEach(async () => {
  clock = createFakeClock(Date.now());
  hub = new LiveHub({ metrics: world.metrics });
  const { liveSource } = world.deps;
  const revisions = await liveSource.revisions();
  const [fences, alerts] = [fencesSeenIn(revisions), alertsSeenIn(revisions)];
  const registry = await liveSource.loadTrackers();
  hub.changeRegistry(registry);
  const deps = { ...world.deps, clock, logger: silentLogger, hub, source: liveSource };
  watch = watchAudience(deps, { registry: registry.revisions, fences, alerts });
});
afterEach(async () => watch.stop());

let closedWith: string | null = null;
let written = '';
const socket: SessionSocket = {
  unsentBytes: 0,
  write: (frames) => (written += Buffer.from(frames).toString('latin1')),
  close: (code) => (closedWith = code),
};
/** Opens a session of the member and lets the look that its opening causes pass. */
async function openMember(key = world.alpha.member.key): Promise<LiveSession> {
  const { alpha } = world;
  closedWith = null;
  const session = await findSession(world.store, key, clock.nowMs());
  if (session === null) throw new Error('The member has no session');
  const audience = audienceOf({ ...session, groupIds: [alpha.northId] });
  const live = hub.open(alpha.tenantId, audience, socket);
  const before = watch.lookedAtMs;
  await clock.advance(1);
  watch.join({ session, live });
  await waitUntil(() => watch.lookedAtMs > before, WAIT_MS);
  return live;
}
const visibleTo = (live: LiveSession): number[] =>
  live.visible === 'all' ? [] : [...live.visible].map((state) => state.trackerId);
/** Moves time on by one look and waits until it is done. */
async function look(): Promise<void> {
  const before = watch.lookedAtMs;
  await clock.advance(LOOK_MS);
  await waitUntil(() => watch.lookedAtMs > before, WAIT_MS);
}

describe('a change of permissions without a broadcast', () => {
  test('a person who leaves a group sees none of it after one look, a second at most', async () => {
    const { alpha, store } = world;
    const live = await openMember();
    expect(visibleTo(live)).toEqual([alpha.seenId]);
    await store.asTenant(alpha.tenantId, (tenant) => setGroupMembers(tenant, alpha.northId, []));
    expect(visibleTo(live)).toEqual([alpha.seenId]);
    await look();
    expect(visibleTo(live)).toEqual([]);
    await store.asTenant(alpha.tenantId, (tenant) =>
      setGroupMembers(tenant, alpha.northId, [alpha.member.userId]),
    );
    await look();
    expect(visibleTo(live)).toEqual([alpha.seenId]);
  });

  test('trackers that change groups come and go with one look', async () => {
    const { alpha, store } = world;
    const live = await openMember();
    const set = (groupId: GroupId, ids: readonly (typeof alpha.seenId)[]) =>
      store.asTenant(alpha.tenantId, (tenant) => setGroupTrackers(tenant, groupId, ids));
    await set(alpha.northId, [alpha.hiddenId]);
    await look();
    expect(visibleTo(live)).toEqual([alpha.hiddenId]);
    await set(alpha.northId, [alpha.seenId]);
    await look();
    expect(visibleTo(live)).toEqual([alpha.seenId]);
  });
});

describe('a session that ends', () => {
  test('is closed with the look after its time', async () => {
    clock.jumpTo(world.clock.nowMs());
    await openMember(await world.openSession(world.alpha, world.alpha.member, 4_500));
    for (let second = 1; second <= 4; second += 1) await look();
    expect(closedWith).toBeNull();
    await look();
    expect(closedWith).toBe('SESSION_ENDED');
  });

  test('in another process is closed with the next look, broadcast or not', async () => {
    const { alpha, store } = world;
    const key = await world.openSession(alpha, alpha.member);
    await openMember(key);
    const session = await findSession(store, key, clock.nowMs());
    if (session === null) throw new Error('The session is not there');
    await store.asTenant(alpha.tenantId, (tenant) => closeSession(tenant, session));
    expect(closedWith).toBeNull();
    await look();
    expect(closedWith).toBe('SESSION_ENDED');
  });

  test('without a sign of it is noticed within half a minute', async () => {
    const { alpha, store } = world;
    const key = await world.openSession(alpha, alpha.member);
    await openMember(key);
    const session = await findSession(store, key, clock.nowMs());
    if (session === null) throw new Error('The session is not there');
    const ended = 'delete from followme.session where token_hash = $1';
    await world.query(ended, [session.tokenHash]);
    await look();
    expect(closedWith).toBeNull();
    for (let second = 2; second <= 30; second += 1) await look();
    expect(closedWith).toBe('SESSION_ENDED');
  });
});

describe('a change with a broadcast', () => {
  test('is seen without waiting for the next look', async () => {
    const { alpha, store, log } = world;
    const live = await openMember();
    const renamed = await store.asTenant(alpha.tenantId, (tenant) =>
      updateTracker(tenant, alpha.seenId, { groupIds: [] }),
    );
    expect(renamed.ok).toBe(true);
    log.broadcast('registry', Buffer.from(String(alpha.tenantId)));
    await waitUntil(() => visibleTo(live).length === 0, WAIT_MS);
    await store.asTenant(alpha.tenantId, (tenant) =>
      updateTracker(tenant, alpha.seenId, { groupIds: [alpha.northId] }),
    );
    log.broadcast('registry', Buffer.from('no tenant at all'));
    await waitUntil(() => visibleTo(live).length === 1, WAIT_MS);
  });
});

describe('a store that does not answer', () => {
  test('leaves sessions as they are, and the next look makes good', async () => {
    const { alpha } = world;
    const live = await openMember();
    const failing = new LiveHub({ metrics: world.metrics });
    let fails = true;
    const other = watchAudience(
      {
        ...world.deps,
        clock,
        hub: failing,
        source: {
          ...world.deps.liveSource,
          revisions: () =>
            fails ? Promise.reject(new Error('gone')) : world.deps.liveSource.revisions(),
        },
      },
      { registry: new Map(), fences: new Map(), alerts: new Map() },
    );
    const before = other.lookedAtMs;
    await look();
    expect(other.lookedAtMs).toBe(before);
    expect(await world.metrics.read('followme_live_look_failures_total')).toBe(1);
    fails = false;
    await look();
    await waitUntil(() => failing.trackers > 0, WAIT_MS);
    expect(visibleTo(live)).toEqual([alpha.seenId]);
    await other.stop();
  });
});

describe('a check that fails for one tenant', () => {
  /** A watch over sessions of both tenants, already ended; checks of those in `failing` fail: both. */
  async function openBoth() {
    const { alpha, beta, deps } = world;
    const failing = new Set<TenantId>([alpha.tenantId, beta.tenantId]);
    const store: typeof deps.store = {
      ...deps.store,
      asTenant: (tenantId, work) =>
        failing.has(tenantId)
          ? Promise.reject(new Error('gone'))
          : deps.store.asTenant(tenantId, work),
    };
    const both = new LiveHub({ metrics: world.metrics });
    const fences = fencesSeenIn(await deps.liveSource.revisions());
    const registry = await deps.liveSource.loadTrackers();
    both.changeRegistry(registry);
    const other = watchAudience(
      { ...deps, store, clock, logger: silentLogger, hub: both, source: deps.liveSource },
      { registry: registry.revisions, fences, alerts: new Map() },
    );
    const closed: string[] = [];
    for (const tenant of [alpha, beta]) {
      const key = await world.openSession(tenant, tenant.member);
      const session = await findSession(world.store, key, clock.nowMs());
      if (session === null) throw new Error('The member has no session');
      const live = both.open(tenant.tenantId, new Set([tenant.northId]), {
        ...socket,
        close: (code) => closed.push(`${tenant.host} ${code}`),
      });
      other.join({ session, live });
      await world.store.asTenant(tenant.tenantId, (scope) => closeSession(scope, session));
    }
    return { other, failing, closed };
  }
  const failures = () => world.metrics.read('followme_live_look_failures_total');

  test('takes nothing from the others, and is made good by the next look', async () => {
    const { alpha, beta } = world;
    for (const first of [alpha, beta]) {
      const { other, failing, closed } = await openBoth();
      const second = first === alpha ? beta : alpha;
      failing.delete(second.tenantId);
      // told of both before the look, so that one is checked behind the other whatever their order
      world.log.broadcast('sessions', Buffer.from(String(first.tenantId)));
      world.log.broadcast('sessions', Buffer.from(String(second.tenantId)));
      await waitUntil(() => closed.includes(`${second.host} SESSION_ENDED`), WAIT_MS);
      expect(closed).toEqual([`${second.host} SESSION_ENDED`]);
      failing.clear();
      await clock.advance(LOOK_MS);
      await waitUntil(() => closed.length === 2, WAIT_MS);
      await other.stop();
    }
  });

  test('loses nothing of what changed while the store was gone for all', async () => {
    const { alpha, beta } = world;
    const { other, failing, closed } = await openBoth();
    const before = await failures();
    for (const { tenantId } of [alpha, beta])
      world.log.broadcast('sessions', Buffer.from(String(tenantId)));
    await waitUntil(async () => (await failures()) > before, WAIT_MS);
    failing.clear();
    await clock.advance(LOOK_MS);
    await waitUntil(() => closed.length === 2, WAIT_MS);
    await other.stop();
  });
});

describe('a change of fences', () => {
  test('is told with one look to viewers of the tenant, and nothing is told when none changed', async () => {
    const { alpha, store } = world;
    await openMember();
    written = '';
    await look();
    hub.tick(clock.monotonicMs());
    expect(written).not.toContain('fencesChanged');
    const shape = {
      kind: 'circle',
      centre: [5, 52],
      radiusM: 100,
    } as const;
    await store.asTenant(alpha.tenantId, (tenant) => createFence(tenant, { name: 'Yard', shape }));
    await look();
    hub.tick(clock.monotonicMs());
    expect(written).toContain('{"header":"fencesChanged"}');
  });
});

describe('a change of alerts', () => {
  /** What the member was told of alerts since the last call, by id. */
  const toldAlerts = (): number[] => {
    hub.tick(clock.monotonicMs());
    const ids = [...written.matchAll(/"header":"alert","data":\{"id":(\d+)/g)].map((m) =>
      Number(m[1]),
    );
    written = '';
    return ids;
  };

  test('is told with one look, once, and nothing is told when none changed', async () => {
    const { alpha } = world;
    await openMember();
    await look();
    toldAlerts();
    const alertId = await world.raise(alpha, alpha.seenId);
    expect(toldAlerts()).toEqual([]);
    await look();
    expect(toldAlerts()).toEqual([alertId]);
    await look();
    expect(toldAlerts()).toEqual([]);
  });

  test('is not told of a tracker that went out of view with the same look', async () => {
    const { alpha, store } = world;
    await openMember();
    await look();
    toldAlerts();
    await world.raise(alpha, alpha.seenId);
    await store.asTenant(alpha.tenantId, (tenant) => setGroupMembers(tenant, alpha.northId, []));
    await look();
    expect(toldAlerts()).toEqual([]);
    await store.asTenant(alpha.tenantId, (tenant) =>
      setGroupMembers(tenant, alpha.northId, [alpha.member.userId]),
    );
  });

  test('in a storm of one customer is told over several looks, that of another with the first', async () => {
    const { alpha, beta } = world;
    await openMember();
    const session = await findSession(world.store, beta.admin.key, clock.nowMs());
    if (session === null) throw new Error('The administrator has no session');
    let theirs = '';
    const live = hub.open(beta.tenantId, 'all', {
      ...socket,
      write: (frames) => (theirs += Buffer.from(frames).toString('latin1')),
    });
    watch.join({ session, live });
    await look();
    toldAlerts();
    const storm = await world.raiseMany(alpha, alpha.seenId, { count: 2_300 });
    const alertId = await world.raise(beta, beta.seenId);
    /** A socket takes 256 KiB a tick. */
    const toldOfAll = () => Array.from({ length: 20 }, toldAlerts).flat();
    await look();
    const first = toldOfAll();
    expect(first).toHaveLength(2_000);
    expect(theirs).toContain(`"header":"alert","data":{"id":${alertId}`);
    await look();
    expect(new Set([...first, ...toldOfAll()])).toEqual(new Set(storm));
  });

  test('that could not be looked at is told by the next look, page after page', async () => {
    const { alpha, deps } = world;
    let fails = true;
    const store: typeof deps.store = {
      ...deps.store,
      asTenant: (tenantId, work) =>
        fails ? Promise.reject(new Error('gone')) : deps.store.asTenant(tenantId, work),
    };
    const revisions = await deps.liveSource.revisions();
    const registry = await deps.liveSource.loadTrackers();
    const other = new LiveHub({ metrics: world.metrics });
    other.changeRegistry(registry);
    const ofOther = watchAudience(
      { ...deps, store, clock, logger: silentLogger, hub: other, source: deps.liveSource },
      {
        registry: registry.revisions,
        fences: fencesSeenIn(revisions),
        alerts: alertsSeenIn(revisions),
      },
    );
    const session = await findSession(world.store, alpha.admin.key, clock.nowMs());
    if (session === null) throw new Error('The administrator has no session');
    let told = '';
    const live = other.open(alpha.tenantId, 'all', {
      ...socket,
      write: (frames) => (told += Buffer.from(frames).toString('latin1')),
    });
    const failures = () => world.metrics.read('followme_live_look_failures_total');
    const before = await failures();
    ofOther.join({ session, live });
    await waitUntil(async () => (await failures()) > before, WAIT_MS);
    // more than one page of them
    const ids = await world.raiseMany(alpha, alpha.seenId, { count: 600 });
    fails = false;
    await waitUntil(async () => {
      await clock.advance(LOOK_MS);
      other.tick(clock.monotonicMs());
      const seen = new Set(
        [...told.matchAll(/"alert","data":\{"id":(\d+)/g)].map((m) => Number(m[1])),
      );
      return ids.every((id) => seen.has(id));
    }, WAIT_MS);
    await ofOther.stop();
  });
});
