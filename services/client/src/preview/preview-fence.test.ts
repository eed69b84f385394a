import { trustedId, type FenceShape, type TenantId, type TrackerId } from '@followme/model';
import type { FixesNearQuery, FixNear } from '@followme/store';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { boxOfShape } from './box-of-shape.ts';
import { previewFence, type PreviewBudget } from './preview-fence.ts';
import { slicesOf } from './slices.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOON = Date.UTC(2026, 4, 20, 12);
const FROM = NOON - 7 * DAY;
const tenantId = trustedId<TenantId>(1);
const idOf = (n: number): TrackerId => trustedId<TrackerId>(n);
const square: FenceShape = {
  kind: 'polygon',
  rings: [
    [
      [5, 52],
      [5.01, 52],
      [5.01, 52.01],
      [5, 52.01],
      [5, 52],
    ],
  ],
};
const IN = 5.005;
const OUT = 5.5;

/** Time and longitude of a fix at 52.005° north. */
type Fix = readonly [fixTimeMs: number, lon: number];

/** Reads tracks as the store does, but leaves nothing out. */
function readerOf(tracks: ReadonlyMap<TrackerId, readonly Fix[]>, asked: FixesNearQuery[] = []) {
  return async (query: FixesNearQuery): Promise<readonly FixNear[]> => {
    asked.push(query);
    return query.trackerIds.flatMap((trackerId) =>
      (tracks.get(trackerId) ?? [])
        .filter(([at]) => at >= query.fromMs && at < query.toMs)
        .map(([fixTimeMs, lon], i) => ({ trackerId, fixTimeMs, lon, lat: 52.005, seen: i + 1 })),
    );
  };
}

const NO_LIMIT: PreviewBudget = { positions: Infinity, ms: Infinity };

function preview(
  tracks: ReadonlyMap<TrackerId, readonly Fix[]>,
  options: {
    readonly budget?: PreviewBudget;
    readonly stepMs?: number;
    readonly isGone?: () => boolean;
    readonly asked?: FixesNearQuery[];
  } = {},
) {
  let now = 0;
  const clock = { monotonicMs: () => (now += options.stepMs ?? 0) };
  return previewFence(
    { clock, read: readerOf(tracks, options.asked), budget: options.budget ?? NO_LIMIT },
    {
      tenantId,
      shape: square,
      trackerIds: [...tracks.keys()],
      fromMs: FROM,
      toMs: NOON,
      isGone: options.isGone ?? (() => false),
    },
  );
}
const one = (...fixes: Fix[]) => new Map([[idOf(1), fixes]]);

describe('what a fence would have seen', () => {
  test('GF32 a tracker that comes and goes twice has entered and left twice', async () => {
    const track = one(
      [NOON - 50 * HOUR, OUT],
      [NOON - 49 * HOUR, IN],
      [NOON - 48 * HOUR, OUT],
      [NOON - 3 * HOUR, IN],
      [NOON - 2 * HOUR, IN],
      [NOON - 1, OUT],
    );
    expect(await preview(track)).toEqual({
      fromMs: FROM,
      toMs: NOON,
      isWhole: true,
      entries: 2,
      exits: 2,
      trackers: 1,
      visitors: 1,
      positions: 6,
    });
  });

  test('GF32 the first fix of a tracker is not an entry, and who was inside all along is a visitor', async () => {
    const track = one([NOON - 9 * HOUR, IN], [NOON - HOUR, IN]);
    expect(await preview(track)).toMatchObject({ entries: 0, exits: 0, trackers: 0, visitors: 1 });
    const left = one([NOON - 9 * HOUR, IN], [NOON - HOUR, OUT]);
    expect(await preview(left)).toMatchObject({ entries: 0, exits: 1, trackers: 0, visitors: 1 });
  });

  test('GF32 a night inside is no entry, a way in over midnight is one', async () => {
    const night = Date.UTC(2026, 4, 19);
    const track = one(
      [night - 2 * HOUR, OUT],
      [night - HOUR, IN],
      [night + HOUR, IN],
      [night + 2 * HOUR, OUT],
      [night + DAY - 1, OUT],
      [night + DAY, IN],
    );
    expect(await preview(track)).toMatchObject({ entries: 2, exits: 1, trackers: 1 });
  });

  test('a week of nobody is whole and empty', async () => {
    const nobody = { entries: 0, exits: 0, trackers: 0, visitors: 0, positions: 0 };
    expect(await preview(new Map())).toMatchObject({ isWhole: true, ...nobody });
    expect(await preview(one())).toMatchObject({ isWhole: true, ...nobody });
  });

  test('GF32 the counts are those of one walk over the track, wherever the slices are cut', async () => {
    const track = fc.uniqueArray(
      fc.tuple(fc.integer({ min: FROM, max: NOON - 1 }), fc.constantFrom(IN, OUT)),
      { selector: ([at]) => at, maxLength: 60 },
    );
    await fc.assert(
      fc.asyncProperty(track, track, async (a, b) => {
        const sorted = [a, b].map((fixes) => [...fixes].sort(([x], [y]) => x - y));
        const walked = { entries: 0, exits: 0, trackers: 0 };
        for (const fixes of sorted) {
          const steps = fixes.slice(1).map(([, lon], i) => `${fixes[i]?.[1]} ${lon}`);
          const entries = steps.filter((step) => step === `${OUT} ${IN}`).length;
          walked.entries += entries;
          walked.exits += steps.filter((step) => step === `${IN} ${OUT}`).length;
          walked.trackers += entries > 0 ? 1 : 0;
        }
        const tracks = new Map(sorted.map((fixes, i) => [idOf(i + 1), fixes]));
        const positions = a.length + b.length;
        expect(await preview(tracks)).toMatchObject({ ...walked, positions, isWhole: true });
      }),
    );
  });
});

describe('a budget', () => {
  const daily = one(
    ...Array.from({ length: 14 }, (_, n): Fix => [FROM + n * (DAY / 2), n % 2 === 0 ? OUT : IN]),
  );

  test('GF32 of positions ends it where whole slices were looked through', async () => {
    const seen = await preview(daily, { budget: { positions: 3, ms: Infinity } });
    // midnight and noon of the 19th, midnight of the 20th
    expect(seen).toMatchObject({ isWhole: false, fromMs: NOON - 1.5 * DAY, positions: 3 });
    expect(seen).toMatchObject({ entries: 1, exits: 1 });
  });

  test('GF32 of time ends it too, and nothing in time is nothing told', async () => {
    const late = await preview(daily, { budget: { positions: Infinity, ms: 3 }, stepMs: 1 });
    expect(late).toMatchObject({ isWhole: false, fromMs: NOON - 6 * HOUR });
    const never = await preview(daily, { budget: { positions: Infinity, ms: 0 } });
    expect(never).toMatchObject({ isWhole: false, fromMs: NOON, positions: 0, entries: 0 });
  });

  test('whoever has gone costs nothing more', async () => {
    const asked: FixesNearQuery[] = [];
    await preview(daily, { isGone: () => asked.length >= 2, asked });
    expect(asked).toHaveLength(2);
  });

  test('portions begin with one tracker, grow, and shrink again where there is much', async () => {
    const many = new Map(Array.from({ length: 400 }, (_, n) => [idOf(n + 1), [] as Fix[]]));
    const asked: FixesNearQuery[] = [];
    await preview(many, { asked });
    expect(asked.slice(0, 5).map(({ trackerIds }) => trackerIds.length)).toEqual([
      1, 4, 16, 64, 64,
    ]);
    const dense = [...Array(50_000).keys()].map((n): Fix => [NOON - 50_000 + n, OUT]);
    const busy = new Map(Array.from({ length: 3 }, (_, n) => [idOf(n + 1), dense]));
    const askedOfBusy: FixesNearQuery[] = [];
    await preview(busy, { asked: askedOfBusy });
    expect(askedOfBusy.slice(0, 3).map(({ trackerIds }) => trackerIds.length)).toEqual([1, 1, 1]);
  });
});

describe('slices', () => {
  test('join from the end to the beginning and do not pass midnight', () => {
    const period = fc.tuple(fc.integer({ min: 0, max: 40 * DAY }), fc.integer({ min: 1, max: 33 }));
    fc.assert(
      fc.property(period, ([start, days]) => {
        const whole = { fromMs: start, toMs: start + days * DAY };
        const slices = slicesOf(whole);
        expect(slices[0]?.toMs).toBe(whole.toMs);
        expect(slices.at(-1)?.fromMs).toBe(whole.fromMs);
        for (const [i, { fromMs, toMs }] of slices.entries()) {
          expect(toMs).toBeGreaterThan(fromMs);
          expect(Math.floor(fromMs / DAY)).toBe(Math.floor((toMs - 1) / DAY));
          if (i > 0) expect(toMs).toBe(slices[i - 1]?.fromMs);
        }
      }),
    );
  });
});

describe('the box of a shape', () => {
  test('is around all of it, and around the earth where it passes the antimeridian', () => {
    const box = boxOfShape(square);
    expect(box.minLon).toBeCloseTo(5, 5);
    expect(box.maxLat).toBeCloseTo(52.01, 5);
    expect(box.minLon).toBeLessThan(5);
    const circle: FenceShape = { kind: 'circle', centre: [179.999, 0], radiusM: 500 };
    expect(boxOfShape(circle)).toMatchObject({ minLon: -180, maxLon: 180 });
    expect(boxOfShape(circle).maxLat).toBeCloseTo(0.0045, 3);
  });
});
