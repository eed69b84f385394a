import type { TrackerReply } from '@followme/contracts';
import { expect, test } from 'vitest';
import { findTrackers, indexTrackers, isNameTaken } from './tracker-index.ts';

function trackerOf(id: number, name: string, parts: Partial<TrackerReply> = {}): TrackerReply {
  return { id, name, groupIds: [], device: null, ...parts };
}

const device = { protocol: 'meitrack', identifier: '869065340000010' };
const list = [
  trackerOf(1, 'Van 10', { groupIds: [7] }),
  trackerOf(2, 'Van 2', { device }),
  trackerOf(3, 'João', { groupIds: [7, 8] }),
];
const index = indexTrackers(list, 'en');
const idsOf = (trackers: readonly TrackerReply[]) => trackers.map(({ id }) => id);

test('trackers stand by name as people count', () => {
  expect(idsOf(findTrackers(index, '', 'all'))).toEqual([3, 2, 1]);
});

test('a search finds names without case and accents, and identifiers', () => {
  expect(idsOf(findTrackers(index, ' joao ', 'all'))).toEqual([3]);
  expect(idsOf(findTrackers(index, '534000', 'all'))).toEqual([2]);
  expect(findTrackers(index, 'nobody', 'all')).toEqual([]);
});

test('a group narrows the search, and so does being in none', () => {
  expect(idsOf(findTrackers(index, '', 7))).toEqual([3, 1]);
  expect(idsOf(findTrackers(index, 'van', 7))).toEqual([1]);
  expect(idsOf(findTrackers(index, '', 'none'))).toEqual([2]);
});

test('a name is taken when another tracker reads the same', () => {
  expect(isNameTaken(list, '  van 2', null)).toBe(true);
  expect(isNameTaken(list, 'Van 2', 2)).toBe(false);
  expect(isNameTaken(list, 'Van', null)).toBe(false);
  expect(isNameTaken(list, '   ', null)).toBe(false);
});
