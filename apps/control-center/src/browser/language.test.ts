import { expect, test } from 'vitest';
import { decideLocale } from './language.ts';

const nothing = { query: null, chosen: null, tenant: null, browser: [] };

test('the choice of the person goes before that of the customer, and that before the browser', () => {
  expect(decideLocale({ ...nothing, chosen: 'en', tenant: 'nl', browser: ['nl'] })).toBe('en');
  expect(decideLocale({ ...nothing, tenant: 'nl', browser: ['en-GB'] })).toBe('nl');
  expect(decideLocale({ ...nothing, browser: ['fr-FR', 'nl-BE', 'en'] })).toBe('nl');
});

test('languages we do not have are passed over, and English is left', () => {
  expect(decideLocale({ query: 'xx', chosen: 'toString', tenant: 'de', browser: ['fr'] })).toBe(
    'en',
  );
});

test('the language of the tests is had by the address only', () => {
  expect(decideLocale({ ...nothing, query: 'pseudo-rtl', chosen: 'nl' })).toBe('pseudo-rtl');
  expect(decideLocale({ ...nothing, chosen: 'pseudo-rtl' })).toBe('en');
});
