import { describe, expect, test } from 'vitest';
import { distanceM } from '../places/sphere.ts';
import { fenceFeatures, fenceLabelFeatures } from './fences.ts';
import { formatDegrees, graticule, graticuleStep } from './graticule.ts';
import { scaleFor } from './scale.ts';
import {
  orderTrail,
  summariseTrail,
  tipFeatures,
  trailFeatures,
  type TrailPoint,
} from './trail.ts';

describe('trail', () => {
  const at = (minute: number, lon: number): TrailPoint => ({
    lon,
    lat: 52,
    fixMs: minute * 60_000,
    speedKmh: 10,
  });

  test('points are in the order of time, each time once', () => {
    const times = orderTrail([at(2, 5), at(1, 5), at(2, 6)]).map(({ fixMs }) => fixMs / 60_000);
    expect(times).toEqual([1, 2]);
  });

  test('standing for three minutes within sixty metres is a stop', () => {
    const { stops, distanceM: way } = summariseTrail([
      at(0, 5),
      at(1, 5.01),
      at(3, 5.0101),
      at(4, 5.01),
      at(5, 5.02),
    ]);
    expect(stops).toEqual([{ lon: 5.01, lat: 52, fromMs: 60_000, untilMs: 240_000 }]);
    expect(way).toBeGreaterThan(1300);
    expect(way).toBeLessThan(1450);
  });

  test('more than five minutes without a fix is a gap, and the way goes on behind it', () => {
    const features = trailFeatures([at(0, 5), at(1, 5.01), at(7, 5.1), at(8, 5.11)], (ms) =>
      String(ms),
    );
    const kinds = features.map((feature) => feature.properties?.['kind'] as string);
    expect(kinds).toEqual(['path', 'way', 'gap', 'path', 'way', 'start']);
  });

  test('the tip goes on from the last point, dotted when nothing was heard between', () => {
    const kinds = (minute: number) =>
      tipFeatures(at(0, 5), [at(minute, 5.1), at(minute + 1, 5.2)]).map(
        (feature) => feature.properties?.['kind'] as string,
      );
    expect(kinds(1)).toEqual(['path', 'way']);
    expect(kinds(6)).toEqual(['gap', 'path', 'way']);
    expect(tipFeatures(at(0, 5), [])).toEqual([]);
  });

  test('the wandering of a receiver at rest is no way, and one stop', () => {
    const standing = Array.from({ length: 120 }, (_, i) => at(i / 10, 5 + (i % 3) * 0.0002));
    const { distanceM: way, stops } = summariseTrail(standing);
    expect(way).toBeLessThan(30);
    expect(stops).toHaveLength(1);
    const kinds = trailFeatures(standing, String).map(
      (each) => each.properties?.['kind'] as string,
    );
    expect(kinds.filter((kind) => kind === 'stop' || kind === 'start')).toEqual(['stop']);
  });
});

describe('graticule', () => {
  test('lines are at least 140 px and less than 400 px apart at every useful zoom', () => {
    for (let zoom = 3; zoom <= 17; zoom += 0.5) {
      const px = (graticuleStep(zoom) * 512 * 2 ** zoom) / 360;
      expect(px).toBeGreaterThanOrEqual(140);
      expect(px).toBeLessThan(400);
    }
  });

  test('labels have the decimals of their spacing and name the hemisphere', () => {
    expect(formatDegrees(52.3, 0.1, 'lat')).toBe('52.3° N');
    expect(formatDegrees(-0.25, 0.05, 'lon')).toBe('0.25° W');
    expect(formatDegrees(0, 10, 'lat')).toBe('0°');
    expect(formatDegrees(190, 10, 'lon')).toBe('170° W');
  });

  test('bounds of the whole world and nonsense zooms give a bounded number of lines', () => {
    const world = { west: -180, south: -90, east: 180, north: 90 };
    expect(graticule(world, 19).length).toBeLessThan(200);
    expect(graticule(world, 1).length).toBeGreaterThan(5);
  });
});

test('the scale bar is a round length that fits', () => {
  for (let zoom = 1; zoom < 19; zoom += 0.7) {
    const { lengthM, widthPx } = scaleFor(zoom, 52, 96);
    expect(String(lengthM)).toMatch(/^[125]0*$/);
    expect(widthPx).toBeGreaterThan(96 / 2.6);
    expect(widthPx).toBeLessThanOrEqual(96);
  }
});

test('a circle becomes a closed polygon whose corners are its radius away', () => {
  const [feature] = fenceFeatures([
    {
      id: 1,
      name: 'Depot',
      groupIds: null,
      version: 1,
      geometry: { type: 'Point', coordinates: [5, 52], radiusM: 600 },
    },
  ]);
  const geometry = feature?.geometry;
  const ring = geometry?.type === 'Polygon' ? (geometry.coordinates[0] ?? []) : [];
  expect(ring.at(0)).toEqual(ring.at(-1));
  for (const [lon, lat] of ring) {
    expect(distanceM([5, 52], [lon ?? 0, lat ?? 0])).toBeCloseTo(600, 3);
  }
});

test('the name of a fence stands on the highest point of its outline', () => {
  const fences = fenceFeatures([
    {
      id: 1,
      name: 'Yard',
      groupIds: null,
      version: 1,
      geometry: {
        type: 'Polygon',
        coordinates: [
          [
            [5, 52],
            [5.1, 52],
            [5.08, 52.2],
            [5, 52.1],
            [5, 52],
          ],
        ],
      },
    },
  ]);
  const geometry = { type: 'Point', coordinates: [5.08, 52.2] };
  expect(fenceLabelFeatures(fences)).toEqual([
    { type: 'Feature', id: 1, geometry, properties: { name: 'Yard', nameZoom: 8.1 } },
  ]);
});
