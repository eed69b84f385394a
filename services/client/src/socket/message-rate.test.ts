import { expect, test } from 'vitest';
import { createMessageRate } from './message-rate.ts';

test('a burst passes, then only so many a second', () => {
  const rate = createMessageRate({ perSecond: 2, burst: 3 });
  expect([0, 0, 0, 0].map((now) => rate.take(now))).toEqual([true, true, true, false]);
  expect([499, 500, 501, 1_000].map((now) => rate.take(now))).toEqual([false, true, false, true]);
});
