/** A tracker as a row of numbers: what crosses from the worker to the page costs neither objects nor copies. */
import type { KnownTracker, LiveTracker } from './live-tracker.ts';
import type { Fix } from './socket-frames.ts';
import { TRACKER_STATES } from './tracker-state.ts';

/** Numbers of one row. NaN is what is not known. */
export const ROW_LENGTH = 13;

const FLAG = { hasFix: 4, valid: 8, chargingKnown: 16, charging: 32 } as const;
/** The lower bits of the flags are the place of the state in `TRACKER_STATES`. */
const STATE_MASK = 3;

const orNaN = (value: number | null): number => value ?? Number.NaN;
const orNull = (value: number | undefined): number | null =>
  value === undefined || Number.isNaN(value) ? null : value;

function flagsOf({ state, fix }: LiveTracker): number {
  let flags = TRACKER_STATES.indexOf(state);
  if (fix === null) return flags;
  flags |= FLAG.hasFix;
  if (fix.valid) flags |= FLAG.valid;
  if (fix.charging !== null) flags |= FLAG.chargingKnown;
  if (fix.charging === true) flags |= FLAG.charging;
  return flags;
}

/** Writes a tracker at `offset`; its name and groups travel apart, since they seldom change. */
export function writeRow(rows: Float64Array, offset: number, tracker: LiveTracker): void {
  const { fix, trackerId } = tracker;
  rows[offset] = trackerId;
  rows[offset + 1] = flagsOf(tracker);
  if (fix === null) return;
  rows[offset + 2] = fix.lon;
  rows[offset + 3] = fix.lat;
  rows[offset + 4] = fix.fixMs;
  rows[offset + 5] = orNaN(fix.altitudeM);
  rows[offset + 6] = orNaN(fix.speedKmh);
  rows[offset + 7] = orNaN(fix.headingDeg);
  rows[offset + 8] = orNaN(fix.batteryPct);
  rows[offset + 9] = orNaN(fix.satellitesInUse);
  rows[offset + 10] = orNaN(fix.satellitesInView);
  rows[offset + 11] = orNaN(fix.accuracyM);
  rows[offset + 12] = orNaN(tracker.stillSinceMs);
}

function readFix(rows: Float64Array, offset: number, known: KnownTracker): Fix {
  const flags = rows[offset + 1] ?? 0;
  const at = (place: number): number => rows[offset + place] ?? Number.NaN;
  return {
    ...known,
    lon: at(2),
    lat: at(3),
    fixMs: at(4),
    valid: (flags & FLAG.valid) !== 0,
    altitudeM: orNull(at(5)),
    speedKmh: orNull(at(6)),
    headingDeg: orNull(at(7)),
    batteryPct: orNull(at(8)),
    charging: (flags & FLAG.chargingKnown) === 0 ? null : (flags & FLAG.charging) !== 0,
    satellitesInUse: orNull(at(9)),
    satellitesInView: orNull(at(10)),
    accuracyM: orNull(at(11)),
  };
}

/** The inverse of `writeRow`. */
export function readRow(rows: Float64Array, offset: number, known: KnownTracker): LiveTracker {
  const flags = rows[offset + 1] ?? 0;
  const hasFix = (flags & FLAG.hasFix) !== 0;
  return {
    ...known,
    fix: hasFix ? readFix(rows, offset, known) : null,
    stillSinceMs: hasFix ? orNull(rows[offset + 12]) : null,
    state: TRACKER_STATES[flags & STATE_MASK] ?? 'silent',
  };
}
