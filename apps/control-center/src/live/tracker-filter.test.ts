import { expect, test } from 'vitest';
import { fixOf } from '../testing.ts';
import type { AlertMark } from './alert-mark.ts';
import { applyFix, foldText, type LiveTracker, unheardTracker } from './live-tracker.ts';
import {
  matchesFilter,
  NO_FILTER,
  PASS_ALL,
  type PreparedFilter,
  toggleState,
} from './tracker-filter.ts';

function passes(parts: Partial<PreparedFilter>, tracker: LiveTracker, alert?: AlertMark): boolean {
  const foldedName = foldText(tracker.name);
  return matchesFilter({ ...PASS_ALL, ...parts }, tracker, { alert, foldedName });
}

const van = unheardTracker({ trackerId: 1, name: 'Van', groupIds: [3, 4] });

test('the search ignores case and accents on both sides', () => {
  const tracker = applyFix(undefined, fixOf({ name: 'João Ávila' }), 0);
  expect(passes({ foldedSearch: foldText('JOAO á') }, tracker)).toBe(true);
  expect(passes({ foldedSearch: foldText('Joan') }, tracker)).toBe(false);
});

test('a search that fits the name of a group finds its trackers', () => {
  const search = { foldedSearch: 'night' };
  expect(passes({ ...search, searchGroupIds: new Set([4]) }, van)).toBe(true);
  expect(passes({ ...search, searchGroupIds: new Set([5]) }, van)).toBe(false);
});

test('a group keeps its own trackers only', () => {
  expect(passes({ groupId: 3 }, van)).toBe(true);
  expect(passes({ groupId: 5 }, van)).toBe(false);
});

test('a state keeps only its own, none chosen keeps all', () => {
  expect(passes({ states: new Set(['moving']) }, van)).toBe(false);
  expect(passes({ states: new Set(['moving', 'silent']) }, van)).toBe(true);
  expect(passes({}, van)).toBe(true);
});

test('a tracker with an alert is found as an alert, not as what it does', () => {
  const alert: AlertMark = { trackerId: 1, severity: 'medium', word: 'Silent' };
  expect(passes({ states: new Set(['alert']) }, van, alert)).toBe(true);
  expect(passes({ states: new Set(['silent']) }, van, alert)).toBe(false);
});

test('a chip toggles, and choosing all is choosing none', () => {
  const one = toggleState(NO_FILTER, 'moving');
  expect([...one.states]).toEqual(['moving']);
  expect(toggleState(one, 'moving').states.size).toBe(0);
  const three = toggleState(toggleState(one, 'idle'), 'alert');
  expect(three.states.size).toBe(3);
  expect(toggleState(three, 'silent').states.size).toBe(0);
});
