import { trustedId, type Lane } from '@followme/model';
import { createMetrics, createRandom, silentLogger } from '@followme/platform';
import { createFakeClock } from '@followme/testkit';
import { describe, expect, test } from 'vitest';
import { createLaneKeeper } from './lane-keeper.ts';
import type { LaneLease } from './lane-work.ts';
import { createMemoryLanes } from './memory-lanes.ts';
import {
  createKeeperWorld,
  LEASE_MS,
  type KeeperWorld,
  type TestProcess,
} from './testing/keeper-world.ts';

/** Longest poll with its jitter, and the calls that follow it, ms. */
const POLL_MS = 250 * 1.1 + 50;
const RENEW_MS = 800 * 1.1;

const shares = (...processes: readonly TestProcess[]): readonly number[] =>
  processes.map(({ working }) => working.length).toSorted((a, b) => a - b);
const owned = (...processes: readonly TestProcess[]): readonly Lane[] =>
  processes.flatMap(({ working }) => working).toSorted((a, b) => a - b);
const losses = (process: TestProcess, reason: string): Promise<number> =>
  process.metrics.read('followme_lanes_lost_total', { reason });

/** Every sequence of every lane was committed, each once, in order. */
function expectExact(world: KeeperWorld): void {
  expect(new Set(world.committed).size).toBe(world.committed.length);
  for (const lane of world.all) {
    const numbers = world.committed
      .filter((at) => at.startsWith(`${lane}/`))
      .map((at) => Number(at.split('/')[1]));
    expect(numbers).toEqual(numbers.map((_, place) => place + 1));
  }
}

async function started(world: KeeperWorld, ...names: readonly string[]): Promise<TestProcess[]> {
  const processes = names.map((name) => world.process(name));
  for (const { keeper } of processes) void keeper.start();
  await world.advance(3_000);
  return processes;
}

describe('fair shares', () => {
  test('who is alone takes all lanes, each once', async () => {
    const world = createKeeperWorld();
    const one = world.process('one');
    void one.keeper.start();
    await world.advance(100);
    expect(one.working).toEqual(world.all);
    await world.advance(5_000);
    expect(one.keeper.held.map(({ epoch }) => epoch)).toEqual(world.all.map(() => 1));
    expectExact(world);
  });

  test('as members come and go the shares settle, and no lane waits longer than its hand-over', async () => {
    const world = createKeeperWorld();
    const [one] = await started(world, 'one');
    if (one === undefined) throw new Error('no process');
    const two = world.process('two');
    void two.keeper.start();
    await world.advance(1_500);
    expect(shares(one, two)).toEqual([8, 8]);
    const three = world.process('three');
    void three.keeper.start();
    await world.advance(1_500);
    expect(owned(one, two, three)).toEqual(world.all);
    expect(Math.max(...shares(one, two, three))).toBe(6);
    const stopped = two.keeper.stop();
    await world.advance(300);
    await stopped;
    expect(two.working).toEqual([]);
    expect(shares(one, three)).toEqual([8, 8]);
    expect(world.longestGapMs).toBeLessThanOrEqual(100);
    expectExact(world);
    for (const process of [one, two, three]) expect(await losses(process, 'fenced')).toBe(0);
  });

  test('who has its share takes no more, also when lanes are free', async () => {
    const world = createKeeperWorld(5);
    const [one, two] = await started(world, 'one', 'two');
    if (one === undefined || two === undefined) throw new Error('no process');
    expect(shares(one, two)).toEqual([2, 3]);
    await world.advance(10_000);
    expect(shares(one, two)).toEqual([2, 3]);
    expect(Math.max(one.looks, two.looks)).toBeLessThan(13_000 / (800 * 0.9) + 5);
  });

  test('a call of who gave lanes back that nobody heard is made good by the next look', async () => {
    const world = createKeeperWorld();
    const [one, two] = await started(world, 'one', 'two');
    if (one === undefined || two === undefined) throw new Error('no process');
    two.isDeaf = true;
    void one.keeper.stop();
    await world.advance(RENEW_MS + 100);
    expect(two.working).toEqual(world.all);
    expectExact(world);
  });

  test('of many members on few lanes one works and the others wait quietly', async () => {
    const world = createKeeperWorld(1);
    const processes = await started(world, 'one', 'two', 'three');
    expect(shares(...processes)).toEqual([0, 0, 1]);
    const before = processes.map(({ looks }) => looks);
    await world.advance(8_000);
    const looked = processes.map(({ looks }, at) => looks - (before[at] ?? 0));
    expect(Math.max(...looked)).toBeLessThanOrEqual(12);
  });
});

describe('who dies', () => {
  test('is missed within a lease and a poll, and its lanes go on', async () => {
    const world = createKeeperWorld();
    const [one, two, three] = await started(world, 'one', 'two', 'three');
    if (one === undefined || two === undefined || three === undefined) throw new Error('none');
    two.kill();
    await world.advance(LEASE_MS + POLL_MS);
    expect(owned(one, three)).toEqual(world.all);
    expect(shares(one, three)).toEqual([8, 8]);
    expect(world.longestGapMs).toBeLessThanOrEqual(LEASE_MS + POLL_MS);
    expectExact(world);
  });

  test('and is alone is followed by the next that starts', async () => {
    const world = createKeeperWorld();
    const [one] = await started(world, 'one');
    one?.kill();
    const two = world.process('two');
    void two.keeper.start();
    await world.advance(LEASE_MS + POLL_MS);
    expect(two.working).toEqual(world.all);
    expect(two.keeper.held.map(({ epoch }) => epoch)).toEqual(world.all.map(() => 2));
    expectExact(world);
  });
});

describe('who stands still', () => {
  test('for longer than a lease has lost its lanes when it wakes, and knows before it does more', async () => {
    const world = createKeeperWorld();
    const [one, two] = await started(world, 'one', 'two');
    if (one === undefined || two === undefined) throw new Error('no process');
    one.clock.freeze();
    await world.advance(6_000);
    expect(two.working).toEqual(world.all);
    expect(one.working).toHaveLength(8);
    expect(one.keeper.isCurrent()).toBe(false);
    one.clock.wake();
    expect(one.keeper.isCurrent()).toBe(false);
    await world.advance(20); // the store is asked at once
    expect(one.working).toEqual([]);
    // by the look, or by the commit that came before its answer
    expect((await losses(one, 'leaseLost')) + (await losses(one, 'fenced'))).toBe(8);
    await world.advance(2_000);
    expect(one.keeper.isCurrent()).toBe(true);
    expect(shares(one, two)).toEqual([8, 8]);
    expectExact(world);
  });

  test('for longer than a lease keeps what nobody took meanwhile', async () => {
    const world = createKeeperWorld();
    const [one] = await started(world, 'one');
    if (one === undefined) throw new Error('no process');
    one.clock.freeze();
    await world.advance(6_000);
    one.clock.wake();
    await world.advance(20);
    expect(one.keeper.isCurrent()).toBe(true);
    expect(one.working).toEqual(world.all);
    expect(one.keeper.held.every(({ epoch }) => epoch === 1)).toBe(true);
    expectExact(world);
  });

  test('for ten leases throws all away before it does anything', async () => {
    const world = createKeeperWorld();
    const [one] = await started(world, 'one');
    if (one === undefined) throw new Error('no process');
    one.clock.freeze();
    await world.advance(11 * LEASE_MS);
    one.clock.wake();
    expect(one.working).toEqual([]);
    expect(await losses(one, 'leaseExpired')).toBe(16);
    await world.advance(2_000);
    expect(one.working).toEqual(world.all);
    expectExact(world);
  });

  test('for less goes on', async () => {
    const world = createKeeperWorld();
    const [one, two] = await started(world, 'one', 'two');
    if (one === undefined || two === undefined) throw new Error('no process');
    one.clock.freeze();
    await world.advance(LEASE_MS - 1_000);
    one.clock.wake();
    await world.advance(2_000);
    expect(shares(one, two)).toEqual([8, 8]);
    expect(one.keeper.held.every(({ epoch }) => epoch <= 2)).toBe(true);
    expectExact(world);
  });
});

describe('who cannot reach', () => {
  test('the log gives its lanes back, and takes none until it answers', async () => {
    const world = createKeeperWorld();
    const [one, two] = await started(world, 'one', 'two');
    if (one === undefined || two === undefined) throw new Error('no process');
    one.logSilentMs = 2_001;
    await world.advance(300 + POLL_MS);
    expect(one.working).toEqual([]);
    expect(two.working).toEqual(world.all);
    await world.advance(10_000);
    expect(one.keeper.held).toEqual([]);
    expect(await losses(one, 'logSilent')).toBe(8);
    one.logSilentMs = 0;
    await world.advance(1_500);
    expect(shares(one, two)).toEqual([8, 8]);
    expectExact(world);
  });

  test('the store drops its lanes after a lease, others take them, and it comes back with the store', async () => {
    const world = createKeeperWorld();
    const [one, two] = await started(world, 'one', 'two');
    if (one === undefined || two === undefined) throw new Error('no process');
    one.isStoreAway = true;
    await world.advance(LEASE_MS + POLL_MS);
    expect(one.working).toEqual([]);
    expect(two.working).toEqual(world.all);
    expect(await one.metrics.read('followme_lanes_look_failures_total')).toBeGreaterThan(2);
    one.isStoreAway = false;
    await world.advance(1_500);
    expect(shares(one, two)).toEqual([8, 8]);
    expectExact(world);
  });

  test('the store from the start begins when it is there', async () => {
    const world = createKeeperWorld();
    const one = world.process('one');
    one.isStoreAway = true;
    void one.keeper.start();
    await world.advance(2_000);
    expect(one.working).toEqual([]);
    one.isStoreAway = false;
    await world.advance(500);
    expect(one.working).toEqual(world.all);
  });
});

describe('lanes', () => {
  test('that somebody else took are dropped by the next look', async () => {
    const world = createKeeperWorld();
    const [one] = await started(world, 'one');
    if (one === undefined) throw new Error('no process');
    const [victim] = world.all;
    // as after a lease that ran out
    const [stolen] = world.lanes.progress('geofence', victim ?? trustedId<Lane>(0))
      ? await world.lanes.leases('geofence').acquire('one', world.all.slice(0, 1), 1)
      : [];
    expect(stolen?.epoch).toBe(2);
    await world.advance(RENEW_MS + 10);
    expect((await losses(one, 'leaseLost')) + (await losses(one, 'fenced'))).toBe(1);
    await world.advance(RENEW_MS + 100);
    expect(one.working).toEqual(world.all);
  });

  test('whose work broke are taken again with a new epoch', async () => {
    const world = createKeeperWorld(2);
    const [one] = await started(world, 'one');
    const [lease] = one?.keeper.held ?? [];
    if (one === undefined || lease === undefined) throw new Error('no lane');
    one.keeper.lose(lease, 'readFailed');
    expect(lease.signal.aborted).toBe(true);
    one.keeper.lose(lease, 'readFailed');
    await world.advance(RENEW_MS + 100);
    expect(one.keeper.held.find(({ lane }) => lane === lease.lane)?.epoch).toBe(2);
    expect(await losses(one, 'readFailed')).toBe(1);
  });

  test('whose work does not end in time are dropped and given back', async () => {
    const world = createKeeperWorld(4);
    const never = (): Promise<void> => new Promise(() => undefined);
    const one = world.process('one', { finish: never });
    void one.keeper.start();
    await world.advance(100);
    const stopped = one.keeper.stop();
    const two = world.process('two');
    void two.keeper.start();
    await world.advance(9_900);
    // renewed until the end
    expect(two.working).toEqual([]);
    await world.advance(300);
    await stopped;
    expect(await losses(one, 'finishFailed')).toBe(4);
    expect(two.working).toEqual(world.all);
  });

  test('whose work cannot begin are dropped and tried again', async () => {
    const world = createKeeperWorld(2);
    let failures = 2;
    const begun: Lane[] = [];
    const begin = async (leases: readonly LaneLease[]): Promise<void> => {
      failures -= 1;
      if (failures >= 0) throw new Error('the state cannot be read');
      begun.push(...leases.map(({ lane }) => lane));
    };
    const one = world.process('one', { begin });
    void one.keeper.start();
    await world.advance(3 * RENEW_MS);
    expect(begun.toSorted()).toEqual(world.all);
    expect(await losses(one, 'beginFailed')).toBe(4);
  });
});

describe('stopping', () => {
  test('while starting withdraws what is being begun, and the next takes it at once', async () => {
    const world = createKeeperWorld();
    let begun = 0;
    // begins until it is told otherwise
    const begin = (leases: readonly LaneLease[]): Promise<void> =>
      new Promise((resolve) => {
        for (const { signal } of leases)
          signal.addEventListener('abort', () => {
            begun += 1;
            if (begun === leases.length) resolve();
          });
      });
    const one = world.process('one', { begin });
    const starting = one.keeper.start();
    await world.advance(100);
    expect(one.keeper.held).toHaveLength(16);
    const stopping = one.keeper.stop();
    await world.advance(50);
    await stopping;
    await starting;
    const two = world.process('two');
    void two.keeper.start();
    await world.advance(100);
    expect(two.working).toEqual(world.all);
  });

  test('before the store has answered gives back what it took', async () => {
    const world = createKeeperWorld();
    const one = world.process('one');
    const starting = one.keeper.start();
    await world.clock.advance(6); // the look is answered, the taking is under way
    const stopping = one.keeper.stop();
    await world.advance(100);
    await stopping;
    await starting;
    expect(one.working).toEqual([]);
    const two = world.process('two');
    void two.keeper.start();
    await world.advance(100);
    expect(two.working).toEqual(world.all);
  });

  test('gives back also what the store took for it without an answer', async () => {
    const world = createKeeperWorld();
    const one = world.process('one');
    void one.keeper.start();
    await world.advance(50);
    const two = world.process('two');
    // as a call that was given up and has its effect later
    await world.lanes.leases('geofence').release('one', one.keeper.held);
    await world.lanes.leases('geofence').acquire('two', world.all, 16);
    void two.keeper.start();
    await world.clock.advance(1);
    const stopping = two.keeper.stop();
    await world.advance(100);
    await stopping;
    const look = await world.lanes.leases('geofence').look('three', { held: [], all: world.all });
    expect(look.free).toBe(16);
  });

  test('leaves nothing behind: no member, no timer but the work', async () => {
    const world = createKeeperWorld();
    const [one] = await started(world, 'one');
    const stopping = one?.keeper.stop();
    await world.advance(120);
    await stopping;
    const look = await world.lanes.leases('geofence').look('two', { held: [], all: world.all });
    expect(look).toMatchObject({ members: 1, free: 16 });
    expect(world.clock.waiting()).toBe(1); // the commits of the test's process
  });

  test('what was never started is nothing to do', async () => {
    const world = createKeeperWorld();
    await world.process('one').keeper.stop();
    expect(world.clock.monotonicMs()).toBe(0);
  });
});

describe('the only process', () => {
  const all = [0, 1, 2].map((n) => trustedId<Lane>(n));

  function createSingle() {
    const clock = createFakeClock();
    const lanes = createMemoryLanes({ clock, ownership: { kind: 'single' } });
    const begun: LaneLease[] = [];
    const finished: LaneLease[] = [];
    const looks: string[] = [];
    const leases = lanes.leases('geofence');
    const keeper = createLaneKeeper({
      leases: {
        ...leases,
        look: (owner, held) => {
          looks.push(owner);
          return leases.look(owner, held);
        },
      },
      signals: {
        silentForMs: () => 0,
        broadcast: () => undefined,
        subscribe: () => () => undefined,
      },
      work: {
        begin: async (taken) => void begun.push(...taken),
        finish: async (taken) => void finished.push(...taken),
        drop: () => undefined,
      },
      clock,
      random: createRandom('single'),
      logger: silentLogger,
      metrics: createMetrics(),
      owner: 'only',
      lanes: all,
    });
    return { clock, lanes, keeper, begun, finished, looks };
  }

  test('takes all lanes at once and looks at no leases, however long it runs', async () => {
    const { clock, lanes, keeper, begun, finished, looks } = createSingle();
    await lanes.leases('geofence').acquire('before the crash', all, 3);
    await keeper.start();
    expect(begun.map(({ lane, epoch }) => [lane, epoch])).toEqual(all.map((lane) => [lane, 2]));
    await clock.advance(60_000);
    expect([looks, begun.length, keeper.isCurrent()]).toEqual([[], 3, true]);
    await keeper.stop();
    expect(finished.map(({ lane }) => lane)).toEqual(all);
    expect(clock.waiting()).toBe(0);
  });

  test('takes again what it let go', async () => {
    const { clock, keeper, begun } = createSingle();
    await keeper.start();
    const [lease] = keeper.held;
    if (lease === undefined) throw new Error('no lane');
    keeper.lose(lease, 'fenced');
    await clock.advance(RENEW_MS);
    expect(begun.at(-1)).toMatchObject({ lane: lease.lane, epoch: 2 });
    expect(keeper.held).toHaveLength(3);
  });
});
