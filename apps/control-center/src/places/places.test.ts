import { expect, test } from 'vitest';
import { packCities } from '../../build/cities-plugin.ts';
import { createPlaces, type PackedCities, unpackCities } from './places.ts';
import { bearingDeg } from './sphere.ts';

function city(name: string, lon: number, lat: number, population: number) {
  return { name, population, loc: { coordinates: [lon, lat] as const } };
}

const PACKED = packCities([
  city('Zeist', 5.233, 52.09, 60_000),
  city('Utrecht', 5.122, 52.091, 290_000),
  city('Hamlet', 5.123, 52.092, 900),
  city('Suva', 178.442, -18.142, 77_000),
]);
// the very text that packCities wrote
const places = createPlaces(unpackCities(JSON.parse(PACKED) as PackedCities));

test('packing keeps places of 15,000 and more, the largest first', () => {
  expect(places.cities.map(({ name, population }) => [name, population])).toEqual([
    ['Utrecht', 290],
    ['Suva', 77],
    ['Zeist', 60],
  ]);
  expect(places.cities[0]).toMatchObject({ lon: 5.122, lat: 52.091 });
});

test('within two kilometres one is in the place, further away there is distance and direction', () => {
  expect(places.describe(52.095, 5.12)).toBe('Utrecht');
  expect(places.describe(52.13, 5.233)).toBe('4.4 km N of Zeist');
});

test('a place beyond the antimeridian is found', () => {
  expect(places.describe(-18.142, -179.9)).toMatch(/ E of Suva$/);
});

test('in the middle of the ocean there is nothing to say', () => {
  expect(places.describe(0, -140)).toBe('');
});

test('bearings are clockwise from north', () => {
  expect(bearingDeg([5, 52], [5, 53])).toBeCloseTo(0);
  expect(bearingDeg([5, 0], [6, 0])).toBeCloseTo(90);
  expect(bearingDeg([5, 0], [4, 0])).toBeCloseTo(270);
});
