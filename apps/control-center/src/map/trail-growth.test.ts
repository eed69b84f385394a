import { describe, expect, test } from 'vitest';
import type { TrailPoint } from './trail.ts';
import { addToTrail, foldTip, type GrowingTrail, NO_TRAIL, withHistory } from './trail-growth.ts';

const at = (fixMs: number): TrailPoint => ({ lon: 5, lat: 52, fixMs, speedKmh: 0 });
const times = (points: readonly TrailPoint[]) => points.map(({ fixMs }) => fixMs);
const BOUNDS = { sinceMs: 0, maxPoints: 100 };

function grown(from: GrowingTrail, ...fixTimesMs: number[]): GrowingTrail {
  return fixTimesMs.reduce((trail, fixMs) => addToTrail(trail, at(fixMs)), from);
}

describe('a trail that grows', () => {
  test('what is heard leaves the points as they are until the tip is folded in', () => {
    const history = withHistory(NO_TRAIL, [at(2), at(1)], BOUNDS);
    const trail = grown(history, 3, 4);
    expect(trail.points).toBe(history.points);
    expect(times(trail.tip)).toEqual([3, 4]);
    const folded = foldTip(trail, BOUNDS);
    expect([times(folded.points), folded.tip]).toEqual([[1, 2, 3, 4], []]);
    expect(foldTip(folded, BOUNDS)).toBe(folded);
  });

  test('a fix that is not newer than the last one adds nothing', () => {
    const trail = grown(NO_TRAIL, 5);
    expect(grown(trail, 5, 4)).toBe(trail);
  });

  test('the history replaces what was heard until its end, and nothing is there twice', () => {
    const heard = grown(foldTip(grown(NO_TRAIL, 1, 3), BOUNDS), 4, 5);
    const trail = withHistory(heard, [at(1), at(2), at(3), at(4)], BOUNDS);
    expect(times([...trail.points, ...trail.tip])).toEqual([1, 2, 3, 4, 5]);
  });

  test('yesterday goes when the tip is folded in', () => {
    const trail = foldTip(grown(NO_TRAIL, 8, 9, 10, 11), { sinceMs: 10, maxPoints: 100 });
    expect([times(trail.points), trail.isTrimmed]).toEqual([[10, 11], false]);
  });

  test('beyond the bound the oldest go, and it is known', () => {
    const trail = foldTip(grown(NO_TRAIL, 1, 2, 3, 4), { sinceMs: 0, maxPoints: 3 });
    expect([times(trail.points), trail.isTrimmed]).toEqual([[2, 3, 4], true]);
  });
});
