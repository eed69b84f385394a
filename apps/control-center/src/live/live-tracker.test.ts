import { expect, test } from 'vitest';
import { fixOf } from '../testing.ts';
import { applyFix, shownSpeedKmh, unheardTracker } from './live-tracker.ts';

test('a late fix with a new name renames, and keeps the newer place', () => {
  const before = applyFix(undefined, fixOf({ fixMs: 5000, lat: 52 }), 5000);
  const after = applyFix(before, fixOf({ fixMs: 4000, lat: 10, name: 'Renamed' }), 5000);
  expect(after.name).toBe('Renamed');
  expect(after.fix?.lat).toBe(52);
});

test('a speed never contradicts the state beside it', () => {
  const at = (speedKmh: number, nowMs = 0) =>
    shownSpeedKmh(applyFix(undefined, fixOf({ speedKmh }), nowMs));
  expect(at(14)).toBe(14);
  expect(at(1.4)).toBe(0);
  // an old fix: idle by its age, and nobody knows how fast it is now
  expect(at(14, 4 * 60_000)).toBeNull();
  expect(shownSpeedKmh(unheardTracker({ trackerId: 1, name: 'Van', groupIds: [] }))).toBeNull();
});
