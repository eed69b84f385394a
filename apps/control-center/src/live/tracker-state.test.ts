import { describe, expect, test } from 'vitest';
import {
  classifyTracker,
  continueMotion,
  learnInterval,
  type Motion,
  MOVING_HOLDS_MS,
  SILENT_AT_LEAST_MS,
  SILENT_AT_MOST_MS,
  SILENT_UNKNOWN_MS,
  silentAfterMs,
  STILL_AFTER_MS,
} from './tracker-state.ts';

const NOW = 1_700_000_000_000;

describe('state of a tracker', () => {
  test('a tracker that never reported is silent', () => {
    const input = { lastFixMs: null, isMoving: false, intervalMs: null };
    expect(classifyTracker(input, NOW)).toBe('silent');
  });

  test('it is what its newest fix says, and nobody moves on the word of an old one', () => {
    const input = { lastFixMs: NOW - MOVING_HOLDS_MS, isMoving: true, intervalMs: 300_000 };
    expect(classifyTracker(input, NOW)).toBe('moving');
    expect(classifyTracker({ ...input, isMoving: false }, NOW)).toBe('idle');
    expect(classifyTracker(input, NOW + 1)).toBe('idle');
  });

  test('silence beyond three of its own intervals wins over moving', () => {
    const input = { lastFixMs: NOW - 150_000, isMoving: true, intervalMs: 49_000 };
    expect(classifyTracker(input, NOW)).toBe('silent');
    expect(classifyTracker({ ...input, intervalMs: 51_000 }, NOW)).toBe('moving');
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

describe('motion of a tracker', () => {
  /** Fixes every ten seconds, each `metres` north of the one before. */
  function go(speeds: readonly (number | null)[], metres: number): boolean[] {
    let motion: Motion | null = null;
    return speeds.map((speedKmh, i) => {
      const lat = 52 + (i * metres) / 111_195;
      motion = continueMotion(motion, { lon: 5, lat, fixMs: NOW + i * 10_000, speedKmh });
      return motion.isMoving;
    });
  }

  test('it begins at 3 km/h and ends below 2 km/h', () => {
    expect(go([2.9, 3, 2, 1.9, 2.9, 3], 20)).toEqual([false, true, true, false, false, true]);
  });

  test('a minute within fifteen metres is standing, whatever speed is claimed', () => {
    const minute = STILL_AFTER_MS / 10_000;
    const claimed = go(
      Array.from({ length: minute + 1 }, () => 8),
      1,
    );
    expect(claimed.indexOf(false)).toBe(minute);
  });

  test('a walk of 4 km/h is never taken for standing', () => {
    const walked = go(
      Array.from({ length: 60 }, () => 4),
      11,
    );
    expect(walked).not.toContain(false);
  });

  test('without a speed the way that was made decides', () => {
    expect(go([null, null, null], 50)).toEqual([false, true, true]);
    expect(go([null, null, null], 2)).toEqual([false, false, false]);
  });
});
