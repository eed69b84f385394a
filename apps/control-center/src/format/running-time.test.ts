import { expect, test } from 'vitest';
import { formatRunning } from './running-time.ts';

test.each([
  [-5000, '0:00'],
  [0, '0:00'],
  [48_900, '0:48'],
  [725_000, '12:05'],
  [3_599_000, '59:59'],
  [3_725_000, '1:02:05'],
])('%d ms reads %s', (spanMs, text) => {
  expect(formatRunning(spanMs)).toBe(text);
});
