/**
 * The journeys of the drill's fleet, decided beforehand: where every tracker is at every step, and so which
 * crossings must follow. Streets run east; on each lie two squares that share an edge:
 *
 *   phase  0 1 2 | 3 … 8 | 9 … 14 | 15 … 19
 *                | west  | east   |           then back to the start
 *
 * so a period of twenty steps makes four crossings, two of them by one and the same fix.
 */
import type { FenceShape } from '@followme/model';
import type { MeitrackReport } from '@followme/protocols';

const PERIOD = 20;
const STREETS = 10;
const STEP_E6 = 2_000;
const FIRST = { lonE6: 5_000_000, latE6: 52_000_000 } as const;
const STREET_APART_E6 = 20_000;
const HALF_WIDTH_E6 = 6_000;
const WEST = { from: 3, to: 9 } as const;
const EAST = { from: 9, to: 15 } as const;
/** Every so many steps of a tracker one is an SOS. */
const SOS_EVERY = 400;
/** Every so many trackers one is of the group that a rule about crossings watches. */
const WATCHED_EVERY = 20;

/** A crossing that a fix of a journey makes. */
export interface Crossing {
  readonly kind: 'enter' | 'exit';
  readonly fence: string;
  readonly initial: boolean;
}

export interface Square {
  readonly name: string;
  readonly shape: FenceShape;
}

/** Identifier of tracker `index`: 15 digits. */
export const imeiOf = (index: number): string => `88${String(index).padStart(13, '0')}`;
export const isWatched = (index: number): boolean => index % WATCHED_EVERY === 0;
export const isSosStep = (index: number, step: number): boolean =>
  step % SOS_EVERY === (index * 37) % SOS_EVERY;

const phaseOf = (index: number, step: number): number => (step + index * 7) % PERIOD;

function squareAt(index: number, step: number): string | null {
  const phase = phaseOf(index, step);
  if (phase >= WEST.from && phase < WEST.to) return `${index % STREETS} west`;
  return phase >= EAST.from && phase < EAST.to ? `${index % STREETS} east` : null;
}

/** All squares, in the order in which they have to be made: of one fix, enters go by fence id. */
export function squares(): Square[] {
  return Array.from({ length: STREETS }, (_, street) => [
    { name: `${street} west`, shape: squareShape(street, WEST) },
    { name: `${street} east`, shape: squareShape(street, EAST) },
  ]).flat();
}

function squareShape(street: number, { from, to }: { from: number; to: number }): FenceShape {
  const west = (FIRST.lonE6 + from * STEP_E6) / 1e6;
  const east = (FIRST.lonE6 + to * STEP_E6) / 1e6;
  const south = (latE6Of(street) - HALF_WIDTH_E6) / 1e6;
  const north = (latE6Of(street) + HALF_WIDTH_E6) / 1e6;
  return {
    kind: 'polygon',
    rings: [
      [
        [west, south],
        [east, south],
        [east, north],
        [west, north],
        [west, south],
      ],
    ],
  };
}

const latE6Of = (street: number): number => FIRST.latE6 + street * STREET_APART_E6;

/** What step `step` of tracker `index` makes happen, exits first. */
export function crossingsOf(index: number, step: number): readonly Crossing[] {
  const now = squareAt(index, step);
  if (step === 0) return now === null ? [] : [{ kind: 'enter', fence: now, initial: true }];
  const before = squareAt(index, step - 1);
  if (before === now) return [];
  const crossings: Crossing[] = [];
  if (before !== null) crossings.push({ kind: 'exit', fence: before, initial: false });
  if (now !== null) crossings.push({ kind: 'enter', fence: now, initial: false });
  return crossings;
}

/** The report of a moving tracker; one that does not move stands beside all squares and is never in distress. */
export function reportOf(
  index: number,
  { step, fixTimeMs, moves }: { step: number; fixTimeMs: number; moves: boolean },
): MeitrackReport {
  return {
    eventCode: moves && isSosStep(index, step) ? 1 : 35,
    fixTimeMs,
    lonE6: moves
      ? FIRST.lonE6 + phaseOf(index, step) * STEP_E6 + STEP_E6 / 2
      : FIRST.lonE6 - 90_000,
    latE6: moves ? latE6Of(index % STREETS) + (index % 50) * 60 : FIRST.latE6 - 90_000,
    valid: true,
    satellitesInUse: 9,
    gsmSignal: 20,
    speedKmh: moves ? 80 : 0,
    headingDeg: 90,
    hdopTenths: 8,
    altitudeM: 3,
    odometerM: step * 140,
    runTimeS: step,
    cell: { mcc: 204, mnc: 4, lac: 1, ci: 2 },
    ports: 0,
    batteryReading: 700,
    powerReading: 1_000,
  };
}
