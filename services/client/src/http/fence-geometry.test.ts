import { describe, expect, test } from 'vitest';
import { parseGeometry } from './fence-geometry.ts';

const corner = [5.1, 52];
const ring = [corner, [5.2, 52], [5.2, 52.1], corner];
const polygon = { type: 'Polygon', coordinates: [ring] };
const point = { type: 'Point', coordinates: [5.1, 52] };
const line = { type: 'LineString', coordinates: [corner, [5.2, 52]] };

/** Reason, place in the body and words of a refusal. */
function refusalOf(body: Record<string, unknown>) {
  const parsed = parseGeometry(body);
  if (parsed.ok) throw new Error('was taken');
  const { reason, path, detail } = parsed.error;
  return [reason, path, detail];
}

describe('a geometry of a request', () => {
  test('a circle, a corridor and an area are taken', () => {
    expect(parseGeometry({ ...point, radiusM: 300 })).toEqual({
      ok: true,
      value: { kind: 'circle', centre: [5.1, 52], radiusM: 300 },
    });
    expect(parseGeometry({ ...line, widthM: 20 })).toMatchObject({
      value: { kind: 'corridor', widthM: 20 },
    });
    expect(parseGeometry({ type: 'MultiPolygon', coordinates: [[ring]] })).toMatchObject({
      value: { kind: 'multipolygon' },
    });
  });

  test('a bbox is passed over', () => {
    const bbox = [5.1, 52, 5.2, 52.1];
    expect(parseGeometry({ ...polygon, bbox })).toEqual(parseGeometry(polygon));
    expect(parseGeometry({ ...polygon, bbox })).toMatchObject({ ok: true });
  });

  test('a Feature is taken by its geometry, its size beside the coordinates or in its properties', () => {
    const feature = (geometry: object, properties: object | null) =>
      parseGeometry({ type: 'Feature', id: 7, geometry, properties });
    expect(feature(polygon, { name: 'Depot' })).toEqual(parseGeometry(polygon));
    expect(feature(polygon, null)).toMatchObject({ ok: true });
    const circle = parseGeometry({ ...point, radiusM: 300 });
    expect(feature(point, { radiusM: 300 })).toEqual(circle);
    expect(feature({ ...point, radiusM: 300 }, { radiusM: 9 })).toEqual(circle);
  });

  test.each([
    [
      'a size that is a text',
      { ...point, radiusM: '300' },
      ['NOT_A_NUMBER', '/body/geometry/radiusM', 'radiusM must be a number, in metres'],
    ],
    [
      'a Point without its size',
      point,
      [
        'UNSUPPORTED_GEOMETRY',
        '/body/geometry/radiusM',
        'A Point is a fence only with radiusM, in metres',
      ],
    ],
    [
      'a LineString without its size',
      line,
      [
        'UNSUPPORTED_GEOMETRY',
        '/body/geometry/widthM',
        'A LineString is a fence only with widthM, in metres',
      ],
    ],
    [
      'a size of another type',
      { ...polygon, radiusM: 5 },
      [
        'NOT_GEOJSON',
        '/body/geometry/radiusM',
        'radiusM is not a field of a Polygon; its fields are type, coordinates',
      ],
    ],
    [
      'a field that is misspelt',
      { ...point, radius: 5 },
      [
        'NOT_GEOJSON',
        '/body/geometry/radius',
        'radius is not a field of a Point; its fields are type, coordinates, radiusM',
      ],
    ],
    [
      'a FeatureCollection',
      { type: 'FeatureCollection', features: [] },
      [
        'UNSUPPORTED_GEOMETRY',
        '/body/geometry/type',
        'Got a FeatureCollection; send the geometry of one of its features',
      ],
    ],
    [
      'a Feature without a geometry',
      { type: 'Feature', geometry: null, properties: {} },
      ['NOT_GEOJSON', '/body/geometry/geometry', 'The Feature has no geometry; send one'],
    ],
    [
      'a size in a Feature’s properties that is a text',
      { type: 'Feature', geometry: point, properties: { radiusM: '300' } },
      ['NOT_A_NUMBER', '/body/geometry/properties/radiusM', 'radiusM must be a number, in metres'],
    ],
  ])('%s is refused in words about it', (_, body, refusal) => {
    expect(refusalOf(body)).toEqual(refusal);
  });

  test.each([
    ['GeometryCollection', { type: 'GeometryCollection', geometries: [] }, 'UNSUPPORTED_GEOMETRY'],
    ['a type objects inherit', { type: 'toString', coordinates: [] }, 'UNSUPPORTED_GEOMETRY'],
    ['no type', { coordinates: [] }, 'NOT_GEOJSON'],
  ])('%s is refused by its type', (_, body, reason) => {
    expect(refusalOf(body).slice(0, 2)).toEqual([reason, '/body/geometry/type']);
  });

  test('what is wrong with coordinates is told with its place, in a Feature too', () => {
    const bad = { type: 'Polygon', coordinates: [[corner, ['5', 52], corner]] };
    expect(refusalOf(bad).slice(0, 2)).toEqual(['NOT_A_NUMBER', '/body/geometry/coordinates/0/1']);
    expect(refusalOf({ type: 'Feature', geometry: bad })[1]).toBe(
      '/body/geometry/geometry/coordinates/0/1',
    );
    expect(refusalOf({ type: 'Polygon', coordinates: 'x' })[0]).toBe('NOT_GEOJSON');
  });

  test('a size out of range names the size, in a Feature’s properties too', () => {
    expect(refusalOf({ ...point, radiusM: 0 }).slice(0, 2)).toEqual([
      'RADIUS_OUT_OF_RANGE',
      '/body/geometry/radiusM',
    ]);
    const feature = { type: 'Feature', geometry: point, properties: { radiusM: 0 } };
    expect(refusalOf(feature)[1]).toBe('/body/geometry/properties/radiusM');
  });
});
