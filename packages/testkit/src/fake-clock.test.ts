import { AbortError } from '@followme/platform';
import { describe, expect, test } from 'vitest';
import { createFakeClock } from './fake-clock.ts';

describe('the fake clock', () => {
  test('stands still until it is moved, and moves both times together', async () => {
    const clock = createFakeClock(1000);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1000, 0]);
    await clock.advance(250);
    expect([clock.nowMs(), clock.monotonicMs()]).toEqual([1250, 250]);
  });

  test('fires timers in the order of their time, then of asking, and tells them their own time', async () => {
    const clock = createFakeClock(0);
    const fired: [string, number][] = [];
    const note = (name: string) => () => void fired.push([name, clock.nowMs()]);
    clock.after(20, note('late'));
    clock.after(10, note('first'));
    clock.after(10, note('second'));
    await clock.advance(15);
    expect(fired).toEqual([
      ['first', 10],
      ['second', 10],
    ]);
    await clock.advance(5);
    expect(fired.at(-1)).toEqual(['late', 20]);
  });

  test('fires a timer that a timer started within the same span', async () => {
    const clock = createFakeClock(0);
    const fired: number[] = [];
    clock.after(10, () => clock.after(10, () => fired.push(clock.nowMs())));
    await clock.advance(30);
    expect(fired).toEqual([20]);
  });

  test('lets a sleeper go on and sleep again within the same span', async () => {
    const clock = createFakeClock(0);
    const woke: number[] = [];
    const sleeper = (async () => {
      for (let i = 0; i < 3; i += 1) {
        await clock.sleep(10);
        woke.push(clock.nowMs());
      }
    })();
    await clock.advance(100);
    await sleeper;
    expect(woke).toEqual([10, 20, 30]);
  });

  test('repeats a period until it is cancelled', async () => {
    const clock = createFakeClock(0);
    const fired: number[] = [];
    const cancel = clock.every(10, () => fired.push(clock.nowMs()));
    await clock.advance(35);
    cancel();
    await clock.advance(35);
    expect(fired).toEqual([10, 20, 30]);
    expect(clock.waiting()).toBe(0);
  });

  test('rejects a sleep with AbortError when its signal aborts, before or during it', async () => {
    const clock = createFakeClock();
    const stop = new AbortController();
    const sleep = clock.sleep(1000, stop.signal);
    stop.abort();
    await expect(sleep).rejects.toThrow(AbortError);
    await expect(clock.sleep(1000, stop.signal)).rejects.toThrow(AbortError);
    expect(clock.waiting()).toBe(0);
  });

  test('jumps the wall clock without firing anything', async () => {
    const clock = createFakeClock(0);
    let fired = 0;
    clock.after(10, () => (fired += 1));
    clock.jumpTo(1_000_000);
    expect([clock.nowMs(), clock.monotonicMs(), fired]).toEqual([1_000_000, 0, 0]);
    await clock.advance(10);
    expect([clock.nowMs(), fired]).toEqual([1_000_010, 1]);
  });
});
