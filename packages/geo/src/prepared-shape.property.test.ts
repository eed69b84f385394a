import {
  parseFenceId,
  parseTenantId,
  type Fence,
  type FenceShape,
  type LonLat,
} from '@followme/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFenceIndex } from './build-fence-index.ts';
import { LINEAR_UP_TO } from './grid-fence-index.ts';
import { FenceMatches } from './fence-matches.ts';
import { prepareShape } from './prepared-shape.ts';
import { haversineM } from './sphere.ts';

/**
 * The oracle: even-odd by a ray to the north over integer coordinates, so exact in doubles; written
 * differently from the code it judges on purpose.
 */
function isInRings(rings: readonly (readonly LonLat[])[], x: number, y: number): boolean {
  let above = 0;
  for (const ring of rings) {
    for (const [i, [ax, ay]] of ring.entries()) {
      const [bx, by] = ring[(i + 1) % ring.length] ?? [ax, ay];
      const turn = (bx - ax) * (y - ay) - (by - ay) * (x - ax);
      const inBox =
        x >= Math.min(ax, bx) &&
        x <= Math.max(ax, bx) &&
        y >= Math.min(ay, by) &&
        y <= Math.max(ay, by);
      if (turn === 0 && inBox) return true;
      if (ax <= x !== bx <= x && (bx > ax ? turn < 0 : turn > 0)) above += 1;
    }
  }
  return above % 2 === 1;
}

const gridPoint = (size: number): fc.Arbitrary<LonLat> =>
  fc.tuple(fc.integer({ min: 0, max: size }), fc.integer({ min: 0, max: size }));
const close = (ring: LonLat[]): LonLat[] => [...ring, ring[0] ?? [0, 0]];
const ringOf = (size: number, most: number): fc.Arbitrary<LonLat[]> =>
  fc.array(gridPoint(size), { minLength: 3, maxLength: most }).map(close);
const fence = (id: number, shape: FenceShape): Fence => {
  const [fenceId, tenantId] = [parseFenceId(id), parseTenantId(1)];
  if (!fenceId.ok || !tenantId.ok) throw new Error(`Got fence id ${id}`);
  return {
    fenceId: fenceId.value,
    tenantId: tenantId.value,
    name: `f${id}`,
    shape,
    groupIds: null,
    version: 1,
  };
};

describe('places and polygons', () => {
  test('GF5 even-odd over rings with edges inside, as the oracle says, few and many vertices', () => {
    const rings = fc.oneof(
      fc.array(ringOf(10, 6), { minLength: 1, maxLength: 3 }),
      fc.array(ringOf(60, 150), { minLength: 1, maxLength: 2 }),
    );
    fc.assert(
      fc.property(
        rings,
        fc.array(gridPoint(60), { minLength: 30, maxLength: 30 }),
        (rings, places) => {
          const shape = prepareShape({ kind: 'polygon', rings });
          // a hole outside the box of the outer ring is no fence; keep to what a checked one can be
          const [minX, maxX] = [0, 1].map((side) =>
            Math[side === 0 ? 'min' : 'max'](...(rings[0] ?? []).map(([x]) => x)),
          );
          const [minY, maxY] = [0, 1].map((side) =>
            Math[side === 0 ? 'min' : 'max'](...(rings[0] ?? []).map(([, y]) => y)),
          );
          for (const [x, y] of [...places, ...rings.flat()]) {
            if (x < (minX ?? 0) || x > (maxX ?? 0) || y < (minY ?? 0) || y > (maxY ?? 0)) continue;
            expect(shape.contains(x, y)).toBe(isInRings(rings, x, y));
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  test('GF5 of two fences with a common edge a place on it is in both, a place beside it in one', () => {
    const side = fc.double({ min: -90, max: 90, noNaN: true });
    const lat = fc.double({ min: -80, max: 80, noNaN: true });
    fc.assert(
      fc.property(
        side,
        lat,
        side,
        lat,
        fc.double({ min: 0, max: 1, noNaN: true }),
        (ax, ay, bx, by, t) => {
          fc.pre(Math.abs(ax - bx) > 1e-3 && Math.abs(ay - by) > 1e-3);
          const ring = (corner: LonLat): LonLat[] => [[ax, ay], corner, [bx, by], [ax, ay]];
          const one = prepareShape({ kind: 'polygon', rings: [ring([ax, by])] });
          const two = prepareShape({ kind: 'polygon', rings: [ring([bx, ay])] });
          const [x, y] = [ax + t * (bx - ax), ay + t * (by - ay)];
          fc.pre(
            x >= Math.min(ax, bx) &&
              x <= Math.max(ax, bx) &&
              y >= Math.min(ay, by) &&
              y <= Math.max(ay, by),
          );
          expect(one.contains(x, y) || two.contains(x, y)).toBe(true);
          expect(one.contains(ax, ay) && two.contains(ax, ay)).toBe(true);
        },
      ),
      { numRuns: 3_000 },
    );
  });

  test('GF6 a polygon moved over the antimeridian holds the same places', () => {
    fc.assert(
      fc.property(
        ringOf(10, 6),
        fc.array(gridPoint(10), { minLength: 20, maxLength: 20 }),
        (ring, places) => {
          const moved = ring.map(([x, y]): LonLat => [x + 175 > 180 ? x - 185 : x + 175, y]);
          const shape = prepareShape({ kind: 'polygon', rings: [moved] });
          for (const [x, y] of places) {
            const lon = x + 175 > 180 ? x - 185 : x + 175;
            expect(shape.contains(lon, y)).toBe(isInRings([ring], x, y));
            expect(shape.contains(x, y)).toBe(false);
          }
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('places and circles', () => {
  test('GF7 inside a circle is what is not further than its radius, also over pole and antimeridian', () => {
    const place = fc.tuple(
      fc.double({ min: -180, max: 180, noNaN: true }),
      fc.double({ min: -90, max: 90, noNaN: true }),
    );
    const radius = fc.double({ min: 0.5, max: 1_000_000, noNaN: true });
    fc.assert(
      fc.property(place, place, radius, ([lon, lat], [askedLon, askedLat], radiusM) => {
        const shape = prepareShape({ kind: 'circle', centre: [lon, lat], radiusM });
        const distanceM = haversineM({ lon, lat }, { lon: askedLon, lat: askedLat });
        if (Math.abs(distanceM - radiusM) < 1e-3) return;
        expect(shape.contains(askedLon, askedLat)).toBe(distanceM < radiusM);
      }),
      { numRuns: 2_000 },
    );
  });
});

describe('the index', () => {
  const centre = fc.tuple(
    fc.double({ min: -180, max: 180, noNaN: true }),
    fc.double({ min: -89, max: 89, noNaN: true }),
  );
  const shape: fc.Arbitrary<FenceShape> = fc.oneof(
    fc.record({
      kind: fc.constant('circle' as const),
      centre,
      radiusM: fc.double({ min: 1, max: 900_000, noNaN: true }),
    }),
    centre.chain(([lon, lat]) =>
      fc
        .array(
          fc.tuple(
            fc.double({ min: -8, max: 8, noNaN: true }),
            fc.double({ min: -1, max: 1, noNaN: true }),
          ),
          {
            minLength: 3,
            maxLength: 8,
          },
        )
        .map((offsets) => {
          const ring = offsets.map(([dx, dy]): LonLat => {
            const x = lon + dx;
            return [x > 180 ? x - 360 : x < -180 ? x + 360 : x, lat + dy];
          });
          return { kind: 'polygon' as const, rings: [close(ring)] };
        }),
    ),
    fc.record({
      kind: fc.constant('corridor' as const),
      line: fc.array(centre, { minLength: 2, maxLength: 4 }),
      widthM: fc.double({ min: 1, max: 200_000, noNaN: true }),
    }),
  );

  test('GF8 the index finds the fences that hold a place when asked one by one, ids ascending', () => {
    const many = fc.array(shape, { minLength: 0, maxLength: LINEAR_UP_TO * 2 });
    fc.assert(
      fc.property(many, fc.array(centre, { minLength: 20, maxLength: 20 }), (shapes, places) => {
        const fences = shapes.map((shape, i) => fence(i + 1, shape));
        const index = createFenceIndex(fences.toReversed());
        const found = new FenceMatches();
        const vertices = shapes.flatMap((s) =>
          s.kind === 'polygon' ? s.rings.flat().slice(0, 2) : [],
        );
        for (const [lon, lat] of [...places, ...vertices]) {
          const expected = fences.filter((f) => prepareShape(f.shape).contains(lon, lat));
          expect(index.query(lon, lat, found)).toBe(expected.length);
          expect(found.toArray()).toEqual(expected.map((f) => f.fenceId));
        }
      }),
      { numRuns: 200 },
    );
  });

  test('GF8 among fences of every size in one area, on cell borders, vertices and edges of circles', () => {
    const around = fc.tuple(
      fc.double({ min: -3, max: 3, noNaN: true }),
      fc.double({ min: -3, max: 3, noNaN: true }),
    );
    // as many small as large ones: from a house to a country
    const sizeDeg = fc.double({ min: -4, max: 0.5, noNaN: true }).map((power) => 10 ** power);
    const round = fc.array(fc.double({ min: 0.5, max: 1, noNaN: true }), {
      minLength: 3,
      maxLength: 90,
    });
    const blob = fc
      .tuple(around, sizeDeg, round, fc.boolean())
      .map(([[lon, lat], size, radii, holed]) => {
        const ringOf = (scale: number): LonLat[] =>
          close(
            radii.map((radius, i): LonLat => {
              const angle = (2 * Math.PI * i) / radii.length;
              const reach = radius * size * scale;
              return [lon + reach * Math.cos(angle), lat + reach * Math.sin(angle)];
            }),
          );
        return { kind: 'polygon' as const, rings: holed ? [ringOf(1), ringOf(0.5)] : [ringOf(1)] };
      });
    const circle = fc.record({
      kind: fc.constant('circle' as const),
      centre: around,
      radiusM: sizeDeg.map((size) => size * 100_000),
    });
    const border = fc.integer({ min: -300, max: 300 }).map((n) => n / 100);
    const place = fc.oneof(around, fc.tuple(border, border), fc.tuple(border, fc.constant(0.123)));
    // over the antimeridian, where the cells of a shape lie at both ends of the map
    const shift = fc.constantFrom(0, 180);
    const wrap = (lon: number): number => (lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon);
    const moved = (shape: FenceShape, by: number): FenceShape => {
      const move = ([lon, lat]: LonLat): LonLat => [wrap(lon + by), lat];
      if (shape.kind === 'circle') return { ...shape, centre: move(shape.centre) };
      if (shape.kind !== 'polygon') return shape;
      return { ...shape, rings: shape.rings.map((ring) => ring.map(move)) };
    };
    const many = fc.array(fc.oneof(blob, circle), {
      minLength: LINEAR_UP_TO + 1,
      maxLength: LINEAR_UP_TO + 30,
    });
    fc.assert(
      fc.property(
        many,
        fc.array(place, { minLength: 60, maxLength: 60 }),
        shift,
        (all, places, by) => {
          const fences = all.map((one, i) => fence(i + 1, moved(one, by)));
          const prepared = fences.map((f) => prepareShape(f.shape));
          const index = createFenceIndex(fences);
          const found = new FenceMatches();
          const vertices = fences.flatMap(({ shape }) =>
            shape.kind === 'polygon' ? shape.rings.flat().slice(0, 2) : [],
          );
          const asked = [...places.map(([lon, lat]): LonLat => [wrap(lon + by), lat]), ...vertices];
          for (const [lon, lat] of asked) {
            const expected = fences.filter((_, i) => prepared[i]?.contains(lon, lat));
            index.query(lon, lat, found);
            expect(found.toArray()).toEqual(expected.map((f) => f.fenceId));
          }
        },
      ),
      { numRuns: 150 },
    );
  });

  test('GF8 replacing and removing fences gives the index of the fences that are left', () => {
    const edits = fc.array(fc.tuple(fc.integer({ min: 1, max: 70 }), fc.option(shape)), {
      maxLength: 150,
    });
    fc.assert(
      fc.property(edits, fc.array(centre, { minLength: 10, maxLength: 10 }), (edits, places) => {
        const index = createFenceIndex([]);
        const left = new Map<number, Fence>();
        for (const [id, shape] of edits) {
          if (shape === null) {
            expect(index.remove(fence(id, { kind: 'polygon', rings: [] }).fenceId)).toBe(
              left.delete(id),
            );
          } else {
            left.set(id, fence(id, shape));
            index.replace(fence(id, shape));
          }
        }
        const fresh = createFenceIndex(left.values());
        const [a, b] = [new FenceMatches(), new FenceMatches()];
        for (const [lon, lat] of places) {
          index.query(lon, lat, a);
          fresh.query(lon, lat, b);
          expect(a.toArray()).toEqual(b.toArray());
        }
        expect(index.size).toBe(left.size);
      }),
      { numRuns: 100 },
    );
  });
});
