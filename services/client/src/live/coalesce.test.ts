import { describe, expect, test } from 'vitest';
import { createCoalescer, type Coalesced } from './coalesce.ts';

const item = (): Coalesced => ({ sentAtMs: Number.NEGATIVE_INFINITY, isWaiting: false });
const create = () => createCoalescer({ tickMs: 50, gapMs: 450 });

/** Marks every `everyMs` and ticks every 50 ms until `untilMs`; answers when the item was handed out. */
function sendTimes(everyMs: number, untilMs: number): number[] {
  const coalescer = create();
  const one = item();
  const times: number[] = [];
  for (let now = 0; now <= untilMs; now += 1) {
    if (now % everyMs === 0) coalescer.mark(one, now);
    if (now % 50 === 0 && coalescer.tick(now).length > 0) times.push(now);
  }
  return times;
}

describe('coalescing', () => {
  test('the first change is handed out at the next tick', () => {
    const coalescer = create();
    const one = item();
    coalescer.mark(one, 1_010);
    expect(coalescer.tick(1_049)).toEqual([]);
    expect(coalescer.tick(1_050)).toEqual([one]);
    expect(coalescer.tick(1_100)).toEqual([]);
  });

  test('an item that changes all the time is handed out every 450 ms', () => {
    expect(sendTimes(10, 2_000)).toEqual([0, 450, 900, 1_350, 1_800]);
  });

  test('an item that changes once a second is never held up', () => {
    expect(sendTimes(1_000, 3_000)).toEqual([0, 1_000, 2_000, 3_000]);
  });

  test('however often it is marked, it is handed out once', () => {
    const coalescer = create();
    const one = item();
    for (let i = 0; i < 100; i += 1) coalescer.mark(one, 0);
    expect(coalescer.waiting).toBe(1);
    expect(coalescer.tick(50)).toEqual([one]);
    expect(coalescer.waiting).toBe(0);
  });

  test('a late tick hands out everything that became due, and the gap counts from then', () => {
    const coalescer = create();
    const [one, two] = [item(), item()];
    coalescer.mark(one, 0);
    coalescer.mark(two, 120);
    expect(coalescer.tick(700)).toEqual([one, two]);
    coalescer.mark(one, 710);
    expect(coalescer.tick(1_100)).toEqual([]);
    expect(coalescer.tick(1_150)).toEqual([one]);
  });

  test('early ticks never shorten the gap', () => {
    const coalescer = create();
    const one = item();
    coalescer.mark(one, 0);
    expect(coalescer.tick(3)).toEqual([one]);
    coalescer.mark(one, 4);
    expect(coalescer.tick(452)).toEqual([]);
    expect(coalescer.tick(500)).toEqual([one]);
  });

  test('what was sent outside the tick waits out its gap', () => {
    const coalescer = create();
    const one = item();
    coalescer.mark(one, 0);
    coalescer.noteSent(one, 20);
    expect(coalescer.tick(50)).toEqual([]);
    expect(coalescer.tick(450)).toEqual([]);
    expect(coalescer.tick(500)).toEqual([one]);
  });
});
