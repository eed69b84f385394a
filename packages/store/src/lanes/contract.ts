/** What every adapter of the lane leases must keep to. Run by each adapter's test file. */
import { trustedId, type Lane, type LogSequence } from '@followme/model';
import { beforeEach, describe, expect, test } from 'vitest';
import type { LaneStretch } from '../postgres/lane-progress/lanes.ts';
import type { HeldLane, LaneLeases, OwnedLane } from './port.ts';

const lane = (n: number): Lane => trustedId<Lane>(n);
const A = lane(3);
const B = lane(5);
const C = lane(6);
const ALL = [A, B, C];

/** Length of a lease in the suite, ms. */
export const CONTRACT_LEASE_MS = 60_000;

/** An adapter under test: empty, with leases of `CONTRACT_LEASE_MS`. */
export interface LaneLeasesSubject {
  /** Of the recorder. */
  readonly leases: LaneLeases;
  /** Of another consumer in the same installation. */
  readonly others: LaneLeases;
  /** Brings about that so much time has passed since the leases were taken. */
  passes(ms: number): Promise<void>;
  /** Commits a stretch of the recorder; whether it was taken. */
  commit(stretch: LaneStretch): Promise<boolean>;
}

/** Declares the suite; `open` gives an empty adapter for each test. */
export function describeLaneLeases(name: string, open: () => Promise<LaneLeasesSubject>): void {
  describe(`${name}: lane leases`, () => {
    let subject: LaneLeasesSubject;
    beforeEach(async () => {
      subject = await open();
    });
    takingRules(() => subject);
    lookingRules(() => subject);
    leavingRules(() => subject);
    commitRules(() => subject);
  });
}

const inOrder = (lanes: readonly OwnedLane[]): readonly OwnedLane[] =>
  lanes.toSorted((x, y) => x.lane - y.lane);
const look = (
  leases: LaneLeases,
  owner: string,
  held: readonly HeldLane[] = [],
): ReturnType<LaneLeases['look']> => leases.look(owner, { held, all: ALL });

function takingRules(subject: () => LaneLeasesSubject): void {
  test('a lane taken for the first time has epoch 1 and stands at 0', async () => {
    const owned = await subject().leases.acquire('one', [A, B], 2);
    expect(inOrder(owned)).toEqual([
      { lane: A, epoch: 1, committedSequence: 0 },
      { lane: B, epoch: 1, committedSequence: 0 },
    ]);
  });

  test('no more are taken than asked for, in the order asked for', async () => {
    const { leases } = subject();
    expect(await leases.acquire('one', [C, A, B], 1)).toMatchObject([{ lane: C }]);
    expect(await leases.acquire('two', [C, B, A], 1)).toMatchObject([{ lane: B }]);
    expect(await leases.acquire('two', [A], 0)).toEqual([]);
  });

  test('a held lane is not given to another owner', async () => {
    const { leases } = subject();
    await leases.acquire('one', [A], 1);
    expect(await leases.acquire('two', [A], 1)).toEqual([]);
  });

  test('of several who ask at the same time each lane goes to one', async () => {
    const { leases } = subject();
    const owners = ['one', 'two', 'three', 'four'];
    const taken = await Promise.all(owners.map((owner) => leases.acquire(owner, ALL, 2)));
    // one who asks while another takes may pass over what that one leaves
    const rest = await leases.acquire('five', ALL, 3);
    const lanes = [...taken.flat(), ...rest].map((owned) => owned.lane);
    expect(lanes.toSorted()).toEqual(ALL);
  });

  test('a lane whose lease ran out goes to whoever asks, and its former owner cannot renew it', async () => {
    const { leases, passes } = subject();
    const owned = await leases.acquire('one', [A], 1);
    await passes(CONTRACT_LEASE_MS - 5_000);
    expect(await leases.acquire('two', [A], 1)).toEqual([]);
    await passes(10_000);
    expect(await leases.acquire('two', [A], 1)).toEqual([
      { lane: A, epoch: 2, committedSequence: 0 },
    ]);
    expect((await look(leases, 'one', owned)).kept).toEqual([]);
  });

  test('an owner that asks again gets its lane with a new epoch', async () => {
    const { leases } = subject();
    await leases.acquire('one', [A], 1);
    expect(await leases.acquire('one', [A], 1)).toEqual([
      { lane: A, epoch: 2, committedSequence: 0 },
    ]);
  });

  test('a lane given back is taken at once, with a new epoch and the place it stands at', async () => {
    const { leases, commit } = subject();
    const owned = await leases.acquire('one', [A], 1);
    await commit(stretchOf({}));
    await leases.release('one', owned);
    expect(await leases.acquire('two', [A], 1)).toEqual([
      { lane: A, epoch: 2, committedSequence: 10 },
    ]);
  });

  test('giving back a lane that somebody else owns now, or we took again, leaves it alone', async () => {
    const { leases, passes } = subject();
    const first = await leases.acquire('one', [A, B], 2);
    await leases.acquire('one', [B], 1);
    await passes(CONTRACT_LEASE_MS + 5_000);
    const taken = await leases.acquire('two', [A], 1);
    const again = await leases.acquire('one', [B], 1);
    await leases.release('one', first);
    expect((await look(leases, 'two', taken)).kept).toEqual([A]);
    expect((await look(leases, 'one', again)).kept).toEqual([B]);
  });

  test('what one consumer owns says nothing about another', async () => {
    const { leases, others } = subject();
    await leases.acquire('one', [A], 1);
    expect(await others.acquire('two', [A], 1)).toEqual([
      { lane: A, epoch: 1, committedSequence: 0 },
    ]);
  });
}

function lookingRules(subject: () => LaneLeasesSubject): void {
  test('looking keeps lanes that nobody took, for another lease', async () => {
    const { leases, passes } = subject();
    const owned = await leases.acquire('one', [A, B], 2);
    await passes(CONTRACT_LEASE_MS - 5_000);
    expect((await look(leases, 'one', owned)).kept.toSorted()).toEqual([A, B]);
    await passes(10_000);
    expect(await leases.acquire('two', [A, B], 2)).toEqual([]);
  });

  test('a lease that ran out and that nobody took is kept', async () => {
    const { leases, passes } = subject();
    const owned = await leases.acquire('one', [A], 1);
    await passes(CONTRACT_LEASE_MS + 5_000);
    expect((await look(leases, 'one', owned)).kept).toEqual([A]);
    expect(await leases.acquire('two', [A], 1)).toEqual([]);
  });

  test('a lane held under an older epoch is not kept', async () => {
    const { leases } = subject();
    const owned = await leases.acquire('one', [A], 1);
    await leases.acquire('one', [A], 1);
    expect((await look(leases, 'one', owned)).kept).toEqual([]);
  });

  test('who looks is counted until it is not seen for a lease, each consumer on its own', async () => {
    const { leases, others, passes } = subject();
    expect(await look(leases, 'one')).toMatchObject({ members: 1 });
    expect(await look(leases, 'two')).toMatchObject({ members: 2 });
    expect(await look(others, 'two')).toMatchObject({ members: 1 });
    await passes(CONTRACT_LEASE_MS - 5_000);
    expect(await look(leases, 'two')).toMatchObject({ members: 2 });
    await passes(10_000);
    expect(await look(leases, 'two')).toMatchObject({ members: 1 });
  });

  test('a look tells how many lanes are free, and when the next one is', async () => {
    const { leases, passes } = subject();
    expect(await look(leases, 'two')).toMatchObject({ free: 3, nextFreeMs: 0 });
    const owned = await leases.acquire('one', [A, B], 2);
    expect(await look(leases, 'two')).toMatchObject({ free: 1, nextFreeMs: 0 });
    const [mine] = await leases.acquire('two', [C], 1);
    const held = mine === undefined ? [] : [mine];
    const { free, nextFreeMs } = await look(leases, 'two', held);
    expect(free).toBe(0);
    expect(nextFreeMs).toBeGreaterThan(CONTRACT_LEASE_MS - 30_000);
    expect(nextFreeMs).toBeLessThanOrEqual(CONTRACT_LEASE_MS);
    await passes(CONTRACT_LEASE_MS + 1_000);
    expect(await look(leases, 'two', held)).toMatchObject({ free: 2, nextFreeMs: 0 });
    await leases.release('one', owned);
    // one that forgot what it holds may take it again
    expect(await look(leases, 'two')).toMatchObject({ free: 3, nextFreeMs: 0 });
  });

  test('who holds all there are waits for none', async () => {
    const { leases } = subject();
    const owned = await leases.acquire('one', ALL, 3);
    expect(await look(leases, 'one', owned)).toMatchObject({ free: 0, nextFreeMs: null });
  });
}

function leavingRules(subject: () => LaneLeasesSubject): void {
  test('who leaves is counted no longer', async () => {
    const { leases } = subject();
    await look(leases, 'one');
    await look(leases, 'two');
    await leases.leave('one');
    expect(await look(leases, 'two')).toMatchObject({ members: 1 });
    await leases.leave('never seen');
  });

  test('who leaves holds nothing, and others keep what they have', async () => {
    const { leases, others } = subject();
    await leases.acquire('one', [A], 1);
    await others.acquire('one', [A], 1);
    await leases.acquire('two', [B], 1);
    await leases.leave('one');
    expect(await leases.acquire('three', ALL, 3)).toMatchObject([{ lane: A }, { lane: C }]);
    expect(await others.acquire('three', [A], 1)).toEqual([]);
  });
}

const stretchOf = (change: Partial<LaneStretch>): LaneStretch => ({
  lane: A,
  epoch: 1,
  fromSequence: trustedId<LogSequence>(0),
  toSequence: trustedId<LogSequence>(10),
  ...change,
});

function commitRules(subject: () => LaneLeasesSubject): void {
  test('a commit holds by its epoch, not by its lease', async () => {
    const { leases, passes, commit } = subject();
    await leases.acquire('one', [A], 1);
    await passes(CONTRACT_LEASE_MS + 5_000);
    expect(await commit(stretchOf({}))).toBe(true);
    await leases.acquire('two', [A], 1);
    const next = {
      fromSequence: trustedId<LogSequence>(10),
      toSequence: trustedId<LogSequence>(20),
    };
    expect(await commit(stretchOf(next))).toBe(false);
    expect(await commit(stretchOf({ ...next, epoch: 2 }))).toBe(true);
  });
}
