import { expect, test } from 'vitest';
import { SUBJECTS } from './subjects.ts';

test('every subject is another one: a hint never wakes those who wait for another', () => {
  const subjects = Object.values(SUBJECTS);
  expect(new Set(subjects).size).toBe(subjects.length);
});
