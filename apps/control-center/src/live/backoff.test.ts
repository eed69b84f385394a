import { expect, test } from 'vitest';
import { LONGEST_WAIT_MS, reconnectDelayMs } from './backoff.ts';

test('the first tries follow within a second', () => {
  expect([1, 2, 3, 4].map((failures) => reconnectDelayMs(failures, 1))).toEqual([
    500, 1000, 1000, 1000,
  ]);
});

test('the first two minutes notice a server that is back within two seconds, whatever the dice say', () => {
  let elapsedMs = 0;
  for (let failures = 1; elapsedMs < 120_000; failures += 1) {
    const waitMs = reconnectDelayMs(failures, 0);
    expect(reconnectDelayMs(failures, 1)).toBeLessThanOrEqual(2000);
    elapsedMs += waitMs;
  }
});

test('then waits double, and nobody waits longer than the longest wait', () => {
  expect(reconnectDelayMs(202, 1)).toBe(2 * reconnectDelayMs(201, 1));
  expect(reconnectDelayMs(1000, 1)).toBe(LONGEST_WAIT_MS);
});

test('the dice spread a wait over its upper half', () => {
  expect(reconnectDelayMs(3, 0)).toBe(500);
  expect(reconnectDelayMs(3, 0.5)).toBe(750);
});
