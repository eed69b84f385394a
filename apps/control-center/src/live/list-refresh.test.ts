import { describe, expect, test } from 'vitest';
import { createManualClock, createTestLive } from '../testing.ts';
import { type ListName, watchLists } from './list-refresh.ts';

function setUp() {
  const clock = createManualClock(0);
  const { store, feed } = createTestLive(clock);
  const asked: ListName[] = [];
  const stop = watchLists({ clock, store, refresh: (list) => asked.push(list) });
  return { clock, feed, asked, stop };
}

describe('lists that became old', () => {
  test('fences are asked for once however many changes came together, then again', () => {
    const { clock, feed, asked } = setUp();
    for (let n = 0; n < 20; n += 1) {
      feed.receive({ header: 'fencesChanged' });
      clock.advance(20);
    }
    clock.advance(2000);
    expect(asked).toEqual(['fences']);
    feed.receive({ header: 'fencesChanged' });
    clock.advance(2100);
    expect(asked).toEqual(['fences', 'fences']);
  });

  test('the first connection asks for fences again, every later one for all lists and the day of who is open', () => {
    const { clock, feed, asked } = setUp();
    feed.setConnection({ kind: 'live' });
    clock.advance(2100);
    expect(asked).toEqual(['fences']);
    feed.setConnection({ kind: 'reconnecting', sinceMs: 0 });
    clock.advance(2100);
    expect(asked).toEqual(['fences']);
    feed.setConnection({ kind: 'live' });
    clock.advance(2100);
    expect(asked).toEqual(['fences', 'fences', 'trackers', 'positions', 'crossings']);
  });

  test('positions alone ask for nothing, and nothing is asked after the end', () => {
    const { clock, feed, asked, stop } = setUp();
    feed.receive({ header: 'cache', fixes: [] });
    clock.advance(6000);
    feed.receive({ header: 'fencesChanged' });
    clock.advance(20);
    stop();
    clock.advance(6000);
    expect(asked).toEqual([]);
  });
});
