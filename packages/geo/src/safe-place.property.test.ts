import { trustedId, type Fence, type FenceShape, type LonLat } from '@followme/model';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFenceIndex } from './build-fence-index.ts';
import type { FenceIndex } from './fence-index.ts';
import { LINEAR_UP_TO } from './grid-fence-index.ts';
import { FenceMatches } from './fence-matches.ts';
import { SafePlace } from './safe-place.ts';

const fence = (id: number, shape: FenceShape): Fence => ({
  tenantId: trustedId(1),
  fenceId: trustedId(id),
  name: `f${id}`,
  shape,
  groupIds: null,
  version: 1,
});

function matchesAt(index: FenceIndex, [lon, lat]: LonLat): number[] {
  const found = new FenceMatches();
  index.query(lon, lat, found);
  return found.toArray();
}

const METRES_PER_DEG = 111_195;
/** The place so many metres away, in a direction. */
function away([lon, lat]: LonLat, metres: number, angle: number): LonLat {
  const step = metres / METRES_PER_DEG;
  const x = lon + (step * Math.cos(angle)) / Math.cos((lat * Math.PI) / 180);
  return [x > 180 ? x - 360 : x < -180 ? x + 360 : x, lat + step * Math.sin(angle)];
}

const spot = fc.tuple(
  fc.double({ min: -0.05, max: 0.05, noNaN: true }),
  fc.double({ min: -0.05, max: 0.05, noNaN: true }),
);
const shape = (origin: LonLat): fc.Arbitrary<FenceShape> => {
  const place = spot.map(([x, y]): LonLat =>
    away([origin[0], origin[1] + y], x * METRES_PER_DEG, 0),
  );
  return fc.oneof(
    fc.record({
      kind: fc.constant('circle' as const),
      centre: place,
      radiusM: fc.double({ min: 20, max: 3_000, noNaN: true }),
    }),
    fc.record({
      kind: fc.constant('corridor' as const),
      line: fc.array(place, { minLength: 2, maxLength: 6 }),
      widthM: fc.double({ min: 10, max: 500, noNaN: true }),
    }),
    fc.array(place, { minLength: 3, maxLength: 8 }).map((ring): FenceShape => {
      const [first = [0, 0]] = ring;
      return { kind: 'polygon', rings: [[...ring, first]] };
    }),
  );
};
const scene = fc
  .tuple(fc.constantFrom(6, -70, 179.99), fc.constantFrom(0, 52, -75))
  .chain(([lon, lat]) =>
    fc.record({
      origin: fc.constant<LonLat>([lon, lat]),
      shapes: fc.oneof(
        fc.array(shape([lon, lat]), { minLength: 1, maxLength: 6 }),
        fc.array(shape([lon, lat]), { minLength: LINEAR_UP_TO + 1, maxLength: LINEAR_UP_TO + 20 }),
      ),
      place: spot,
      steps: fc.array(
        fc.tuple(
          fc.double({ min: 0, max: 1, noNaN: true }),
          fc.double({ min: 0, max: 6.28, noNaN: true }),
        ),
        { minLength: 10, maxLength: 10 },
      ),
    }),
  );

describe('the circle around a place', () => {
  test('holds no edge: within it the fences are the same, few fences and many', () => {
    let wide = 0;
    fc.assert(
      fc.property(scene, ({ origin, shapes, place: [x, y], steps }) => {
        const index = createFenceIndex(shapes.map((one, i) => fence(i + 1, one)));
        const place = away([origin[0], origin[1] + y], x * METRES_PER_DEG, 0);
        const radiusM = index.safeRadiusM(...place);
        const here = matchesAt(index, place);
        if (radiusM > 20) wide += 1;
        for (const [share, angle] of steps) {
          expect(matchesAt(index, away(place, share * radiusM * 0.99, angle))).toEqual(here);
        }
      }),
      { numRuns: 400 },
    );
    // the property is empty where there is no circle
    expect(wide).toBeGreaterThan(30);
  });
});

describe('a tracker that stays', () => {
  const square = (half: number): FenceShape => ({
    kind: 'polygon',
    rings: [
      [
        [-half, -half],
        [half, -half],
        [half, half],
        [-half, half],
        [-half, -half],
      ],
    ],
  });
  const parked: LonLat = [0.001, 0.001];

  test('is not asked about again, until it leaves the circle', () => {
    const index = createFenceIndex([fence(1, square(0.002))]);
    const safe = new SafePlace();
    expect(safe.covers(index, ...parked)).toBe(false);
    safe.note(index, ...parked);
    // the step to the first place is not known
    expect(safe.covers(index, ...parked)).toBe(false);
    safe.note(index, ...parked);
    expect(safe.covers(index, ...away(parked, 50, 1))).toBe(true);
    expect(safe.covers(index, ...away(parked, 105, 0))).toBe(true);
    expect(safe.covers(index, ...away(parked, 112, 0))).toBe(false);
  });

  test('is asked about again when the fences changed, or are others', () => {
    const index = createFenceIndex([fence(1, square(0.002))]);
    const safe = new SafePlace();
    safe.note(index, ...parked);
    safe.note(index, ...parked);
    expect(safe.covers(index, ...parked)).toBe(true);
    expect(safe.covers(createFenceIndex([fence(1, square(0.002))]), ...parked)).toBe(false);
    index.replace(fence(2, square(0.001)));
    expect(safe.covers(index, ...parked)).toBe(false);
    safe.note(index, ...parked);
    index.remove(trustedId(2));
    expect(safe.covers(index, ...parked)).toBe(false);
  });

  test('has no circle after a long step', () => {
    const index = createFenceIndex([fence(1, square(0.002))]);
    const safe = new SafePlace();
    safe.note(index, ...away(parked, 80, 2));
    safe.note(index, ...parked);
    expect(safe.covers(index, ...parked)).toBe(false);
  });
});
