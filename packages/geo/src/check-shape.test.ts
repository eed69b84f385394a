import type { LonLat } from '@followme/model';
import { describe, expect, test } from 'vitest';
import { FENCE_LIMITS, type FenceProblem } from './fence-problem.ts';
import { parseGeoJsonFence } from './parse-fence.ts';
import { prepareShape } from './prepared-shape.ts';

const polygon = (...coordinates: unknown[]) => ({ type: 'Polygon', coordinates });
const circle = (radiusM: unknown, at: unknown = [4.9, 52.4]) => ({
  type: 'Feature',
  properties: { radiusM },
  geometry: { type: 'Point', coordinates: at },
});
const corridor = (widthM: unknown, coordinates: unknown) => ({
  type: 'Feature',
  properties: { widthM },
  geometry: { type: 'LineString', coordinates },
});
const square = (x: number, y: number, size: number): LonLat[] => [
  [x, y],
  [x + size, y],
  [x + size, y + size],
  [x, y + size],
  [x, y],
];

function problemOf(input: unknown): FenceProblem {
  const parsed = parseGeoJsonFence(input);
  if (parsed.ok) throw new Error(`Accepted: ${JSON.stringify(parsed.value)}`);
  return parsed.error;
}
function shapeOf(input: unknown) {
  const parsed = parseGeoJsonFence(input);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

describe('what is repaired', () => {
  test('GF1 a ring without its closing point is closed, repeated points go, winding is made that of RFC 7946', () => {
    const clockwise: LonLat[] = [
      [0, 0],
      [0, 1],
      [0, 1],
      [1, 1],
      [1, 0],
    ];
    expect(shapeOf(polygon(clockwise))).toEqual({
      kind: 'polygon',
      rings: [
        [
          [0, 0],
          [1, 0],
          [1, 1],
          [0, 1],
          [0, 0],
        ],
      ],
    });
  });

  test('GF1 a hole is wound clockwise and an altitude is left out', () => {
    const hole = square(1, 1, 1).map(([x, y]) => [x, y, 12]);
    expect(shapeOf(polygon(square(0, 0, 4), hole))).toMatchObject({
      rings: [square(0, 0, 4), square(1, 1, 1).toReversed()],
    });
  });
});

describe('what is refused', () => {
  const line = [
    [4, 52],
    [5, 52],
  ];
  const cases: [string, unknown, Partial<FenceProblem>][] = [
    ['null', null, { code: 'NOT_GEOJSON' }],
    ['a list', [], { code: 'NOT_GEOJSON' }],
    ['no geometry', { type: 'Feature', geometry: null }, { code: 'NOT_GEOJSON', path: 'geometry' }],
    ['a GeometryCollection', { type: 'GeometryCollection' }, { code: 'UNSUPPORTED_GEOMETRY' }],
    [
      'a Point without radius',
      { type: 'Point', coordinates: [1, 1] },
      { code: 'UNSUPPORTED_GEOMETRY' },
    ],
    [
      'a line without width',
      { type: 'LineString', coordinates: line },
      { code: 'UNSUPPORTED_GEOMETRY' },
    ],
    ['no rings', polygon(), { code: 'EMPTY', path: 'coordinates' }],
    ['an empty ring', polygon([]), { code: 'EMPTY' }],
    ['an empty hole', polygon(square(0, 0, 1), []), { code: 'EMPTY', path: 'coordinates[1]' }],
    ['an empty multipolygon', { type: 'MultiPolygon', coordinates: [] }, { code: 'EMPTY' }],
    [
      'an empty polygon in one',
      { type: 'MultiPolygon', coordinates: [[square(0, 0, 1)], []] },
      { code: 'EMPTY', path: 'coordinates[1]' },
    ],
    [
      'NaN',
      polygon([
        [Number.NaN, 0],
        [1, 0],
        [1, 1],
      ]),
      { code: 'NOT_A_NUMBER', path: 'coordinates[0][0]' },
    ],
    [
      'text',
      polygon([
        [0, 0],
        ['1', 0],
        [1, 1],
      ]),
      { code: 'NOT_A_NUMBER', path: 'coordinates[0][1]' },
    ],
    [
      'a longitude of 181',
      polygon([
        [0, 0],
        [181, 0],
        [1, 1],
      ]),
      { code: 'OUT_OF_RANGE', path: 'coordinates[0][1]' },
    ],
    [
      'a latitude of 91',
      polygon([
        [0, 0],
        [1, 0],
        [1, 91],
      ]),
      { code: 'OUT_OF_RANGE', path: 'coordinates[0][2]' },
    ],
    [
      'two distinct points',
      polygon([
        [0, 0],
        [1, 0],
        [0, 0],
        [1, 0],
      ]),
      { code: 'TOO_FEW_POINTS', place: [0, 0] },
    ],
    [
      'points on one line',
      polygon([
        [0, 0],
        [1, 1],
        [2, 2],
      ]),
      { code: 'SELF_INTERSECTION' },
    ],
    [
      'a bow tie',
      polygon([
        [0, 0],
        [2, 2],
        [2, 0],
        [0, 2],
      ]),
      { code: 'SELF_INTERSECTION', path: 'coordinates[0]', place: [1, 1] },
    ],
    [
      'a ring that comes by a point twice',
      polygon([
        [0, 0],
        [2, 0],
        [1, 1],
        [2, 2],
        [0, 2],
        [1, 1],
      ]),
      { code: 'SELF_INTERSECTION', place: [1, 1] },
    ],
    ['a hole over the edge', polygon(square(0, 0, 4), square(3, 1, 2)), { code: 'RINGS_CROSS' }],
    [
      'a hole outside',
      polygon(square(0, 0, 4), square(5, 5, 1)),
      { code: 'HOLE_MISPLACED', path: 'coordinates[1]' },
    ],
    [
      'a hole around the outer ring',
      polygon(square(1, 1, 1), square(0, 0, 4)),
      { code: 'HOLE_MISPLACED' },
    ],
    [
      'a hole in a hole',
      polygon(square(0, 0, 9), square(1, 1, 7), square(2, 2, 2)),
      { code: 'HOLE_MISPLACED' },
    ],
    [
      'the same hole twice',
      polygon(square(0, 0, 9), square(1, 1, 2), square(1, 1, 2)),
      { code: 'RINGS_CROSS' },
    ],
    [
      'a ring around the pole',
      polygon([
        [0, 80],
        [120, 80],
        [-120, 80],
        [0, 80],
      ]),
      { code: 'AROUND_POLE' },
    ],
    ['radius 0', circle(0), { code: 'RADIUS_OUT_OF_RANGE', path: 'properties.radiusM' }],
    ['radius −1', circle(-1), { code: 'RADIUS_OUT_OF_RANGE' }],
    ['radius over 1,000 km', circle(1_000_001), { code: 'RADIUS_OUT_OF_RANGE' }],
    ['radius NaN', circle(Number.NaN), { code: 'NOT_A_NUMBER' }],
    ['radius as text', circle('12'), { code: 'NOT_A_NUMBER' }],
    ['a circle without a centre', circle(5, []), { code: 'EMPTY', path: 'geometry.coordinates' }],
    ['a corridor of width 0', corridor(0, line), { code: 'WIDTH_OUT_OF_RANGE' }],
    [
      'a corridor of one point',
      corridor(5, [
        [1, 1],
        [1, 1],
      ]),
      { code: 'TOO_FEW_POINTS' },
    ],
    ['a corridor of none', corridor(5, []), { code: 'EMPTY' }],
  ];
  test.each(cases)('GF2 %s is refused with code, path and a sentence', (_, input, expected) => {
    expect(problemOf(input)).toMatchObject(expected);
  });

  test('GF2 a fault of a ring over the antimeridian is placed within ±180', () => {
    const bowTie = polygon([
      [179, 0],
      [-179, 2],
      [-179, 0],
      [179, 2],
    ]);
    const { code, place } = problemOf(bowTie);
    expect(code).toBe('SELF_INTERSECTION');
    expect(Math.abs(place?.[0] ?? 0)).toBe(180);
  });

  test('GF4 a hole that lies in another and touches it where both begin is refused, in either order', () => {
    const small: LonLat[] = [
      [1, 1],
      [3, 2],
      [2, 3],
    ];
    for (const holes of [
      [small, square(1, 1, 7)],
      [square(1, 1, 7), small],
    ]) {
      expect(problemOf(polygon(square(0, 0, 9), ...holes)).code).toBe('HOLE_MISPLACED');
    }
  });

  test('GF4 a hole may touch the outer ring and another hole in single points', () => {
    const diamond: LonLat[] = [
      [2, 0],
      [4, 2],
      [2, 4],
      [0, 2],
    ];
    const small: LonLat[] = [
      [4, 2],
      [5, 1],
      [5, 3],
    ];
    expect(shapeOf(polygon(square(0, 0, 6), diamond, small)).kind).toBe('polygon');
  });
});

describe('large fences', () => {
  const star = (vertices: number): LonLat[] =>
    Array.from({ length: vertices }, (_, i) => {
      const angle = (2 * Math.PI * i) / vertices;
      const radius = i % 2 === 0 ? 10 : 9.5;
      return [radius * Math.cos(angle), radius * Math.sin(angle)];
    });

  test('GF2 more vertices than the limit are refused before anything is computed', () => {
    expect(problemOf(polygon(star(FENCE_LIMITS.vertices + 1)))).toMatchObject({
      code: 'TOO_MANY_VERTICES',
    });
  });

  test('GF3 a ring of 99,999 vertices is checked, and its one crossing is found', () => {
    const ring = star(99_999).map(([x, y]): LonLat => [x, y]);
    expect(shapeOf(polygon(ring.slice(0, 99_998))).kind).toBe('polygon');
    [ring[500], ring[503]] = [ring[503] ?? [0, 0], ring[500] ?? [0, 0]];
    expect(problemOf(polygon(ring)).code).toBe('SELF_INTERSECTION');
  });

  test('GF3 a hatch of 40,000 long edges, all with overlapping boxes, is checked', () => {
    const teeth = 20_000;
    const there = Array.from({ length: teeth }, (_, i): LonLat[] => {
      const x = (i / teeth) * 40;
      return [
        [x, 40 - x],
        [x + 40, 80 - x],
      ];
    }).flat();
    const comb = there.map(([x, y], i): LonLat => (i % 4 < 2 ? [x, y] : (there[i ^ 1] ?? [x, y])));
    expect(
      shapeOf(polygon([...comb, [80, 40], [40, 0], [40, -1], [-1, -1], [-1, 40]])),
    ).toBeDefined();
  });
});

describe('corridors', () => {
  test('GF9 inside a corridor is what lies within half its width of the line, its ends rounded', () => {
    const shape = prepareShape(
      shapeOf(
        corridor(2_000, [
          [4, 52],
          [5, 52],
        ]),
      ),
    );
    const degreesPerMetre = 180 / (Math.PI * 6_371_008.8);
    const at = (lon: number, northM: number, eastM = 0) =>
      shape.contains(
        lon + (eastM * degreesPerMetre) / Math.cos((52 * Math.PI) / 180),
        52 + northM * degreesPerMetre,
      );
    expect([at(4.5, 999), at(4.5, -999), at(4.5, 1_001), at(4.5, -1_001)]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect([at(5, 0, 999), at(5, 0, 1_001), at(5, 700, 700), at(5, 720, 720)]).toEqual([
      true,
      false,
      true,
      false,
    ]);
  });

  test('GF6 a corridor over the antimeridian holds places on both sides and none at longitude 0', () => {
    const shape = prepareShape(
      shapeOf(
        corridor(1_000, [
          [179.9, 0],
          [-179.9, 0],
        ]),
      ),
    );
    expect([179.95, 180, -180, -179.95, 0].map((lon) => shape.contains(lon, 0))).toEqual([
      true,
      true,
      true,
      true,
      false,
    ]);
  });
});
