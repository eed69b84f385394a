import type { FenceShape, LonLat } from '@followme/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { prepareShape } from './prepared-shape.ts';
import { haversineM } from './sphere.ts';

/** The oracle: places along every edge, the nearest of them by the great circle. */
function nearestM(lines: readonly (readonly LonLat[])[], lon: number, lat: number): number {
  let least = Infinity;
  for (const line of lines) {
    for (const [i, [bx, by]] of line.entries()) {
      const [ax, ay] = line[i - 1] ?? [bx, by];
      for (let step = 0; step <= 400; step += 1) {
        const t = step / 400;
        const place = { lon: ax + t * (bx - ax), lat: ay + t * (by - ay) };
        least = Math.min(least, haversineM({ lon, lat }, place));
      }
    }
  }
  return least;
}

/** Within some two kilometres of an origin; the sampling of an edge is 10 m wide at most there. */
const SIZE_DEG = 0.03;
const SAMPLING_M = 12;
const offset = fc.double({ min: -SIZE_DEG, max: SIZE_DEG, noNaN: true });
const origin = fc.record({
  lon: fc.oneof(fc.double({ min: -170, max: 170, noNaN: true }), fc.constant(179.99)),
  lat: fc.double({ min: -70, max: 70, noNaN: true }),
});
const line = (least: number): fc.Arbitrary<LonLat[]> =>
  fc.array(fc.tuple(offset, offset), { minLength: least, maxLength: 90 });
const wrap = (lon: number): number => (lon > 180 ? lon - 360 : lon);
const shift = (points: readonly LonLat[], lon: number, lat: number): LonLat[] =>
  points.map(([x, y]): LonLat => [lon + x, lat + y]);
const wrapped = (points: readonly LonLat[]): LonLat[] =>
  points.map(([x, y]): LonLat => [wrap(x), y]);

function check(shape: FenceShape, place: LonLat, expectedM: number): void {
  const prepared = prepareShape(shape);
  const [lon, lat] = [wrap(place[0]), place[1]];
  const signedM = prepared.signedDistanceM(lon, lat, 1e7);
  expect(signedM <= 0).toBe(prepared.contains(lon, lat));
  expect(Math.abs(Math.abs(signedM) - expectedM)).toBeLessThan(SAMPLING_M + expectedM * 0.01);
  const limited = prepared.signedDistanceM(lon, lat, 100);
  expect(limited).toBeCloseTo(Math.sign(signedM) * Math.min(100, Math.abs(signedM)), 6);
}

describe('the distance to the edge', () => {
  test('of a polygon is that of its nearest edge, few vertices and many, also over the antimeridian', () => {
    fc.assert(
      fc.property(origin, line(3), offset, offset, ({ lon, lat }, points, x, y) => {
        const [first = [0, 0]] = points;
        const ring = shift([...points, first], lon, lat);
        const place: LonLat = [lon + x, lat + y];
        check({ kind: 'polygon', rings: [wrapped(ring)] }, place, nearestM([ring], ...place));
      }),
      { numRuns: 300 },
    );
  });

  test('of a corridor is that to its line less half its width', () => {
    fc.assert(
      fc.property(origin, line(2), offset, offset, ({ lon, lat }, points, x, y) => {
        const path = shift(points, lon, lat);
        const place: LonLat = [lon + x, lat + y];
        const expectedM = Math.abs(nearestM([path], ...place) - 150);
        check({ kind: 'corridor', line: wrapped(path), widthM: 300 }, place, expectedM);
      }),
      { numRuns: 300 },
    );
  });

  test('of a circle is that to its centre less its radius', () => {
    fc.assert(
      fc.property(origin, offset, offset, ({ lon, lat }, x, y) => {
        const place: LonLat = [lon + x, lat + y];
        const toCentreM = haversineM({ lon, lat }, { lon: place[0], lat: place[1] });
        check(
          { kind: 'circle', centre: [lon, lat], radiusM: 800 },
          place,
          Math.abs(toCentreM - 800),
        );
      }),
      { numRuns: 300 },
    );
  });

  test('of overlapping parts is the depth in the deepest of them', () => {
    const square = (half: number): LonLat[] => [
      [-half, -half],
      [half, -half],
      [half, half],
      [-half, half],
      [-half, -half],
    ];
    const shape = prepareShape({
      kind: 'multipolygon',
      polygons: [[square(0.01)], [square(0.02)]],
    });
    const metres = haversineM({ lon: 0, lat: 0 }, { lon: 0.001, lat: 0 });
    expect(shape.signedDistanceM(0.009, 0, 1e6)).toBeCloseTo(-11 * metres, 0);
    expect(shape.signedDistanceM(0.021, 0, 1e6)).toBeCloseTo(metres, 0);
  });
});
