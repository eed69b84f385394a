import { expect, test } from 'vitest';
import { landPath, placeOn, STILL_SIZES, stillView } from './still-view.ts';

const SIZE = STILL_SIZES.wide;
const BOX = { west: 4, south: 51, east: 6, north: 53 };

test('the whole box is on the picture, with air around it', () => {
  const view = stillView(BOX, SIZE, null);
  for (const corner of [
    [4, 51],
    [6, 53],
  ]) {
    const [x, y] = placeOn(view, corner);
    expect(x).toBeGreaterThan(30);
    expect(x).toBeLessThan(SIZE.width - 30);
    expect(y).toBeGreaterThan(30);
    expect(y).toBeLessThan(SIZE.height - 30);
  }
  expect(placeOn(view, [view.west, view.north]).map(Math.round)).toEqual([0, 0]);
});

test('north is up and east is right', () => {
  const view = stillView(BOX, SIZE, null);
  const [westX, northY] = placeOn(view, [4, 53]);
  const [eastX, southY] = placeOn(view, [6, 51]);
  expect(westX).toBeLessThan(eastX);
  expect(northY).toBeLessThan(southY);
});

test('the picture stands still while everything is on it, and follows when something leaves', () => {
  const view = stillView(BOX, SIZE, null);
  expect(stillView({ ...BOX, east: 5.9 }, SIZE, view)).toBe(view);
  expect(stillView({ ...BOX, east: 30 }, SIZE, view).east).toBeGreaterThan(30);
});

test('one place alone is not shown from the nose', () => {
  const view = stillView({ west: 5, east: 5, south: 52, north: 52 }, SIZE, null);
  expect(view.zoom).toBe(11);
});

test('land beyond the picture is left out', () => {
  const square = (lon: number) => ({
    type: 'Feature' as const,
    properties: {},
    geometry: {
      type: 'Polygon' as const,
      coordinates: [
        [
          [lon, 51],
          [lon + 1, 51],
          [lon + 1, 52],
          [lon, 51],
        ],
      ],
    },
  });
  const land = { type: 'FeatureCollection' as const, features: [square(5), square(100)] };
  expect(landPath(land, stillView(BOX, SIZE, null)).match(/M/g)).toHaveLength(1);
});
