import { describe, expect, test } from 'vitest';
import {
  type Findable,
  indexFindables,
  MOST_PER_GROUP,
  type PaletteGroup,
  rankOf,
  searchPalette,
} from './palette-search.ts';

const of = (group: PaletteGroup, ...names: string[]): Findable[] =>
  names.map((name, i) => ({ group, id: `${i}`, name }));

function find(typed: string, ...lists: Findable[][]) {
  const index = new Map(
    lists.flatMap((list) => (list[0] ? [[list[0].group, indexFindables(list)] as const] : [])),
  );
  return searchPalette(index, typed);
}
const namesOf = (typed: string, ...lists: Findable[][]) =>
  find(typed, ...lists).flatMap(({ items }) => items.map(({ name }) => name));

test.each([
  ['galgenwaard', 'gal', 0],
  ['steward gal', 'gal', 1],
  ['regal gal', 'gal', 1],
  ['regal', 'gal', 2],
  ['bike', 'gal', 3],
] as const)('%s for %s ranks %d', (name, query, rank) => {
  expect(rankOf(name, query)).toBe(rank);
});

describe('within a group', () => {
  test('names that begin with it come first, then words, then the rest; shorter before longer', () => {
    const places = of('places', 'Regal', 'North Gal', 'Galgenwaard, match day', 'Galgenwaard');
    expect(namesOf('gal', places)).toEqual([
      'Galgenwaard',
      'Galgenwaard, match day',
      'North Gal',
      'Regal',
    ]);
  });

  test('case and accents do not matter, on either side', () => {
    expect(namesOf('JOAO', of('trackers', 'João Ávila'))).toEqual(['João Ávila']);
    expect(namesOf('ávi', of('trackers', 'Joao Avila'))).toEqual(['Joao Avila']);
  });

  test('no more than fit are shown, with how many there are', () => {
    const many = of('trackers', ...Array.from({ length: 100 }, (_, i) => `Van ${i}`));
    const [found] = find('van', many);
    expect([found?.items.length, found?.total]).toEqual([MOST_PER_GROUP, 100]);
  });
});

test('the group with the best hit comes first, so Enter does what was meant', () => {
  const trackers = of('trackers', 'Steward at the settings desk');
  const sections = of('sections', 'Settings');
  expect(namesOf('sett', trackers, sections)).toEqual(['Settings', 'Steward at the settings desk']);
});

test('with nothing typed, alerts and what can be done are offered, not every tracker', () => {
  const shown = namesOf(
    '',
    of('trackers', 'Van 1'),
    of('alerts', 'SOS, Noor V.'),
    of('do', 'Mute'),
  );
  expect(shown).toEqual(['SOS, Noor V.', 'Mute']);
});

test('what fits nothing finds nothing', () => {
  expect(find('zzz', of('trackers', 'Van 1'))).toEqual([]);
});
