import { expect, test } from 'vitest';
import type { AlertReply } from '@followme/contracts';
import { createManualClock } from '../testing.ts';
import { createAlertStore } from './alert-store.ts';
import { alertOf, closedAlertOf } from './testing.ts';
import { watchAlerts } from './watch-alerts.ts';

/** A server that answers with `items`, or fails while `isDown`. */
function worldWithServer() {
  const clock = createManualClock(0);
  const listeners = new Set<() => void>();
  let connections = 0;
  const connect = () => {
    connections += 1;
    for (const listener of listeners) listener();
  };
  const alerts = createAlertStore();
  const server = { items: [] as AlertReply[], closed: [] as AlertReply[], isDown: false, asked: 0 };
  const watch = watchAlerts({
    clock,
    alerts,
    connections: () => connections,
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    fetchUnclosed: () => {
      server.asked += 1;
      if (server.isDown) return Promise.reject(new Error('down'));
      return Promise.resolve({ items: server.items, cut: false });
    },
    fetchClosed: () => Promise.resolve({ items: server.closed, nextCursor: null }),
  });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn += 1) await Promise.resolve();
  };
  const ids = () => alerts.snapshot().queue.map(({ id }) => id);
  return { clock, connect, alerts, server, watch, settle, ids };
}

test('asks at the first connection and at every one after it', async () => {
  const { connect, server, settle, ids } = worldWithServer();
  expect(server.asked).toBe(0);
  server.items = [alertOf()];
  connect();
  await settle();
  expect(ids()).toEqual([1]);
  server.items = [];
  connect();
  await settle();
  expect(ids()).toEqual([]);
  expect(server.asked).toBe(2);
});

test('tries again until the server answers', async () => {
  const { clock, connect, alerts, server, settle, ids } = worldWithServer();
  server.isDown = true;
  connect();
  await settle();
  expect(alerts.snapshot().status).toBe('failed');
  server.isDown = false;
  server.items = [alertOf()];
  clock.advance(1000);
  await settle();
  expect(ids()).toEqual([1]);
  expect(alerts.snapshot().status).toBe('ready');
});

test('a tracker that went out of sight takes its alerts with it', async () => {
  const { clock, connect, server, watch, settle, ids } = worldWithServer();
  server.items = [alertOf({ trackerId: 1 })];
  connect();
  await settle();
  server.items = [];
  watch.trackerRemoved(2);
  clock.advance(1000);
  expect(server.asked).toBe(1);
  watch.trackerRemoved(1);
  clock.advance(1000);
  await settle();
  expect(ids()).toEqual([]);
});

test('tells who closed the last alert before this page was opened', async () => {
  const { connect, alerts, server, settle } = worldWithServer();
  server.closed = [closedAlertOf()];
  connect();
  await settle();
  expect(alerts.snapshot().lastClosed).toEqual({ time: '2026-03-01T19:12:00.000Z', by: 'Daan' });
});

test('after it was stopped nothing is asked any more', async () => {
  const { connect, server, watch, settle } = worldWithServer();
  watch.stop();
  connect();
  await settle();
  expect(server.asked).toBe(0);
});
