import { expect, test } from 'vitest';
import { applyFix, unheardTracker } from '../../live/live-tracker.ts';
import { fixOf } from '../../testing.ts';
import { firstLook, followFirstFix } from './first-fix.ts';

const NOW_MS = 1_000_000;
const unheard = unheardTracker({ trackerId: 1, name: 'Van 7', groupIds: [] });
const heard = (parts: Parameters<typeof fixOf>[0]) => applyFix(undefined, fixOf(parts), NOW_MS);

test('a tracker that was never heard, or is not known yet, is waited for', () => {
  expect(firstLook(undefined, NOW_MS)).toEqual({ kind: 'waiting' });
  expect(firstLook(unheard, NOW_MS)).toEqual({ kind: 'waiting' });
});

test('waiting ends with the first position, and stays ended', () => {
  const waiting = firstLook(unheard, NOW_MS);
  expect(followFirstFix(waiting, unheard, NOW_MS)).toBe(waiting);
  const received = followFirstFix(waiting, heard({ fixMs: NOW_MS - 3000 }), NOW_MS);
  expect(received).toEqual({
    kind: 'received',
    seenMs: NOW_MS,
    fixMs: NOW_MS - 3000,
    isOld: false,
    lon: 5.12,
    lat: 52.09,
  });
  expect(followFirstFix(received, heard({ fixMs: NOW_MS + 9000 }), NOW_MS + 9000)).toBe(received);
});

test('a fix that the device had kept is told from one of now', () => {
  const waiting = firstLook(unheard, NOW_MS);
  const kept = followFirstFix(waiting, heard({ fixMs: NOW_MS - 60_001 }), NOW_MS);
  expect(kept).toMatchObject({ kind: 'received', isOld: true });
});

test('a device that sees no satellites is connected but not there yet', () => {
  const blind = heard({ fixMs: NOW_MS, valid: false });
  const seen = followFirstFix(firstLook(unheard, NOW_MS), blind, NOW_MS);
  expect(seen).toEqual({ kind: 'noPosition', seenMs: NOW_MS });
  expect(followFirstFix(seen, blind, NOW_MS + 1000)).toBe(seen);
  const outside = heard({ fixMs: NOW_MS + 2000 });
  expect(followFirstFix(seen, outside, NOW_MS + 2000)).toMatchObject({ kind: 'received' });
});

test('who reported before anybody looked is reporting, and follows the newest position', () => {
  const before = firstLook(heard({ fixMs: 500 }), NOW_MS);
  expect(before).toEqual({ kind: 'reporting', fixMs: 500, lon: 5.12, lat: 52.09 });
  const next = followFirstFix(before, heard({ fixMs: 900, lon: 5.2 }), NOW_MS);
  expect(next).toEqual({ kind: 'reporting', fixMs: 900, lon: 5.2, lat: 52.09 });
  expect(followFirstFix(next, heard({ fixMs: 800 }), NOW_MS)).toBe(next);
});
