import type { FenceReply } from '@followme/contracts';
import { expect, test } from 'vitest';
import { foldedName, sortPlaces } from './place-order.ts';

const place = (name: string): FenceReply => ({
  id: 1,
  name,
  geometry: { type: 'Point', coordinates: [5, 52], radiusM: 10 },
  groupIds: null,
  version: 1,
});
const ordered = (names: readonly string[]): string[] =>
  sortPlaces(names.map(place), 'en').map(({ name }) => name);

test('some places stand as people order them: numbers as numbers, accents beside their letter', () => {
  expect(ordered(['Gate 10', 'école', 'Gate 9', 'Ede', 'zoo'])).toEqual([
    'école',
    'Ede',
    'Gate 9',
    'Gate 10',
    'zoo',
  ]);
});

test('very many stand letter by letter, still without case and accents', () => {
  const names = Array.from({ length: 6_000 }, (_, i) => `p${String(i).padStart(5, '0')}`);
  const mixed = [...names.toReversed(), 'ÉCOLE', 'a', 'Z'];
  expect(ordered(mixed)).toEqual(['a', 'ÉCOLE', ...names, 'Z']);
});

test('a place is found without its accents and case', () => {
  expect(foldedName(place('São João'))).toBe('sao joao');
});
