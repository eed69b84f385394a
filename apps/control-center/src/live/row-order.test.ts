import { describe, expect, test } from 'vitest';
import { fixOf } from '../testing.ts';
import { type AlertMark, indexAlertMarks } from './alert-mark.ts';
import { applyFix, type JudgedTracker } from './live-tracker.ts';
import { RowList } from './row-list.ts';
import { BY_NAME, compareRows, repairOrder, type RowSort } from './row-order.ts';
import { PASS_ALL } from './tracker-filter.ts';

const compareNames = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

function tracker(trackerId: number, name: string, speedKmh = 0): JudgedTracker {
  return applyFix(undefined, fixOf({ trackerId, name, speedKmh }), 0);
}

describe('repairing an order', () => {
  test('is the same as sorting everything anew', () => {
    let seed = 7;
    const dice = (below: number): number => {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      return seed % below;
    };
    const compare = compareRows(BY_NAME, { alertOf: () => undefined, compareNames });
    const all = new Map<number, JudgedTracker>();
    const find = (id: number): JudgedTracker | undefined => all.get(id);
    let order: number[] = [];
    for (let round = 0; round < 200; round += 1) {
      const changed = new Set<number>();
      for (let i = dice(6); i >= 0; i -= 1) {
        const id = 1 + dice(40);
        changed.add(id);
        if (dice(4) === 0) all.delete(id);
        else all.set(id, tracker(id, `Van ${dice(20)}`));
      }
      order = repairOrder(order, changed, { find, compare });
      expect(order).toEqual([...all.values()].toSorted(compare).map((t) => t.trackerId));
    }
  });
});

describe('rows', () => {
  function setUp(sort: RowSort = BY_NAME) {
    const trackers = new Map([
      [1, tracker(1, 'Van 10', 20)],
      [2, tracker(2, 'Van 2', 90)],
      [3, tracker(3, 'Bike')],
    ]);
    const rows = new RowList(trackers);
    rows.setLocale('en');
    rows.setRows(PASS_ALL, sort);
    const all = new Set(trackers.keys());
    return { trackers, rows, first: rows.update({ changed: all, renamed: all }) };
  }
  const NOTHING = { changed: new Set<number>(), renamed: new Set<number>() };

  test('are in the order of names, numbers as numbers', () => {
    expect([...(setUp().first ?? [])]).toEqual([3, 2, 1]);
  });

  test('with an alert come first, the loudest before the others, and go back when it ends', () => {
    const { rows } = setUp();
    const marks: AlertMark[] = [
      { trackerId: 2, severity: 'medium', word: 'Silent' },
      { trackerId: 1, severity: 'medium', word: 'Silent' },
      { trackerId: 1, severity: 'critical', word: 'SOS' },
    ];
    rows.changeAlerts({ marks: [...indexAlertMarks(marks).values()], cleared: [] });
    expect([...(rows.update(NOTHING) ?? [])]).toEqual([1, 2, 3]);
    expect(rows.count()).toMatchObject({ alert: 2, idle: 1, moving: 0 });
    rows.changeAlerts({ marks: [], cleared: [1, 2] });
    expect([...(rows.update(NOTHING) ?? [])]).toEqual([3, 2, 1]);
  });

  test('that are what they were are not sent again', () => {
    const { rows, trackers } = setUp();
    trackers.set(1, tracker(1, 'Van 10', 30));
    expect(rows.update({ changed: new Set([1]), renamed: new Set() })).toBeNull();
  });

  test('by speed: the unknown and those who stand come last, whichever way', () => {
    const down = setUp({ column: 'speed', isDescending: true });
    expect([...(down.first ?? [])]).toEqual([2, 1, 3]);
    down.trackers.set(1, tracker(1, 'Van 10', 120));
    expect([...(down.rows.update({ changed: new Set([1]), renamed: new Set() }) ?? [])]).toEqual([
      1, 2, 3,
    ]);
    expect([...(setUp({ column: 'speed', isDescending: false }).first ?? [])]).toEqual([1, 2, 3]);
  });
});
