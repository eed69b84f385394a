import { createRandom } from '@followme/platform';
import { expect, test } from 'vitest';
import { DEFAULT_NOTIFICATION_SETTINGS } from '../settings.ts';
import { NOON } from '../testing/sample.ts';
import { retryAtMs } from './back-off.ts';

const { retryDelaysMs: delaysMs } = DEFAULT_NOTIFICATION_SETTINGS;

/** The pauses of a message that never arrives, s. */
function pausesS(next: () => number): number[] {
  const random = { ...createRandom('x'), next };
  const pauses: number[] = [];
  for (let attempts = 1; ; attempts += 1) {
    const at = retryAtMs(attempts, { nowMs: NOON, delaysMs, random });
    if (at === null) return pauses;
    pauses.push((at - NOON) / 1_000);
  }
}

test('NT18 twelve attempts, further and further apart, in six to eight hours', () => {
  const soonest = pausesS(() => 0);
  expect(soonest).toEqual([5, 30, 120, 600, 1_800, 3_600, 3_600, 3_600, 3_600, 3_600, 3_600]);
  const sum = (pauses: readonly number[]) => pauses.reduce((all, pause) => all + pause, 0);
  expect(sum(soonest) / 3_600).toBeGreaterThan(6);
  expect(sum(pausesS(() => 0.999_999)) / 3_600).toBeLessThan(8.1);
});

test('NT18 each is up to a fifth later by chance', () => {
  expect(pausesS(() => 0.5)[0]).toBe(5.5);
});
