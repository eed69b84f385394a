import { expect, test } from 'vitest';
import { LONGEST_WAIT_MS, reconnectDelayMs } from './backoff.ts';

test('waits double with every failure', () => {
  expect([1, 2, 3, 4].map((failures) => reconnectDelayMs(failures, 1))).toEqual([
    500, 1000, 2000, 4000,
  ]);
});

test('nobody waits longer than the longest wait, however many failures', () => {
  expect(reconnectDelayMs(1000, 1)).toBe(LONGEST_WAIT_MS);
});

test('the dice spread a wait over its upper half', () => {
  expect(reconnectDelayMs(3, 0)).toBe(1000);
  expect(reconnectDelayMs(3, 0.5)).toBe(1500);
});
