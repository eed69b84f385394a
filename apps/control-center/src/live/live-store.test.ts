import { describe, expect, test } from 'vitest';
import { alertOf } from '../alerts/testing.ts';
import type { LiveMessage } from './live-protocol.ts';
import { createLiveFeed } from './live-feed.ts';
import { createLiveStore } from './live-store.ts';
import { createManualClock, createTestLive, fixOf } from '../testing.ts';
import { STALE_AFTER_MS } from './live-protocol.ts';

const NOW = 1_700_000_000_000;

function setUp() {
  const clock = createManualClock(NOW);
  const { store, feed } = createTestLive(clock);
  const ids = (): number[] => [...store.snapshot().trackers.known()].map((t) => t.trackerId);
  return { clock, store, feed, ids };
}

describe('live store', () => {
  test('frames that come together make one change', () => {
    const { clock, store, feed } = setUp();
    let calls = 0;
    store.subscribe(() => {
      calls += 1;
    });
    for (let id = 1; id <= 100; id += 1) {
      const fix = fixOf({ trackerId: id, fixMs: NOW });
      feed.receive({ header: 'locationUpdate', fix });
    }
    expect(calls).toBe(0);
    clock.advance(1000);
    expect(calls).toBe(1);
    expect(store.snapshot().trackers.size).toBe(100);
  });

  test('the newest fix time wins: a late fix changes nothing', () => {
    const { clock, store, feed } = setUp();
    feed.receive({ header: 'locationUpdate', fix: fixOf({ fixMs: NOW, lat: 52.1 }) });
    feed.receive({ header: 'locationUpdate', fix: fixOf({ fixMs: NOW - 1, lat: 10 }) });
    clock.advance(1000);
    expect(store.snapshot().trackers.get(1)?.fix?.lat).toBe(52.1);
  });

  test('a tracker nobody can see any more leaves with the next cache', () => {
    const { clock, store, feed, ids } = setUp();
    const first = fixOf({ trackerId: 1, fixMs: NOW });
    const second = fixOf({ trackerId: 2, fixMs: NOW });
    feed.receive({ header: 'cache', fixes: [first, second] });
    clock.advance(1000);
    const removed: number[] = [];
    store.subscribeRemoved((trackerId) => removed.push(trackerId));
    feed.receive({ header: 'cache', fixes: [second] });
    clock.advance(1000);
    expect(ids()).toEqual([2]);
    expect(removed).toEqual([1]);
  });

  test('a tracker that is known by name only stays through a cache without it', () => {
    const { clock, store, feed } = setUp();
    store.setKnown([{ trackerId: 9, name: 'New van', groupIds: [] }]);
    feed.receive({ header: 'cache', fixes: [fixOf({ fixMs: NOW })] });
    clock.advance(1000);
    expect(store.snapshot().trackers.get(9)).toMatchObject({ name: 'New van', state: 'silent' });
  });

  test('a tracker that was removed leaves at once, and a renamed one is another name', () => {
    const { clock, store, feed } = setUp();
    const fixes = [fixOf({ trackerId: 1, fixMs: NOW }), fixOf({ trackerId: 2, fixMs: NOW })];
    feed.receive({ header: 'cache', fixes });
    clock.advance(1000);
    const before = store.snapshot();
    feed.receive({ header: 'trackerRemoved', trackerId: 1 });
    feed.receive({ header: 'trackerRemoved', trackerId: 77 });
    const renamed = fixOf({ trackerId: 2, fixMs: NOW, name: 'Renamed' });
    feed.receive({ header: 'locationUpdate', fix: renamed });
    clock.advance(1000);
    const after = store.snapshot();
    expect([...after.trackers.known()].map(({ name }) => name)).toEqual(['Renamed']);
    expect(after.rosterVersion).toBeGreaterThan(before.rosterVersion);
    expect(after.counts).toEqual({
      alert: 0,
      moving: 0,
      idle: 1,
      silent: 0,
      reporting: 1,
    });
  });

  test('a tracker that never reported comes by its name, and its next name replaces it', () => {
    const { clock, store, feed } = setUp();
    feed.receive({ header: 'trackerNamed', trackerId: 9, name: 'New', groupIds: [] });
    clock.advance(1000);
    expect(store.snapshot().trackers.get(9)).toMatchObject({ name: 'New', state: 'silent' });
    feed.receive({ header: 'trackerNamed', trackerId: 9, name: 'Newer', groupIds: [] });
    clock.advance(1000);
    expect(store.snapshot().trackers.get(9)?.name).toBe('Newer');
  });

  test('a list that is older than what the socket told does not undo it', () => {
    const { clock, store, feed, ids } = setUp();
    feed.receive({ header: 'trackerNamed', trackerId: 9, name: 'New', groupIds: [] });
    feed.receive({ header: 'trackerRemoved', trackerId: 5 });
    clock.advance(1000);
    store.setKnown([{ trackerId: 5, name: 'Gone', groupIds: [] }]);
    expect(ids()).toEqual([9]);
  });

  test('a list asked for after a new connection takes away who went meanwhile, and renames', () => {
    const { clock, store, feed, ids } = setUp();
    store.setKnown([
      { trackerId: 4, name: 'Old', groupIds: [] },
      { trackerId: 5, name: 'Gone', groupIds: [] },
    ]);
    feed.receive({ header: 'trackerNamed', trackerId: 9, name: 'Gone too', groupIds: [] });
    feed.receive({ header: 'cache', fixes: [fixOf({ trackerId: 1, fixMs: NOW })] });
    clock.advance(1000);
    feed.setConnection({ kind: 'live' });
    store.setKnown([{ trackerId: 4, name: 'Renamed', groupIds: [] }]);
    const { trackers } = store.snapshot();
    expect(ids().sort()).toEqual([1, 4]);
    expect(trackers.get(4)?.name).toBe('Renamed');
  });

  test('time alone makes a mover idle and then silent, and the counts follow', () => {
    const { clock, store, feed } = setUp();
    feed.receive({ header: 'cache', fixes: [fixOf({ fixMs: NOW, speedKmh: 30 })] });
    clock.advance(1000);
    expect(store.snapshot().counts).toEqual({
      alert: 0,
      moving: 1,
      idle: 0,
      silent: 0,
      reporting: 1,
    });
    clock.advance(4 * 60_000);
    expect(store.snapshot().counts).toEqual({
      alert: 0,
      moving: 0,
      idle: 1,
      silent: 0,
      reporting: 1,
    });
    clock.advance(10 * 60_000);
    expect(store.snapshot().counts).toEqual({
      alert: 0,
      moving: 0,
      idle: 0,
      silent: 1,
      reporting: 0,
    });
  });

  test('everything is silent a minute after the connection was lost, and itself when it is back', () => {
    const { clock, store, feed } = setUp();
    feed.receive({ header: 'cache', fixes: [fixOf({ fixMs: NOW, speedKmh: 30 })] });
    clock.advance(1000);
    feed.setConnection({ kind: 'reconnecting', sinceMs: clock.nowMs() });
    clock.advance(STALE_AFTER_MS - 1);
    expect(store.snapshot().counts).toEqual({
      alert: 0,
      moving: 1,
      idle: 0,
      silent: 0,
      reporting: 1,
    });
    clock.advance(1000);
    expect(store.snapshot().counts.silent).toBe(1);
    feed.setConnection({ kind: 'live' });
    clock.advance(1000);
    expect(store.snapshot().counts.moving).toBe(1);
  });

  test('a crossing heard twice is kept once', () => {
    const { clock, store, feed } = setUp();
    const crossing = {
      eventId: 'e1',
      kind: 'enter',
      trackerId: 1,
      fenceId: 1,
      fenceName: 'Depot',
      fixMs: NOW,
    } as const;
    feed.receive({ header: 'event', crossing });
    feed.receive({ header: 'event', crossing });
    clock.advance(1000);
    expect(store.snapshot().crossings).toEqual([crossing]);
  });

  test('what did not change is the same object, so that its row is not drawn again', () => {
    const { clock, store, feed } = setUp();
    const fixes = [fixOf({ trackerId: 1, fixMs: NOW }), fixOf({ trackerId: 2, fixMs: NOW })];
    feed.receive({ header: 'cache', fixes });
    clock.advance(1000);
    const before = store.snapshot().trackers.get(2);
    feed.receive({ header: 'locationUpdate', fix: fixOf({ trackerId: 1, fixMs: NOW + 5000 }) });
    clock.advance(1000);
    expect(store.snapshot().trackers.get(2)).toBe(before);
  });

  test('alerts that come within a moment are one message, a critical one does not wait', () => {
    const { clock, store, feed } = setUp();
    const heard: number[][] = [];
    store.subscribeAlerts((alerts) => heard.push(alerts.map(({ id }) => id)));
    const receive = (id: number, severity: 'high' | 'critical') =>
      feed.receive({ header: 'alert', alert: alertOf({ id, severity }) });
    for (let id = 1; id <= 5; id += 1) receive(id, 'high');
    expect(heard).toEqual([]);
    clock.advance(100);
    expect(heard).toEqual([[1, 2, 3, 4, 5]]);
    clock.advance(100);
    receive(6, 'high');
    receive(7, 'critical');
    expect(heard.slice(1)).toEqual([[6, 7]]);
    // of a storm of critical ones the first is told at once, the others a moment later, together
    receive(8, 'critical');
    receive(9, 'critical');
    expect(heard.slice(2)).toEqual([]);
    clock.advance(100);
    expect(heard.slice(2)).toEqual([[8, 9]]);
  });

  test('marks that did not change are not sent, and nobody is told', () => {
    const { clock, store, feed } = setUp();
    feed.receive({ header: 'cache', fixes: [fixOf({ fixMs: NOW })] });
    clock.advance(1000);
    const mark = { trackerId: 1, severity: 'high', word: 'Left' } as const;
    store.setAlertMarks([mark]);
    clock.advance(1000);
    expect(store.snapshot().counts).toEqual({
      alert: 1,
      moving: 0,
      idle: 0,
      silent: 0,
      reporting: 1,
    });
    const before = store.snapshot();
    store.setAlertMarks([{ ...mark }]);
    expect(store.snapshot()).toBe(before);
    store.setAlertMarks([]);
    clock.advance(1000);
    expect(store.snapshot().counts.alert).toBe(0);
  });

  test('marks on their way to a map that was closed do not reach the one that was opened since', () => {
    const clock = createManualClock(NOW);
    const sent: LiveMessage[] = [];
    const feed = createLiveFeed({ clock, post: (message) => sent.push(message) });
    const store = createLiveStore((command) => feed.command(command));
    const deliver = () => sent.splice(0).forEach((message) => store.receive(message));
    feed.receive({ header: 'cache', fixes: [fixOf({ fixMs: NOW })] });
    const view = { west: 0, south: 50, east: 10, north: 55, zoom: 8 };
    const close = store.openMap(() => undefined);
    store.setView(view);
    close();
    const added: number[] = [];
    store.openMap(({ diff }) => added.push(...diff.add.map(({ id }) => id)));
    deliver();
    expect(added).toEqual([]);
    store.setView(view);
    deliver();
    expect(added).toEqual([1]);
  });
});
