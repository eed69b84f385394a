import { expect, test } from 'vitest';
import { mapName } from './map-name.ts';

test('a name of up to 30 signs stands on the map as it is', () => {
  expect(mapName('a'.repeat(30))).toBe('a'.repeat(30));
});

test('of a longer name the map shows the beginning', () => {
  expect(mapName('a'.repeat(200))).toBe(`${'a'.repeat(29)}…`);
  expect(mapName(`${'a'.repeat(28)} bcdefg`)).toBe(`${'a'.repeat(28)}…`);
});

test('an emoji counts as one sign and is never cut in two', () => {
  expect(mapName('👩‍🚒'.repeat(30))).toBe('👩‍🚒'.repeat(30));
  expect(mapName('👩‍🚒'.repeat(40))).toBe(`${'👩‍🚒'.repeat(29)}…`);
});
