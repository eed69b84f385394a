import type { LonLat } from '@followme/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkFenceShape } from './check-shape.ts';
import { parseGeoJsonFence, toGeoJsonFence } from './parse-fence.ts';

type Point = readonly [number, number];

/** Twice the signed area of a triangle of integer points: exact in doubles. */
function cross(a: Point, b: Point, c: Point): number {
  return (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0]);
}
function onSegment(a: Point, b: Point, p: Point): boolean {
  return (
    cross(a, b, p) === 0 &&
    p[0] >= Math.min(a[0], b[0]) &&
    p[0] <= Math.max(a[0], b[0]) &&
    p[1] >= Math.min(a[1], b[1]) &&
    p[1] <= Math.max(a[1], b[1])
  );
}
function shareAPoint(a: Point, b: Point, c: Point, d: Point): boolean {
  const [s1, s2] = [Math.sign(cross(a, b, c)), Math.sign(cross(a, b, d))];
  const [s3, s4] = [Math.sign(cross(c, d, a)), Math.sign(cross(c, d, b))];
  if (s1 * s2 < 0 && s3 * s4 < 0) return true;
  return onSegment(a, b, c) || onSegment(a, b, d) || onSegment(c, d, a) || onSegment(c, d, b);
}

function withoutRepeats(ring: readonly Point[]): readonly Point[] {
  const same = (a: Point | undefined, b: Point | undefined) =>
    a?.[0] === b?.[0] && a?.[1] === b?.[1];
  const kept = ring.filter((p, i) => i === 0 || !same(p, ring[i - 1]));
  while (kept.length > 1 && same(kept[0], kept.at(-1))) kept.pop();
  return kept;
}

/** Looks at all pairs of edges: no two share a point but neighbours their vertex. */
function isSimple(input: readonly Point[]): boolean {
  const ring = withoutRepeats(input);
  const n = ring.length;
  if (n < 3) return false;
  const at = (i: number): Point => ring[i % n] ?? [0, 0];
  for (let i = 0; i < n; i += 1) {
    if (onSegment(at(i), at(i + 1), at(i + 2)) || onSegment(at(i + 1), at(i + 2), at(i)))
      return false;
    for (let j = i + 2; j < n; j += 1) {
      if (i === 0 && j === n - 1) continue;
      if (shareAPoint(at(i), at(i + 1), at(j), at(j + 1))) return false;
    }
  }
  return true;
}

const gridPoint = (size: number) =>
  fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size }));
const gridRing = fc
  .integer({ min: 2, max: 12 })
  .chain((size) => fc.array(gridPoint(size), { minLength: 3, maxLength: 9 }));

describe('checking rings', () => {
  test('GF3 a ring is accepted exactly when no two of its edges meet but in a shared vertex', () => {
    fc.assert(
      fc.property(gridRing, (ring) => {
        const checked = checkFenceShape({ kind: 'polygon', rings: [ring] });
        expect(checked.ok).toBe(isSimple(ring));
      }),
      { numRuns: 5_000 },
    );
  });

  test('GF3 the same on rings that are mostly simple: points sorted around a centre', () => {
    const around = fc
      .array(gridPoint(200), { minLength: 4, maxLength: 40 })
      .map((points) =>
        points.toSorted(
          (a, b) => Math.atan2(a[1] - 100, a[0] - 100) - Math.atan2(b[1] - 100, b[0] - 100),
        ),
      );
    const scaled = around.map((ring) =>
      ring.map(([x, y]): Point => [(x - 100) * 0.875, (y - 100) / 2]),
    );
    fc.assert(
      fc.property(scaled, (ring) => {
        expect(checkFenceShape({ kind: 'polygon', rings: [ring] }).ok).toBe(isSimple(ring));
      }),
      { numRuns: 2_000 },
    );
  });

  test('GF4 an accepted hole has every place of it inside the outer ring', () => {
    const outerRing: LonLat[] = [
      [0, 0],
      [12, 0],
      [12, 12],
      [6, 4],
      [0, 12],
    ];
    const inOuter = (x: number, y: number): boolean => {
      // the notch above (0,12)–(6,4)–(12,12) is outside
      const leftOfNotch = cross([6, 4], [0, 12], [x, y]) >= 0;
      const rightOfNotch = cross([12, 12], [6, 4], [x, y]) >= 0;
      return x >= 0 && x <= 12 && y >= 0 && (leftOfNotch || rightOfNotch) && y <= 12;
    };
    const hole = fc.array(gridPoint(12), { minLength: 3, maxLength: 6 });
    fc.assert(
      fc.property(hole, (ring) => {
        fc.pre(isSimple(ring));
        const checked = checkFenceShape({ kind: 'polygon', rings: [outerRing, ring] });
        const closed = [...ring, ring[0] ?? ([0, 0] as const)];
        const samples = closed.slice(1).flatMap((to, i) => {
          const from = closed[i] ?? to;
          return Array.from({ length: 41 }, (_, k) => [
            from[0] + ((to[0] - from[0]) * k) / 40,
            from[1] + ((to[1] - from[1]) * k) / 40,
          ]);
        });
        const isWithin = samples.every(([x = 0, y = 0]) => inOuter(x, y));
        if (checked.ok) expect(isWithin).toBe(true);
        else if (checked.error.code === 'HOLE_MISPLACED') expect(isWithin).toBe(false);
      }),
      { numRuns: 5_000 },
    );
  });

  test('GF1 what was accepted is accepted again and stays as it is', () => {
    fc.assert(
      fc.property(gridRing, (ring) => {
        const once = checkFenceShape({ kind: 'polygon', rings: [ring] });
        fc.pre(once.ok);
        const again = parseGeoJsonFence(toGeoJsonFence(once.value));
        expect(again).toEqual(once);
      }),
    );
  });

  test('GF2 no input makes the parser throw', () => {
    const geometry = fc.record({
      type: fc.constantFrom('Polygon', 'MultiPolygon', 'Point', 'LineString', 'Feature', 'X'),
      coordinates: fc.anything({ maxDepth: 5 }),
      geometry: fc.anything(),
      properties: fc.oneof(fc.anything(), fc.record({ radiusM: fc.double(), widthM: fc.double() })),
    });
    fc.assert(
      fc.property(fc.oneof(fc.anything(), geometry), (input) => {
        const parsed = parseGeoJsonFence(input);
        if (!parsed.ok) expect(parsed.error.message.length).toBeGreaterThan(0);
      }),
      { numRuns: 2_000 },
    );
  });
});
