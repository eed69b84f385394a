import { describe, expect, test } from 'vitest';
import {
  classifyTracker,
  IDLE_AFTER_MS,
  learnInterval,
  SILENT_AT_LEAST_MS,
  SILENT_AT_MOST_MS,
  SILENT_UNKNOWN_MS,
  silentAfterMs,
} from './tracker-state.ts';

const NOW = 1_700_000_000_000;

describe('state of a tracker', () => {
  test('a tracker that never reported is silent', () => {
    const input = { lastFixMs: null, lastMovedMs: null, intervalMs: null };
    expect(classifyTracker(input, NOW)).toBe('silent');
  });

  test('it moves until it stood for three minutes, then it is idle', () => {
    const input = { lastFixMs: NOW, lastMovedMs: NOW - IDLE_AFTER_MS, intervalMs: 10_000 };
    expect(classifyTracker(input, NOW)).toBe('moving');
    expect(classifyTracker({ ...input, lastMovedMs: NOW - IDLE_AFTER_MS - 1 }, NOW)).toBe('idle');
  });

  test('it was never seen moving: it is idle', () => {
    const input = { lastFixMs: NOW, lastMovedMs: null, intervalMs: null };
    expect(classifyTracker(input, NOW)).toBe('idle');
  });

  test('silence beyond three of its own intervals wins over having moved lately', () => {
    const input = { lastFixMs: NOW - 181_000, lastMovedMs: NOW - 1000, intervalMs: 60_000 };
    expect(classifyTracker(input, NOW)).toBe('silent');
    expect(classifyTracker({ ...input, intervalMs: 61_000 }, NOW)).toBe('moving');
  });

  test('the limit of silence stays between two minutes and a day, ten minutes when unknown', () => {
    expect(silentAfterMs(1000)).toBe(SILENT_AT_LEAST_MS);
    expect(silentAfterMs(20 * 3_600_000)).toBe(SILENT_AT_MOST_MS);
    expect(silentAfterMs(null)).toBe(SILENT_UNKNOWN_MS);
  });

  test('the interval is learned from gaps and follows a change slowly', () => {
    expect(learnInterval(null, 10_000)).toBe(10_000);
    expect(learnInterval(10_000, 20_000)).toBe(13_000);
    expect(learnInterval(10_000, 0)).toBe(10_000);
  });
});
