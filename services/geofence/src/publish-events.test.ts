import {
  trustedId,
  type FenceEvent,
  type FenceId,
  type Lane,
  type LogSequence,
  type TrackerId,
} from '@followme/model';
import { createMetrics, silentLogger } from '@followme/platform';
import type { GeofenceStatePort, LaneLease } from '@followme/store';
import { createFakeClock } from '@followme/testkit';
import { expect, test } from 'vitest';
import { createOperatorMetrics } from './operator-metrics.ts';
import { createEventPublisher } from './publish-events.ts';
import { DEFAULT_GEOFENCE_SETTINGS } from './settings.ts';
import { createMemoryLog } from './testing/memory-log.ts';
import { LANES, publishedEvents, tenantId } from './testing/world.ts';

const event = (seq: number): FenceEvent => ({
  eventId: `event ${seq}`,
  tenantId: tenantId(1),
  trackerId: trustedId<TrackerId>(seq),
  fenceId: trustedId<FenceId>(1),
  fenceName: 'square 1',
  fencesVersion: 1,
  kind: 'enter',
  reason: 'fix',
  eventSeq: 1,
  initial: false,
  fixTimeMs: seq,
  receivedTimeMs: seq,
  lon: 0,
  lat: 0,
});
const events = (from: number, to: number): FenceEvent[] =>
  Array.from({ length: to - from + 1 }, (_, n) => event(from + n));

/** A publisher whose marks wait until they are let through or refused. */
function createWorld() {
  const clock = createFakeClock();
  const log = createMemoryLog(LANES);
  const marks: { ids: readonly string[]; settle: (error?: Error) => void }[] = [];
  const refuse = (): never => {
    throw new Error('not used by the publisher');
  };
  const state: GeofenceStatePort = {
    load: refuse,
    commit: refuse,
    unsent: async () => [],
    markSent: (ids) =>
      new Promise((resolve, reject) => {
        marks.push({ ids, settle: (error) => (error === undefined ? resolve() : reject(error)) });
      }),
  };
  const none = (): number => 0;
  const metrics = createOperatorMetrics(createMetrics(), {
    lagRecords: none,
    lagSeconds: none,
    lanesOwned: none,
    unsentEvents: none,
  });
  const publisher = createEventPublisher({
    log,
    state,
    clock,
    logger: silentLogger,
    metrics,
    settings: DEFAULT_GEOFENCE_SETTINGS,
  });
  const lease: LaneLease = {
    lane: trustedId<Lane>(0),
    epoch: 1,
    committedSequence: trustedId<LogSequence>(0),
    signal: new AbortController().signal,
  };
  const settle = async (error?: Error): Promise<void> => {
    marks.shift()?.settle(error);
    await clock.advance(0);
  };
  return { clock, log, marks, publisher, lease, settle };
}

/** Whether a promise is settled by now. */
function watch(promise: Promise<unknown>): { isDone: boolean } {
  const watched = { isDone: false };
  void promise.then(
    () => (watched.isDone = true),
    () => undefined,
  );
  return watched;
}

test('what was sent is marked a quarter of a second later, in one group', async () => {
  const { clock, marks, publisher, lease, settle } = createWorld();
  publisher.offer([event(1)], lease);
  await clock.advance(100);
  publisher.offer([event(2)], lease);
  await clock.advance(149);
  expect(marks).toHaveLength(0);
  await clock.advance(1);
  expect(marks[0]?.ids).toEqual(['event 1', 'event 2']);
  await settle();
  expect(publisher.waiting).toBe(0);
});

test('a lane that is handed over is marked at once, what was sent while marks were under way included', async () => {
  const { clock, marks, publisher, lease, settle } = createWorld();
  publisher.offer([event(1)], lease);
  await clock.advance(250);
  publisher.offer([event(2)], lease);
  const sent = watch(publisher.sent(lease));
  await clock.advance(0);
  expect([sent.isDone, marks.length]).toEqual([false, 1]);
  await settle();
  expect([sent.isDone, marks[0]?.ids]).toEqual([false, ['event 2']]);
  await settle();
  expect(sent.isDone).toBe(true);
});

test('marks that fail are tried again, and a hand-over waits for them', async () => {
  const { clock, marks, publisher, lease, settle } = createWorld();
  publisher.offer([event(1)], lease);
  const sent = watch(publisher.sent(lease));
  await clock.advance(0);
  await settle(new Error('the database is away'));
  await clock.advance(50);
  expect([sent.isDone, marks[0]?.ids]).toEqual([false, ['event 1']]);
  await settle();
  expect(sent.isDone).toBe(true);
});

test('after a stop nothing counts as marked that is not', async () => {
  const { clock, publisher, lease, settle } = createWorld();
  publisher.offer([event(1)], lease);
  const sent = watch(publisher.sent(lease));
  await clock.advance(0);
  const stopped = watch(publisher.stop());
  await settle(new Error('the database is away'));
  await clock.advance(10_000);
  expect([stopped.isDone, sent.isDone, publisher.waiting]).toEqual([true, false, 1]);
  expect(clock.waiting()).toBe(0);
});

test('while marks hang a bounded number of events is sent ahead of them, and a stop sends no more', async () => {
  const { clock, log, publisher, lease, settle } = createWorld();
  publisher.offer(events(1, 8_000), lease);
  await clock.advance(0);
  const ahead = (await publishedEvents(log)).length;
  expect(ahead).toBeLessThanOrEqual(3_000);
  expect(publisher.waiting).toBe(8_000);
  const stopped = watch(publisher.stop());
  await settle();
  await clock.advance(0);
  expect([stopped.isDone, (await publishedEvents(log)).length]).toEqual([true, ahead]);
});
