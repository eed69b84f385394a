import { expect, test } from 'vitest';
import { nextIndex } from './next-index.ts';

const size = { count: 10, page: 4 };

test.each([
  ['ArrowDown', 3, 4],
  ['ArrowUp', 3, 2],
  ['PageDown', 3, 7],
  ['PageUp', 7, 3],
  ['Home', 7, 0],
  ['End', 3, 9],
])('%s leads from row %d to row %d', (key, from, to) => {
  expect(nextIndex(key, from, size)).toBe(to);
});

test('nothing leads beyond the ends', () => {
  expect(nextIndex('ArrowDown', 9, size)).toBe(9);
  expect(nextIndex('PageUp', 1, size)).toBe(0);
});

test('other keys and empty lists lead nowhere', () => {
  expect(nextIndex('Enter', 3, size)).toBeNull();
  expect(nextIndex('End', 0, { count: 0, page: 4 })).toBeNull();
});
