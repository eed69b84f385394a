import { LogError, type Appended, type Log } from '@followme/log';
import {
  RowCursor,
  RowDraft,
  trustedId,
  type Lane,
  type LogSequence,
  type TenantId,
} from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Clock } from '@followme/platform';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  BATCH_MAX_FIXES,
  createLaneBatcher,
  DEFAULT_BATCHER_SETTINGS,
  type BatcherSettings,
  type LaneBatcher,
  type LaneOwner,
} from './lane-batcher.ts';

/** A log whose appends settle when the test says so: the order of acknowledgements is what is tested. */
function heldLog(): {
  log: Log;
  appends: { lane: Lane; rows: number; settle: (error?: Error) => Promise<void> }[];
} {
  const appends: { lane: Lane; rows: number; settle: (error?: Error) => Promise<void> }[] = [];
  let sequence = 0;
  const refuse = (): never => {
    throw new Error('not used by the batcher');
  };
  const log: Log = {
    identity: 'a test',
    durability: 'none: a test',
    lanes: () => 2,
    append: (_stream, lane, payload) =>
      new Promise<Appended>((resolve, reject) => {
        const cursor = new RowCursor();
        cursor.open(payload);
        let rows = 0;
        while (cursor.next()) rows += 1;
        const settle = async (error?: Error): Promise<void> => {
          if (error !== undefined) reject(error);
          else {
            sequence += 1;
            resolve({ sequence: trustedId<LogSequence>(sequence), duplicate: false });
          }
          await new Promise((done) => setImmediate(done));
        };
        appends.push({ lane, rows, settle });
      }),
    read: refuse,
    bounds: refuse,
    trim: refuse,
    broadcast: refuse,
    subscribe: refuse,
    getKey: refuse,
    setKey: refuse,
    deleteKey: refuse,
    silentForMs: () => 0,
    close: refuse,
  };
  return { log, appends };
}

/** A clock whose `after` runs when the test says so. */
function steppedClock(): { clock: Clock; tick: () => void; isTickDue: () => boolean } {
  let waiting: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    after(delayMs, run) {
      expect(delayMs).toBe(DEFAULT_BATCHER_SETTINGS.ageMs);
      waiting.push(run);
      return () => undefined;
    },
    sleep: () => Promise.resolve(),
  };
  return {
    clock,
    isTickDue: () => waiting.length > 0,
    tick() {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
  };
}

const ownerOf = (batcher: LaneBatcher, lane: number, tenant: number): LaneOwner => ({
  tenantId: tenant,
  trackerId: 7,
  lane: trustedId<Lane>(lane),
  load: batcher.loadOf(trustedId<TenantId>(tenant)),
});

function sealedDraft(): RowDraft {
  const draft = new RowDraft();
  draft.reset();
  draft.setFixTimeMs(1_700_000_000_000);
  draft.seal();
  return draft;
}

function setUp(limits: Partial<BatcherSettings> = {}) {
  const { log, appends } = heldLog();
  const { clock, tick, isTickDue } = steppedClock();
  const metrics = createMetrics();
  const batcher = createLaneBatcher({ log, clock, logger: silentLogger, metrics }, limits);
  const durable: string[] = [];
  const listener = { onDurable: (token: Buffer) => void durable.push(token.toString()) };
  const draft = sealedDraft();
  const add = (lane = 0, tenant = 1): void =>
    batcher.add(draft, ownerOf(batcher, lane, tenant), 1_700_000_000_500);
  const wait = (name: string, lane = 0, tenant = 1): void =>
    batcher.whenDurable(ownerOf(batcher, lane, tenant), listener, Buffer.from(name));
  const mayRead = (tenant = 1): boolean =>
    batcher.mayRead(batcher.loadOf(trustedId<TenantId>(tenant)));
  return { batcher, appends, tick, isTickDue, durable, add, wait, mayRead, metrics };
}

describe('lane batches', () => {
  test('fixes of one tick go into one append per lane, and nobody hears before it is durable', async () => {
    const { appends, tick, durable, add, wait } = setUp();
    add();
    wait('a');
    add();
    wait('b');
    add(1);
    wait('c', 1);
    expect(appends).toHaveLength(0);
    tick();
    expect(appends.map(({ lane, rows }) => [lane, rows])).toEqual([
      [0, 2],
      [1, 1],
    ]);
    expect(durable).toEqual([]);
    await appends[0]?.settle();
    expect(durable).toEqual(['a', 'b']);
    await appends[1]?.settle();
    expect(durable).toEqual(['a', 'b', 'c']);
  });

  test('an acknowledgement that comes before the tick leaves the next batch open until the tick', async () => {
    const { appends, tick, add } = setUp();
    add();
    tick();
    add();
    await appends[0]?.settle();
    expect(appends).toHaveLength(1);
    add();
    tick();
    expect(appends.map(({ rows }) => rows)).toEqual([1, 2]);
  });

  test('a lane has one append in flight; an acknowledgement later than the tick closes the next batch', async () => {
    const { appends, tick, add } = setUp();
    add();
    tick();
    add();
    tick();
    expect(appends).toHaveLength(1);
    await appends[0]?.settle();
    expect(appends).toHaveLength(2);
  });

  test('a batch closes at its thousandth fix without waiting for the tick', () => {
    const { appends, add } = setUp();
    for (let i = 0; i < BATCH_MAX_FIXES; i += 1) add();
    expect(appends.map(({ rows }) => rows)).toEqual([BATCH_MAX_FIXES]);
  });

  test('full batches wait their turn and none grows beyond the limit', async () => {
    const { appends, add, batcher } = setUp();
    for (let i = 0; i < BATCH_MAX_FIXES * 3 + 5; i += 1) add();
    const flushed = batcher.flush();
    for (let i = 0; i < 4; i += 1) await appends[i]?.settle();
    await flushed;
    expect(appends.map(({ rows }) => rows)).toEqual([1_000, 1_000, 1_000, 5]);
  });

  test('a reply registered after its batch left waits for that batch, not for the next', async () => {
    const { appends, tick, durable, add, wait } = setUp();
    add();
    tick();
    wait('late');
    expect(durable).toEqual([]);
    await appends[0]?.settle();
    expect(durable).toEqual(['late']);
  });

  test('a reply without anything pending is sent at once', () => {
    const { durable, wait } = setUp();
    wait('now');
    expect(durable).toEqual(['now']);
  });

  test('an append the engine could not store is tried again, in order, before anybody hears', async () => {
    const { appends, tick, durable, add, wait, metrics } = setUp();
    add();
    wait('a');
    tick();
    await appends[0]?.settle(new LogError('UNAVAILABLE', 'disk full'));
    expect(durable).toEqual([]);
    expect(appends.map(({ rows }) => rows)).toEqual([1, 1]);
    await appends[1]?.settle();
    expect(durable).toEqual(['a']);
    expect(await metrics.read('followme_tracker_append_failures_total')).toBe(1);
  });

  test('after a failure for good nobody is told "stored", and flush says so', async () => {
    const { appends, tick, durable, add, wait, mayRead, batcher } = setUp();
    add();
    wait('a');
    tick();
    await appends[0]?.settle(new LogError('CLOSED', 'closed'));
    add();
    wait('b');
    await expect(batcher.flush()).rejects.toThrow('stopped taking fixes');
    expect(durable).toEqual([]);
    expect(mayRead()).toBe(false);
  });

  test('too many held bytes stop the reading of all; down to half they let it go on', async () => {
    const { appends, tick, add, mayRead, batcher } = setUp({ maxPendingBytes: 1_000 });
    let relieved = 0;
    batcher.onRelief(() => {
      relieved += 1;
    });
    while (batcher.pendingBytes <= 1_000) add();
    expect([mayRead(1), mayRead(2), batcher.mayRead(null)]).toEqual([false, false, false]);
    tick();
    expect(relieved).toBe(0);
    await appends[0]?.settle();
    expect([relieved, mayRead(1), mayRead(2), batcher.mayRead(null)]).toEqual([
      1,
      true,
      true,
      true,
    ]);
  });

  test('above half, a tenant with more than its share waits and those with less go on', async () => {
    const { appends, tick, add, mayRead, batcher } = setUp({ maxPendingBytes: 6_400 });
    add(0, 2);
    while (batcher.pendingBytes <= 3_200) add(1, 1);
    expect([mayRead(1), mayRead(2), mayRead(3), batcher.mayRead(null)]).toEqual([
      false,
      true,
      true,
      true,
    ]);
    tick();
    for (const { lane, settle } of appends) if (lane === 1) await settle();
    expect(mayRead(1)).toBe(true);
    // alone with what is held, a tenant may hold all that is shared
    expect(batcher.pendingBytes).toBe(64);
  });

  test('behind a full batch tenants take turns, each in its own order', async () => {
    const { appends, durable, add, wait, batcher } = setUp();
    for (let i = 0; i < BATCH_MAX_FIXES * 4; i += 1) add();
    wait('flood');
    add(0, 2);
    wait('second tenant', 0, 2);
    add(0, 3);
    wait('third tenant', 0, 3);
    const flushed = batcher.flush();
    // in flight and open were full before the others came; they are in the batch behind those
    await appends[0]?.settle();
    await appends[1]?.settle();
    expect(durable).toEqual([]);
    await appends[2]?.settle();
    expect(durable).toEqual(['second tenant', 'third tenant']);
    await appends[3]?.settle();
    await appends[4]?.settle();
    await flushed;
    expect(durable).toEqual(['second tenant', 'third tenant', 'flood']);
    expect(appends.map(({ rows }) => rows).reduce((sum, rows) => sum + rows)).toBe(
      BATCH_MAX_FIXES * 4 + 2,
    );
    expect(Math.max(...appends.map(({ rows }) => rows))).toBe(BATCH_MAX_FIXES);
  });
});

test('a fix is stored, or a tick or an acknowledgement that sends it is to come, whatever came before', async () => {
  const step = fc.oneof(
    { weight: 4, arbitrary: fc.record({ fixes: fc.constantFrom(1, 1, 1, 700, 2_500) }) },
    { weight: 3, arbitrary: fc.constant('tick' as const) },
    { weight: 3, arbitrary: fc.constantFrom('acknowledged' as const, 'unavailable' as const) },
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const { appends, tick, isTickDue, durable, add, wait } = setUp();
      let asked = 0;
      const settleNext = async (error?: Error): Promise<void> => {
        await appends.shift()?.settle(error);
      };
      for (const next of steps) {
        if (next === 'tick') tick();
        else if (next === 'acknowledged') await settleNext();
        else if (next === 'unavailable') await settleNext(new LogError('UNAVAILABLE', 'later'));
        else {
          for (let fix = 0; fix < next.fixes; fix += 1) add(0, 1 + (fix % 3));
          wait(`${asked}`, 0, 1);
          asked += 1;
        }
        if (durable.length < asked) expect(appends.length > 0 || isTickDue()).toBe(true);
      }
      // from here on nothing is added, and only what is to come comes
      while (appends.length > 0 || isTickDue()) {
        if (appends.length > 0) await settleNext();
        else tick();
      }
      expect(durable).toEqual(Array.from({ length: asked }, (_, token) => `${token}`));
    }),
    { numRuns: 100 },
  );
});
