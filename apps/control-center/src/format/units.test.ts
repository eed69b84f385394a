import { expect, test } from 'vitest';
import {
  compassPoint,
  formatCoordinates,
  formatDistance,
  formatHeading,
  formatScale,
} from './units.ts';

test.each([
  [0, 'N'],
  [22.4, 'N'],
  [22.6, 'NE'],
  [337.4, 'NW'],
  [359, 'N'],
  [-90, 'W'],
  [720, 'N'],
])('a heading of %d° is %s', (heading, point) => {
  expect(compassPoint(heading)).toBe(point);
});

test('a heading is shown within the circle', () => {
  expect(formatHeading(-45)).toBe('315° NW');
});

test.each([
  [4, '0 m'],
  [846, '850 m'],
  [994, '990 m'],
  [996, '1.0 km'],
  [18_440, '18.4 km'],
  [120_300, '120 km'],
])('%d m reads %s', (metres, text) => {
  expect(formatDistance(metres)).toBe(text);
});

test('the scale bar has no decimals', () => {
  expect([formatScale(500), formatScale(2000)]).toEqual(['500 m', '2 km']);
});

test('coordinates are latitude first, five decimals, with a point', () => {
  expect(formatCoordinates(52.303345, 4.750464)).toBe('52.30335, 4.75046');
});
