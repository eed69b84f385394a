/**
 * Virtual trackers that move about a city. Everything follows from the seed and the times asked for: the same
 * questions get the same answers, in any process. Time is simulated: asking for a report lets the tracker's
 * time pass up to that moment.
 */
import { createRandom, type Random } from '@followme/platform';
import { batteryReadingOf, powerReadingOf, type MeitrackReport } from '@followme/protocols';
import { MAX_TRACKERS, registerIdentity } from './identity.ts';
import { createRoads, type Roads } from './roads.ts';
import { GAITS, Trip, type Gait } from './trip.ts';

/** Where a fleet lives. */
export interface FleetArea {
  readonly lon: number;
  readonly lat: number;
  readonly radiusM: number;
}

/** Around the Dom tower of Utrecht. */
export const UTRECHT: FleetArea = { lon: 5.1214, lat: 52.0907, radiusM: 4_500 };

export interface FleetOptions {
  readonly count: number;
  readonly seed: string | number;
  /** Simulated time of the start, ms since 1970 UTC. */
  readonly startTimeMs: number;
  readonly area?: FleetArea;
  /** How often somebody presses the button; 0.002 = once in 500 hours. */
  readonly sosPerTrackerHour?: number;
}

export interface Fleet {
  readonly count: number;
  /** The identity under which tracker `index` reports; see `registerIdentity`. */
  registerIdentity(index: number): string;
  /** How tracker `index` gets about. */
  gaitOf(index: number): Gait['name'];
  /**
   * What tracker `index` reports at `timeMs`, in whole seconds. Its time never goes back: an earlier moment
   * gives the present state under that time.
   */
  reportAt(index: number, timeMs: number): MeitrackReport;
}

const EVENT_SOS = 1;
const EVENT_LOW_BATTERY = 17;
const EVENT_POWER_ON = 22;
/** The family's event number of a report that is sent because its time has come. */
export const EVENT_BY_TIME = 35;
const INPUT_SOS = 0x0100;
const DEFAULT_SOS_PER_TRACKER_HOUR = 0.002;
const FULL_V = 4.18;
const LOW_V = 3.6;
const EMPTY_V = 3.45;
const DRAIN_V_PER_HOUR = 0.03;
const CHARGE_V_PER_HOUR = 0.35;
const CHARGER_V = 5;
/** Standard deviation of the position error, and how long it remembers itself. */
const NOISE_M = 3.5;
const NOISE_MEMORY_S = 45;
const METRES_PER_DEGREE = 111_320;
const CELL = { mcc: 204, mnc: 8, lac: 1_021, blocksM: 800 };

/** One tracker: its trip, its battery, the error of its receiver. */
class VirtualTracker {
  readonly trip: Trip;
  readonly #random: Random;
  readonly #area: FleetArea;
  readonly #sosPerSecond: number;
  readonly #startOdometerM: number;
  readonly #startMs: number;
  #nowMs: number;
  #batteryV: number;
  #isCharging = false;
  #errorX = 0;
  #errorY = 0;
  #eventCode = EVENT_BY_TIME;
  #hasWarned = false;

  constructor(deps: { roads: Roads; random: Random }, gait: Gait, options: FleetOptions) {
    this.trip = new Trip(deps, gait);
    this.#random = deps.random;
    this.#area = options.area ?? UTRECHT;
    this.#sosPerSecond = (options.sosPerTrackerHour ?? DEFAULT_SOS_PER_TRACKER_HOUR) / 3_600;
    this.#startOdometerM = deps.random.integer(0, 400_000);
    this.#startMs = options.startTimeMs - deps.random.integer(0, 86_400_000);
    this.#nowMs = options.startTimeMs;
    this.#batteryV = LOW_V + deps.random.next() * (FULL_V - LOW_V);
    this.#errorX = deps.random.gaussian() * NOISE_M;
    this.#errorY = deps.random.gaussian() * NOISE_M;
  }

  reportAt(timeMs: number): MeitrackReport {
    const seconds = Math.max(0, (timeMs - this.#nowMs) / 1_000);
    this.#nowMs = Math.max(this.#nowMs, timeMs);
    this.trip.advance(seconds);
    this.#wander(seconds);
    this.#useBattery(seconds / 3_600);
    if (this.#random.next() < this.#sosPerSecond * seconds) this.#eventCode = EVENT_SOS;
    const report = this.#report(Math.floor(timeMs / 1_000) * 1_000);
    this.#eventCode = EVENT_BY_TIME;
    return report;
  }

  /** A receiver's error drifts: first-order autoregressive, so that a path is smooth and not hairy. */
  #wander(seconds: number): void {
    const kept = Math.exp(-seconds / NOISE_MEMORY_S);
    const fresh = NOISE_M * Math.sqrt(1 - kept * kept);
    this.#errorX = this.#errorX * kept + this.#random.gaussian() * fresh;
    this.#errorY = this.#errorY * kept + this.#random.gaussian() * fresh;
  }

  #useBattery(hours: number): void {
    const change = this.#isCharging ? CHARGE_V_PER_HOUR : -DRAIN_V_PER_HOUR;
    this.#batteryV = Math.min(FULL_V, Math.max(EMPTY_V, this.#batteryV + change * hours));
    if (this.#isCharging) {
      if (!this.trip.isStaying || this.#batteryV >= FULL_V) this.#isCharging = false;
    } else if (this.#batteryV < LOW_V) {
      if (!this.#hasWarned) this.#eventCode = EVENT_LOW_BATTERY;
      this.#hasWarned = true;
      if (this.trip.isStaying) {
        this.#isCharging = true;
        this.#hasWarned = false;
        this.#eventCode = EVENT_POWER_ON;
      }
    }
  }

  #report(fixTimeMs: number): MeitrackReport {
    const { x, y } = this.trip.place;
    const errorM = Math.hypot(this.#errorX, this.#errorY);
    const lat = this.#area.lat + (y + this.#errorY) / METRES_PER_DEGREE;
    const metresPerDegreeLon = METRES_PER_DEGREE * Math.cos((this.#area.lat * Math.PI) / 180);
    const lon = this.#area.lon + (x + this.#errorX) / metresPerDegreeLon;
    const speedKmh = this.trip.speedMps * 3.6;
    return {
      eventCode: this.#eventCode,
      fixTimeMs,
      lonE6: Math.round(lon * 1e6),
      latE6: Math.round(lat * 1e6),
      valid: true,
      satellitesInUse: Math.max(4, 12 - Math.round(errorM / 2)),
      gsmSignal: 12 + Math.round(8 + 8 * Math.sin(x / 900) * Math.cos(y / 700)),
      speedKmh: Math.max(0, Math.round(speedKmh + this.#errorX / 10)),
      headingDeg: Math.round(this.trip.headingDeg + this.#errorY / 2 + 360) % 360,
      hdopTenths: 7 + Math.round(errorM),
      altitudeM: Math.round(5 + this.#errorY),
      odometerM: this.#startOdometerM + Math.round(this.trip.coveredM),
      runTimeS: Math.floor((fixTimeMs - this.#startMs) / 1_000),
      cell: {
        mcc: CELL.mcc,
        mnc: CELL.mnc,
        lac: CELL.lac,
        ci: (32_768 + Math.floor(x / CELL.blocksM) * 256 + Math.floor(y / CELL.blocksM)) & 0xffff,
      },
      ports: this.#eventCode === EVENT_SOS ? INPUT_SOS : 0,
      batteryReading: batteryReadingOf(this.#batteryV),
      powerReading: this.#isCharging ? powerReadingOf(CHARGER_V) : 0,
    };
  }
}

/** 45 % of a fleet walk, 20 % cycle, 35 % drive. */
function drawGait(random: Random): Gait {
  const drawn = random.next();
  if (drawn < 0.45) return GAITS.walk;
  return drawn < 0.65 ? GAITS.bike : GAITS.car;
}

/**
 * A fleet. Trackers are made when they first report; each has random numbers of its own, so that the order of
 * the questions to different trackers changes nothing.
 * @throws RangeError when the count is not 1 … 1,000,000.
 */
export function createFleet(options: FleetOptions): Fleet {
  const { count, seed } = options;
  if (!Number.isInteger(count) || count < 1 || count > MAX_TRACKERS) {
    throw new RangeError(`Got ${count} trackers, expected 1 … ${MAX_TRACKERS}`);
  }
  const origin = createRandom(seed);
  const roads = createRoads(
    origin.fork('roads').integer(0, 2 ** 31 - 1),
    (options.area ?? UTRECHT).radiusM,
  );
  const trackers = new Map<number, VirtualTracker>();
  const trackerOf = (index: number): VirtualTracker => {
    const known = trackers.get(index);
    if (known !== undefined) return known;
    if (!Number.isInteger(index) || index < 0 || index >= count) {
      throw new RangeError(`Got tracker ${index} of a fleet of ${count}`);
    }
    const random = origin.fork(index);
    const tracker = new VirtualTracker({ roads, random }, drawGait(random), options);
    trackers.set(index, tracker);
    return tracker;
  };
  return {
    count,
    registerIdentity: (index) => registerIdentity(seed, index),
    gaitOf: (index) => trackerOf(index).trip.gait.name,
    reportAt: (index, timeMs) => trackerOf(index).reportAt(timeMs),
  };
}
