import { describe, expect, test } from 'vitest';
import { formatAgo, formatAgoShort, formatClock, formatSpan, formatStay } from './relative-time.ts';

const NOW = new Date(2026, 10, 22, 21, 42).getTime();
const MINUTE = 60_000;
const HOUR = 3_600_000;

describe('relative time', () => {
  test.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [MINUTE, '1 min'],
    [HOUR - 1, '59 min'],
    [HOUR, '1 h'],
    [24 * HOUR, '1 day'],
    [60 * HOUR, '2 days'],
    [-5000, '0 s'],
  ])('a span of %i ms reads %s', (spanMs, text) => {
    expect(formatSpan(spanMs)).toBe(text);
  });

  test('below two seconds, and for clocks that run ahead, it is now', () => {
    expect(formatAgo(NOW - 1999, NOW)).toBe('now');
    expect(formatAgo(NOW + 30_000, NOW)).toBe('now');
    expect(formatAgo(NOW - 2000, NOW)).toBe('2 s ago');
  });

  test('up to an hour it is relative, then the clock, after a day the date', () => {
    expect(formatAgo(NOW - 59 * MINUTE, NOW)).toBe('59 min ago');
    expect(formatAgo(NOW - HOUR, NOW)).toBe('20:42');
    expect(formatAgo(NOW - 24 * HOUR, NOW)).toBe('Nov 21');
    expect(formatAgoShort(NOW - 59 * MINUTE, NOW)).toBe('59 min');
  });

  test('midnight is 00:00, not 24:00', () => {
    expect(formatClock(new Date(2026, 10, 22, 0, 0).getTime())).toBe('00:00');
  });

  test('a stay from an hour on has two digits of minutes', () => {
    expect(formatStay(44 * MINUTE)).toBe('44 min');
    expect(formatStay(62 * MINUTE)).toBe('1 h 02');
  });
});
