import { expect, test } from 'vitest';
import { unwrapLine, unwrapRing } from './antimeridian.ts';

test('a line over the 180th meridian goes on beyond it, in both directions', () => {
  const east = [
    [179, 1],
    [-179, 2],
    [178, 3],
  ];
  expect(unwrapLine(east)).toEqual([
    [179, 1],
    [181, 2],
    [178, 3],
  ]);
  const west = [
    [-179, 1],
    [179, 2],
  ];
  expect(unwrapLine(west)).toEqual([
    [-179, 1],
    [-181, 2],
  ]);
});

test('a ring that does not reach the meridian stays as it is', () => {
  const ring = [
    [5, 52],
    [6, 52],
    [6, 53],
    [5, 52],
  ];
  expect(unwrapRing(ring)).toEqual(ring);
});

test('a ring around a pole is closed along that pole', () => {
  const antarctica = [
    [-120, -70],
    [0, -71],
    [120, -72],
    [-120, -70],
  ];
  expect(unwrapRing(antarctica)).toEqual([
    [-120, -70],
    [0, -71],
    [120, -72],
    [240, -70],
    [240, -89],
    [-120, -89],
    [-120, -70],
  ]);
});
