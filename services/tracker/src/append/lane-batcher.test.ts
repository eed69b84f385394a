import { LogError, type Appended, type Log } from '@followme/log';
import {
  RowCursor,
  RowDraft,
  trustedId,
  type Lane,
  type LogSequence,
  type TenantId,
  type TrackerId,
} from '@followme/model';
import { createMetrics, silentLogger, systemClock, type Clock } from '@followme/platform';
import { describe, expect, test } from 'vitest';
import { BATCH_AGE_MS, BATCH_MAX_FIXES, createLaneBatcher } from './lane-batcher.ts';

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
    close: refuse,
  };
  return { log, appends };
}

/** A clock whose `after` runs when the test says so. */
function steppedClock(): { clock: Clock; tick: () => void } {
  let waiting: (() => void)[] = [];
  const clock: Clock = {
    ...systemClock,
    after(delayMs, run) {
      expect(delayMs).toBe(BATCH_AGE_MS);
      waiting.push(run);
      return () => undefined;
    },
    sleep: () => Promise.resolve(),
  };
  return {
    clock,
    tick() {
      const due = waiting;
      waiting = [];
      for (const run of due) run();
    },
  };
}

const owner = (lane: number): { tenantId: TenantId; trackerId: TrackerId; lane: Lane } => ({
  tenantId: trustedId<TenantId>(1),
  trackerId: trustedId<TrackerId>(7),
  lane: trustedId<Lane>(lane),
});

function sealedDraft(): RowDraft {
  const draft = new RowDraft();
  draft.reset();
  draft.setFixTimeMs(1_700_000_000_000);
  draft.seal();
  return draft;
}

function setUp(maxPendingBytes?: number) {
  const { log, appends } = heldLog();
  const { clock, tick } = steppedClock();
  const metrics = createMetrics();
  const batcher = createLaneBatcher({ log, clock, logger: silentLogger, metrics }, maxPendingBytes);
  const durable: string[] = [];
  const listener = { onDurable: (token: Buffer) => void durable.push(token.toString()) };
  const draft = sealedDraft();
  const add = (lane = 0): void => batcher.add(draft, owner(lane), 1_700_000_000_500);
  const wait = (name: string, lane = 0): void =>
    batcher.whenDurable(trustedId<Lane>(lane), listener, Buffer.from(name));
  return { batcher, appends, tick, durable, add, wait, metrics };
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

  test('a lane has one append in flight; its acknowledgement closes the next batch', async () => {
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
    const { appends, tick, durable, add, wait, batcher } = setUp();
    add();
    wait('a');
    tick();
    await appends[0]?.settle(new LogError('CLOSED', 'closed'));
    add();
    wait('b');
    await expect(batcher.flush()).rejects.toThrow('stopped taking fixes');
    expect(durable).toEqual([]);
    expect(batcher.isFull).toBe(true);
  });

  test('too many held bytes stop reading; down to half they let it go on', async () => {
    const { appends, tick, add, batcher } = setUp(1_000);
    let resumed = 0;
    batcher.onRelief(() => {
      resumed += 1;
    });
    while (!batcher.isFull) add();
    tick();
    expect(resumed).toBe(0);
    await appends[0]?.settle();
    expect([resumed, batcher.isFull]).toEqual([1, false]);
  });
});
