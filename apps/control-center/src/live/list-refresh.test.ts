import { describe, expect, test } from 'vitest';
import { createManualClock } from '../testing.ts';
import { type ListName, watchLists } from './list-refresh.ts';
import { createLiveStore } from './live-store.ts';

function setUp() {
  const clock = createManualClock(0);
  const store = createLiveStore({ clock });
  const asked: ListName[] = [];
  const stop = watchLists({ clock, store, refresh: (list) => asked.push(list) });
  return { clock, store, asked, stop };
}

describe('lists that became old', () => {
  test('fences are asked for once however many changes came together, then again', () => {
    const { clock, store, asked } = setUp();
    for (let n = 0; n < 20; n += 1) {
      store.receive({ header: 'fencesChanged' });
      clock.advance(20);
    }
    clock.advance(1000);
    expect(asked).toEqual(['fences']);
    store.receive({ header: 'fencesChanged' });
    clock.advance(1100);
    expect(asked).toEqual(['fences', 'fences']);
  });

  test('the first connection asks for fences again, every later one for all lists', () => {
    const { clock, store, asked } = setUp();
    store.setConnection({ kind: 'live' });
    clock.advance(1100);
    expect(asked).toEqual(['fences']);
    store.setConnection({ kind: 'reconnecting', sinceMs: 0 });
    clock.advance(1100);
    expect(asked).toEqual(['fences']);
    store.setConnection({ kind: 'live' });
    clock.advance(1100);
    expect(asked).toEqual(['fences', 'fences', 'trackers']);
  });

  test('positions alone ask for nothing, and nothing is asked after the end', () => {
    const { clock, store, asked, stop } = setUp();
    store.receive({ header: 'cache', fixes: [] });
    clock.advance(6000);
    store.receive({ header: 'fencesChanged' });
    clock.advance(20);
    stop();
    clock.advance(6000);
    expect(asked).toEqual([]);
  });
});
