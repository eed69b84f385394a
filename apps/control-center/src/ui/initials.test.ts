import { expect, test } from 'vitest';
import { initials } from './initials.ts';

test('an avatar has the first letters of the first and the last word', () => {
  expect(initials('Ilse de Koning', 'nl')).toBe('IK');
});

test('one word gives one letter, no word none', () => {
  expect(initials('  daan ', 'nl')).toBe('D');
  expect(initials('   ', 'nl')).toBe('');
});

test('a letter of several code points stays whole', () => {
  expect(initials('👩🏽‍🚒 Brandweer', 'nl')).toBe('👩🏽‍🚒B');
  expect(initials('e\u0301mile Zola', 'fr')).toBe('E\u0301Z');
});

test('capitals follow the language', () => {
  expect(initials('ilkay', 'tr')).toBe('İ');
});
