import { expect, test } from 'vitest';
import { fixOf } from '../testing.ts';
import {
  applyFix,
  foldText,
  matchesFilter,
  NO_FILTER,
  shownSpeedKmh,
  toggleState,
  unheardTracker,
} from './live-tracker.ts';

test('the search ignores case and accents on both sides', () => {
  const tracker = applyFix(undefined, fixOf({ name: 'João Ávila' }), 0);
  expect(matchesFilter(tracker, foldText('JOAO á'), new Set())).toBe(true);
  expect(matchesFilter(tracker, foldText('Joan'), new Set())).toBe(false);
});

test('a state filter keeps only its states, none chosen keeps all', () => {
  const silent = unheardTracker(1, 'Van');
  expect(matchesFilter(silent, '', new Set(['moving']))).toBe(false);
  expect(matchesFilter(silent, '', new Set(['moving', 'silent']))).toBe(true);
  expect(matchesFilter(silent, '', new Set())).toBe(true);
});

test('a chip toggles, and choosing all three is choosing none', () => {
  const one = toggleState(NO_FILTER, 'moving');
  expect([...one.states]).toEqual(['moving']);
  expect(toggleState(one, 'moving').states.size).toBe(0);
  const two = toggleState(one, 'idle');
  expect(toggleState(two, 'silent').states.size).toBe(0);
});

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
  expect(shownSpeedKmh(unheardTracker(1, 'Van'))).toBeNull();
});
