import { trustedId, type Lane } from '@followme/model';
import { startTestPostgres, type TestPostgres } from '@followme/testkit';
import { sql } from 'kysely';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Store } from '../port.ts';
import { advanceLanes } from '../postgres/lane-progress/advance-lanes.ts';
import type { Ownership } from '../postgres/lane-progress/lanes.ts';
import { openTestStore } from '../postgres/testing.ts';
import { CONTRACT_LEASE_MS, describeLaneLeases } from './contract.ts';
import { createSqlLaneLeases } from './sql-lane-leases.ts';

let postgres: TestPostgres;
let store: Store;
const lane = (n: number): Lane => trustedId<Lane>(n);
const ALL = [0, 1, 15].map(lane);

beforeAll(async () => {
  postgres = await startTestPostgres();
  ({ store } = await openTestStore(postgres.url));
});
afterAll(async () => {
  await store.close();
  await postgres.stop();
});

async function empty(): Promise<void> {
  await store.asSystem(async ({ client }) => {
    for (const table of ['lane_progress', 'lane_lease', 'lane_member']) {
      await client.query(`delete from followme.${table}`);
    }
  });
}

const leasesOf = (consumer: 'recorder' | 'geofence', ownership: Ownership) =>
  createSqlLaneLeases({ store, consumer, ownership });
const LEASED = { kind: 'leased', leaseMs: CONTRACT_LEASE_MS } as const;

/** Time is the database's: it passes by making what is written older. */
async function passes(ms: number): Promise<void> {
  await store.asSystem(async ({ db }) => {
    const older = sql`${ms}::float8 * interval '1 ms'`;
    await sql`update followme.lane_lease set lease_until = lease_until - ${older}`.execute(db);
    await sql`update followme.lane_member set seen_until = seen_until - ${older}`.execute(db);
  });
}

describeLaneLeases('in PostgreSQL', async () => {
  await empty();
  return {
    leases: leasesOf('recorder', LEASED),
    others: leasesOf('geofence', LEASED),
    passes,
    commit: (stretch) =>
      store.asSystem(async (s) => (await advanceLanes(s.client, 'recorder', [stretch])).size > 0),
  };
});

test('the only process takes all lanes at once, whoever held them', async () => {
  await empty();
  await leasesOf('recorder', LEASED).acquire('of several', [lane(0)], 1);
  const single = leasesOf('recorder', { kind: 'single' });
  await single.acquire('before the crash', ALL, 3);
  const owned = await single.acquire('after the crash', ALL, 3);
  expect(owned.map(({ epoch }) => epoch).toSorted()).toEqual([2, 2, 3]);
});

test('leases that do not run out give way when processes become several', async () => {
  await empty();
  await leasesOf('recorder', { kind: 'single' }).acquire('the only one', ALL, 3);
  expect(await leasesOf('recorder', LEASED).acquire('one of several', ALL, 3)).toHaveLength(3);
});

test('members that are long gone are forgotten', async () => {
  await empty();
  const leases = leasesOf('recorder', LEASED);
  await leases.look('gone', { held: [], all: ALL });
  await passes(CONTRACT_LEASE_MS + 61_000);
  await leases.look('here', { held: [], all: ALL });
  const { rows } = await store.asSystem(({ client }) =>
    client.query('select owner from followme.lane_member'),
  );
  expect(rows).toEqual([{ owner: 'here' }]);
});

/** A transaction of a process that is frozen in the middle of a commit of lane 0. */
async function freeze(): Promise<{ readonly wakes: () => Promise<unknown> }> {
  const [owned] = await leasesOf('recorder', LEASED).acquire('frozen', [lane(0)], 1);
  let wake = (): void => undefined;
  const woken = new Promise<void>((resolve) => (wake = resolve));
  let held = (): void => undefined;
  const holds = new Promise<void>((resolve) => (held = resolve));
  const committing = store
    .asSystem(async ({ client }) => {
      const fromSequence = trustedId<never>(0);
      const stretch = { lane: lane(0), epoch: owned?.epoch ?? 0, fromSequence };
      await advanceLanes(client, 'recorder', [{ ...stretch, toSequence: trustedId<never>(5) }]);
      held();
      await woken;
      await client.query('select 1');
    })
    .then(
      () => 'committed',
      (error: unknown) => error,
    );
  await holds;
  return {
    wakes: () => {
      wake();
      return committing;
    },
  };
}

test('renewing does not wait for a commit under way, nor does one who takes lanes', async () => {
  await empty();
  const leases = leasesOf('recorder', LEASED);
  const frozen = await freeze();
  const held = [{ lane: lane(0), epoch: 1 }];
  expect((await leases.look('frozen', { held, all: ALL })).kept).toEqual([0]);
  await passes(CONTRACT_LEASE_MS + 500);
  expect((await leases.acquire('two', ALL, 3)).map((taken) => taken.lane)).toEqual([1, 15]);
  expect(await frozen.wakes()).toBe('committed');
  expect(await leases.acquire('two', [lane(0)], 1)).toMatchObject([{ epoch: 2 }]);
});

test('a commit that holds a lane long after its lease ran out is ended, and did nothing', async () => {
  await empty();
  const leases = leasesOf('recorder', LEASED);
  const frozen = await freeze();
  await passes(CONTRACT_LEASE_MS + 2_000);
  expect(await leases.acquire('two', [lane(0)], 1)).toEqual([]);
  // once it has lasted for a second
  await expect
    .poll(() => leases.acquire('two', [lane(0)], 1), { timeout: 10_000, interval: 20 })
    .toEqual([{ lane: 0, epoch: 2, committedSequence: 0 }]);
  // run again after the connection was ended, and fenced
  expect(await frozen.wakes()).toBeDefined();
  const { rows } = await store.asSystem(({ client }) =>
    client.query('select committed_seq::float8 as seq from followme.lane_progress where lane = 0'),
  );
  expect(rows).toEqual([{ seq: 0 }]);
});
