import { expect, test } from 'vitest';
import { distanceM } from '../places/sphere.ts';
import { simplifyWay } from './simplify.ts';

const M = 1 / 111_195;

test('noise smaller than the tolerance leaves a straight way straight', () => {
  const noisy = Array.from({ length: 200 }, (_, i) => ({
    lon: 5 + i * 10 * M,
    lat: 52 + (i % 2 === 0 ? 4 : -4) * M,
  }));
  expect(simplifyWay(noisy, 10)).toEqual([noisy.at(0), noisy.at(-1)]);
});

test('a corner stays, and no point that was left out is further off than the tolerance', () => {
  const way = Array.from({ length: 100 }, (_, i) => ({
    lon: 5 + Math.min(i, 50) * 20 * M,
    lat: 52 + Math.max(0, i - 50) * 20 * M,
  }));
  const kept = simplifyWay(way, 10);
  expect(kept).toHaveLength(3);
  const corner = way[50] ?? { lon: 0, lat: 0 };
  expect(kept.some(({ lon, lat }) => distanceM([lon, lat], [corner.lon, corner.lat]) < 10)).toBe(
    true,
  );
});

test('what is too short to have a corner is left as it is', () => {
  const two = [
    { lon: 5, lat: 52 },
    { lon: 5, lat: 52 },
  ];
  expect(simplifyWay(two, 10)).toEqual(two);
  expect(simplifyWay([], 10)).toEqual([]);
});
