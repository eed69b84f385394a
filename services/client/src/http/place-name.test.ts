import { NAME_PATTERN } from '@followme/contracts';
import { describe, expect, test } from 'vitest';
import { toPlaceName } from './place-name.ts';

describe('the name of a place of a file', () => {
  test.each([
    ['stays as it is', 'Depot Zaandam', 'Depot Zaandam'],
    ['keeps emoji', '👩‍🚒 Brandweer', '👩‍🚒 Brandweer'],
    ['keeps a name that reads from right to left', 'مستودع', 'مستودع'],
    ['is one line', ' a\r\n\tb ', 'a b'],
    ['holds no mark that turns text around', 'a\u202eb', 'a b'],
    ['holds no half of a character', 'a\ud83d', 'a'],
    ['tells its number when it is empty', '', 'Place 12'],
    ['tells its number when it is blank', ' \u0000 ', 'Place 12'],
  ])('%s', (_, text, name) => {
    expect(toPlaceName(text, 11)).toBe(name);
  });

  test('is cut to what a name may have, and never inside a character', () => {
    expect(toPlaceName('x'.repeat(900), 0)).toBe('x'.repeat(200));
    expect(toPlaceName(`${'x'.repeat(199)}😀`, 0)).toBe('x'.repeat(199));
  });

  test('fits the schema of names', () => {
    const pattern = new RegExp(NAME_PATTERN, 'u');
    for (const text of ['', '\u0001', '\u200f', 'a\u0085b', 'x'.repeat(1_000)]) {
      expect(toPlaceName(text, 0)).toMatch(pattern);
    }
  });
});
