import { describe, expect, test } from 'vitest';
import { createFleet, UTRECHT } from './fleet.ts';
import { registerIdentity } from './identity.ts';

const START = Date.UTC(2026, 2, 1, 8);
const options = { count: 30, seed: 'test', startTimeMs: START };
const METRES_PER_DEGREE = 111_320;

/** Metres between two reports. */
function distanceM(
  a: { lonE6: number; latE6: number },
  b: { lonE6: number; latE6: number },
): number {
  const x =
    ((a.lonE6 - b.lonE6) / 1e6) * METRES_PER_DEGREE * Math.cos((UTRECHT.lat * Math.PI) / 180);
  const y = ((a.latE6 - b.latE6) / 1e6) * METRES_PER_DEGREE;
  return Math.hypot(x, y);
}

/** Reports of one tracker every `stepS` seconds. */
function pathOf(index: number, hours: number, stepS: number, fleet = createFleet(options)) {
  const steps = Math.floor((hours * 3_600) / stepS);
  return Array.from({ length: steps }, (_, i) => fleet.reportAt(index, START + i * stepS * 1_000));
}

describe('a fleet', () => {
  test('is the same for the same seed, whatever the order of the questions', () => {
    const forward = createFleet(options);
    const backward = createFleet(options);
    const times = [0, 10, 60, 3_600].map((s) => START + s * 1_000);
    const indexes = Array.from({ length: options.count }, (_, index) => index);
    const one = indexes.map((index) => times.map((time) => forward.reportAt(index, time)));
    const other = indexes
      .toReversed()
      .map((index) => times.map((time) => backward.reportAt(index, time)))
      .toReversed();
    expect(one).toEqual(other);
  });

  test('is another one for another seed', () => {
    const other = createFleet({ ...options, seed: 'other' });
    const places = (fleet: typeof other): number[] =>
      Array.from({ length: options.count }, (_, index) => fleet.reportAt(index, START).lonE6);
    expect(places(other)).not.toEqual(places(createFleet(options)));
  });

  test('has people who walk, cycle and drive', () => {
    const fleet = createFleet({ ...options, count: 200 });
    const gaits = Array.from({ length: 200 }, (_, index) => fleet.gaitOf(index));
    for (const gait of ['walk', 'bike', 'car'] as const) {
      expect(gaits.filter((g) => g === gait).length).toBeGreaterThan(20);
    }
  });

  test('refuses a count or an index it cannot have', () => {
    expect(() => createFleet({ ...options, count: 0 })).toThrow(RangeError);
    expect(() => createFleet(options).reportAt(30, START)).toThrow(RangeError);
  });
});

describe('movement', () => {
  test('from second to second nobody jumps further than they can move and a receiver can err', () => {
    for (let index = 0; index < options.count; index += 1) {
      const path = pathOf(index, 0.5, 1);
      for (const [i, report] of path.entries()) {
        const before = path[i - 1];
        if (before === undefined) continue;
        const speedMps = Math.max(report.speedKmh, before.speedKmh) / 3.6;
        if (distanceM(before, report) >= speedMps + 8)
          expect.fail(JSON.stringify([before, report]));
      }
    }
  });

  test('nobody leaves the area by more than an error of the receiver', () => {
    const middle = { lonE6: UTRECHT.lon * 1e6, latE6: UTRECHT.lat * 1e6 };
    const most = UTRECHT.radiusM * Math.SQRT2 + 60;
    for (let index = 0; index < options.count; index += 1) {
      for (const report of pathOf(index, 4, 30))
        expect(distanceM(middle, report)).toBeLessThan(most);
    }
  });

  test('speeds stay within what each gait can do', () => {
    const fleet = createFleet(options);
    const mostKmh = { walk: 9, bike: 27, car: 62 };
    for (let index = 0; index < options.count; index += 1) {
      const speeds = pathOf(index, 2, 10, fleet).map((report) => report.speedKmh);
      expect(Math.max(...speeds)).toBeLessThanOrEqual(mostKmh[fleet.gaitOf(index)]);
    }
  });

  test('everybody moves, and stands still for minutes in between', () => {
    for (let index = 0; index < options.count; index += 1) {
      const path = pathOf(index, 8, 10);
      const covered = (path.at(-1)?.odometerM ?? 0) - (path[0]?.odometerM ?? 0);
      expect(covered).toBeGreaterThan(1_000);
      let longestS = 0;
      let standingS = 0;
      for (const [i, report] of path.entries()) {
        standingS = report.odometerM === path[i - 1]?.odometerM ? standingS + 10 : 0;
        longestS = Math.max(longestS, standingS);
      }
      expect(longestS).toBeGreaterThanOrEqual(110);
    }
  });

  test('on the way the heading is the way', () => {
    const fleet = createFleet({ ...options, count: 200 });
    const car =
      Array.from({ length: 200 }, (_, i) => i).find((i) => fleet.gaitOf(i) === 'car') ?? 0;
    const path = pathOf(car, 2, 4, fleet);
    const offs = path.flatMap((report, i) => {
      const next = path[i + 1];
      if (next === undefined || report.headingDeg !== next.headingDeg) return [];
      if (distanceM(report, next) < 25) return [];
      const dx = (next.lonE6 - report.lonE6) * Math.cos((UTRECHT.lat * Math.PI) / 180);
      const way = (Math.atan2(dx, next.latE6 - report.latE6) * 180) / Math.PI;
      return [Math.abs(((report.headingDeg - way + 540) % 360) - 180)];
    });
    expect(offs.length).toBeGreaterThan(10);
    expect(Math.max(...offs)).toBeLessThan(40);
  });
});

describe('what a tracker tells of itself', () => {
  test('every value fits its field, so that it can be encoded', () => {
    for (let index = 0; index < options.count; index += 1) {
      for (const report of pathOf(index, 3, 60)) {
        const words = [report.speedKmh, report.cell.ci, report.batteryReading, report.hdopTenths];
        const isFit =
          report.fixTimeMs % 1_000 === 0 &&
          report.headingDeg >= 0 &&
          report.headingDeg < 360 &&
          report.gsmSignal >= 0 &&
          report.gsmSignal <= 31 &&
          report.satellitesInUse >= 4 &&
          words.every((value) => Number.isInteger(value) && value >= 0 && value < 65_536);
        if (!isFit) expect.fail(JSON.stringify(report));
      }
    }
  });

  test('batteries drain, warn once, and are charged where somebody stays', () => {
    const events = new Set<number>();
    let drained = 0;
    for (let index = 0; index < options.count; index += 1) {
      const path = pathOf(index, 30, 120);
      for (const [i, report] of path.entries()) {
        events.add(report.eventCode);
        if (report.batteryReading < (path[i - 1]?.batteryReading ?? 0)) drained += 1;
      }
    }
    expect(drained).toBeGreaterThan(0);
    expect(events).toContain(17);
    expect(events).toContain(22);
  });

  test('the button is pressed as rarely as asked', () => {
    const count = (sosPerTrackerHour: number): number => {
      const fleet = createFleet({ ...options, sosPerTrackerHour });
      const all = Array.from({ length: options.count }, (_, index) => pathOf(index, 10, 60, fleet));
      return all.flat().filter((report) => report.eventCode === 1).length;
    };
    expect(count(0)).toBe(0);
    expect(count(0.1)).toBeGreaterThan(10);
    expect(count(0.1)).toBeLessThan(60);
  });
});

describe('identities', () => {
  const isLuhn = (digits: string): boolean =>
    Array.from(digits)
      .toReversed()
      .map((digit, i) => (i % 2 === 1 ? Number(digit) * 2 : Number(digit)))
      .reduce((sum, value) => sum + (value > 9 ? value - 9 : value), 0) %
      10 ===
    0;

  test('are fifteen digits with a valid check digit, each once', () => {
    const identities = Array.from({ length: 2_000 }, (_, index) => registerIdentity('test', index));
    expect(new Set(identities).size).toBe(2_000);
    for (const identity of identities) {
      expect(identity).toMatch(/^\d{15}$/);
      expect(isLuhn(identity)).toBe(true);
    }
  });

  test('follow from the seed', () => {
    expect(createFleet(options).registerIdentity(7)).toBe(registerIdentity('test', 7));
    expect(registerIdentity('test', 7)).not.toBe(registerIdentity('other', 7));
  });
});
