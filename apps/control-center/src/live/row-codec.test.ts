import { expect, test } from 'vitest';
import { fixOf } from '../testing.ts';
import { applyFix, unheardTracker } from './live-tracker.ts';
import { readRow, ROW_LENGTH, writeRow } from './row-codec.ts';
import { TrackerColumns } from './tracker-columns.ts';

const KNOWN = { trackerId: 7, name: 'Patrol 14', groupIds: [1, 2] };

test.each([
  ['everything is unknown', fixOf({ ...KNOWN, speedKmh: null, valid: false })],
  [
    'everything is known',
    fixOf({
      ...KNOWN,
      altitudeM: -3.5,
      fixMs: 1_700_000_000_123,
      speedKmh: 48.25,
      headingDeg: 0,
      batteryPct: 0,
      charging: false,
      satellitesInUse: 11,
      satellitesInView: 14,
      accuracyM: 6,
    }),
  ],
  ['it is charging and moves', fixOf({ ...KNOWN, charging: true, speedKmh: 30 })],
])('a tracker comes out of its row as it went in: %s', (_, fix) => {
  const { trackerId, name, groupIds, stillSinceMs, state } = applyFix(undefined, fix, fix.fixMs);
  const rows = new Float64Array(2 * ROW_LENGTH);
  writeRow(rows, ROW_LENGTH, { trackerId, name, groupIds, fix, stillSinceMs, state });
  expect(readRow(rows, ROW_LENGTH, KNOWN)).toEqual({ ...KNOWN, fix, stillSinceMs, state });
});

test('a tracker that never reported has no fix, even where another was before', () => {
  const columns = new TrackerColumns();
  const rows = new Float64Array(ROW_LENGTH);
  writeRow(rows, 0, applyFix(undefined, fixOf(KNOWN), 0));
  columns.name(KNOWN);
  columns.apply(rows);
  expect(columns.get(7)?.fix?.lat).toBe(52.09);
  columns.remove(7);
  expect(columns.get(7)).toBeUndefined();
  const other = { trackerId: 8, name: 'New', groupIds: [] };
  writeRow(rows, 0, unheardTracker(other));
  columns.name(other);
  columns.apply(rows);
  expect(columns.get(8)).toEqual({
    trackerId: 8,
    name: 'New',
    groupIds: [],
    fix: null,
    stillSinceMs: null,
    state: 'silent',
  });
});

test('thousands of trackers keep their rows apart', () => {
  const columns = new TrackerColumns();
  const ids = Array.from({ length: 5000 }, (_, i) => i + 1);
  const rows = new Float64Array(ids.length * ROW_LENGTH);
  ids.forEach((trackerId, i) => {
    columns.name({ trackerId, name: String(trackerId), groupIds: [] });
    writeRow(
      rows,
      i * ROW_LENGTH,
      applyFix(undefined, fixOf({ trackerId, lon: trackerId / 100 }), 0),
    );
  });
  columns.apply(rows);
  expect(columns.size).toBe(5000);
  expect(ids.every((id) => columns.get(id)?.fix?.lon === id / 100)).toBe(true);
});
