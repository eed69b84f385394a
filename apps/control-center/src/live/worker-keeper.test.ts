import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing.ts';
import type { LiveCommand, LiveMessage } from './live-protocol.ts';
import { keepWorker, type LiveWorker } from './worker-keeper.ts';

interface FakeWorker extends LiveWorker {
  readonly asked: LiveCommand['type'][];
  isEnded: boolean;
}

function setUp() {
  const clock = createManualClock(0);
  const workers: FakeWorker[] = [];
  const told: string[] = [];
  let reloads = 0;
  const keeper = keepWorker({
    clock,
    createWorker() {
      const worker: FakeWorker = {
        asked: [],
        isEnded: false,
        postMessage: (command) => worker.asked.push(command.type),
        terminate: () => (worker.isEnded = true),
        onmessage: null,
        onerror: null,
        onmessageerror: null,
      };
      workers.push(worker);
      return worker;
    },
    receive: (message) =>
      told.push(message.type === 'connection' ? message.connection.kind : message.type),
    reload: () => (reloads += 1),
  });
  const newest = (): FakeWorker | undefined => workers.at(-1);
  const fail = () => newest()?.onerror?.(new Event('error') as ErrorEvent);
  const say = (data: LiveMessage) => newest()?.onmessage?.(new MessageEvent('message', { data }));
  return { clock, keeper, workers, told, fail, say, newest, reloads: () => reloads };
}

const MEMBERS = { type: 'members', requestId: 1, trackerIds: [], total: 0 } as const;

describe('a worker whose script does not load', () => {
  test('is started again with growing waits, and asked again what the page asked', () => {
    const { clock, keeper, workers, told, fail, say, newest } = setUp();
    keeper.send({ type: 'start', locale: 'en' });
    keeper.send({ type: 'openMap', mapId: 1 });
    keeper.send({ type: 'closeMap' });
    fail();
    expect([told, workers[0]?.isEnded]).toEqual([['failed'], true]);
    keeper.send({ type: 'openMap', mapId: 2 });
    clock.advance(60_000);
    expect(newest()?.asked).toEqual(['start', 'closeMap', 'openMap']);
    fail();
    fail();
    const tries = workers.length;
    clock.advance(60_000);
    expect(workers.length).toBe(tries + 1);
    say(MEMBERS);
    expect(told.slice(-2)).toEqual(['connecting', 'members']);
  });

  test('is started at once for whoever presses the button, and never after the end', () => {
    const { clock, keeper, workers, fail } = setUp();
    fail();
    keeper.retryNow();
    expect(workers).toHaveLength(2);
    fail();
    keeper.stop();
    clock.advance(600_000);
    expect(workers).toHaveLength(2);
  });
});

test('a worker that breaks later is ended and said to have failed; only loading again helps', () => {
  const { clock, keeper, workers, told, fail, say, reloads } = setUp();
  say(MEMBERS);
  fail();
  clock.advance(600_000);
  expect([told, workers.length, workers[0]?.isEnded]).toEqual([['members', 'failed'], 1, true]);
  keeper.retryNow();
  expect(reloads()).toBe(1);
});
