/**
 * How one tracker gets about: to a destination along streets, faster on main roads, slower into corners,
 * waiting at crossings, and then staying for minutes. Pure: the next state follows from this one, the time
 * that passes and the tracker's own random numbers.
 */
import type { Random } from '@followme/platform';
import type { Crossing, Place, Roads } from './roads.ts';

/** How somebody moves. Metres, seconds. */
export interface Gait {
  readonly name: 'walk' | 'bike' | 'car';
  readonly streetMps: number;
  readonly mainRoadMps: number;
  readonly accelerationMps2: number;
  readonly brakingMps2: number;
  /** Speed around a right-angled corner. */
  readonly cornerMps: number;
  /** Chance to have to wait at a crossing. */
  readonly waitChance: number;
}

/** The gaits of a fleet. */
export const GAITS = {
  walk: {
    name: 'walk',
    streetMps: 1.4,
    mainRoadMps: 1.4,
    accelerationMps2: 0.7,
    brakingMps2: 1,
    cornerMps: 1.2,
    waitChance: 0.08,
  },
  bike: {
    name: 'bike',
    streetMps: 4.6,
    mainRoadMps: 5.4,
    accelerationMps2: 0.7,
    brakingMps2: 1.6,
    cornerMps: 2.8,
    waitChance: 0.1,
  },
  car: {
    name: 'car',
    streetMps: 8.3,
    mainRoadMps: 13.9,
    accelerationMps2: 1.7,
    brakingMps2: 2.6,
    cornerMps: 4.2,
    waitChance: 0.16,
  },
} as const satisfies Readonly<Record<string, Gait>>;

const FINEST_STEP_S = 1;
const MIN_WAIT_S = 6;
const MAX_WAIT_S = 45;
const MIN_STAY_S = 120;
const MEAN_STAY_S = 600;
const MAX_STAY_S = 3_600;
/** How often the street is taken that leads nearest to the destination. */
const DIRECT_CHANCE = 0.85;
/** So many stand at a destination when the fleet starts. */
const STAYING_AT_START = 0.35;

/** A tracker on its way; changed by `advance` only. */
export class Trip {
  readonly gait: Gait;
  speedMps = 0;
  /** Degrees clockwise from north of the way ahead; kept while standing. */
  headingDeg = 0;
  /** Metres covered since the start. */
  coveredM = 0;
  /** Seconds still to stand; the tracker is at `place` all the while. */
  pauseS = 0;
  /** Standing at a destination, not at a crossing on the way. */
  isStaying = false;
  readonly #roads: Roads;
  readonly #random: Random;
  /** Each one keeps a little under or over the usual speed. */
  readonly #pace: number;
  #from: Crossing;
  #to: Crossing;
  #next: Crossing;
  #destination: Crossing;
  #fromPlace: Place;
  #toPlace: Place;
  #lengthM = 0;
  #alongM = 0;
  #exitMps = 0;

  constructor(deps: { readonly roads: Roads; readonly random: Random }, gait: Gait) {
    this.gait = gait;
    this.#roads = deps.roads;
    this.#random = deps.random;
    this.#pace = 0.85 + deps.random.next() * 0.3;
    this.#from = this.#anyCrossing();
    this.#destination = this.#anyCrossing();
    this.#to = this.#choose(this.#from, null);
    this.#next = this.#to;
    this.#fromPlace = deps.roads.placeOf(this.#from);
    this.#toPlace = this.#fromPlace;
    this.#enterStreet();
    this.#alongM = deps.random.next() * this.#lengthM;
    if (deps.random.next() < STAYING_AT_START) this.#stay();
    else this.speedMps = this.#limitMps() * deps.random.next();
  }

  /** Where it truly is, metres from the middle of the area. */
  get place(): Place {
    const share = this.#lengthM === 0 ? 0 : this.#alongM / this.#lengthM;
    return {
      x: this.#fromPlace.x + (this.#toPlace.x - this.#fromPlace.x) * share,
      y: this.#fromPlace.y + (this.#toPlace.y - this.#fromPlace.y) * share,
    };
  }

  /** Lets `seconds` pass. */
  advance(seconds: number): void {
    let left = seconds;
    while (left > 0) {
      if (this.pauseS > 0) {
        const paused = Math.min(left, this.pauseS);
        this.pauseS -= paused;
        left -= paused;
        if (this.pauseS > 0) return;
        if (this.isStaying) this.#leave();
        continue;
      }
      const step = Math.min(left, FINEST_STEP_S);
      this.#drive(step);
      left -= step;
    }
  }

  #drive(seconds: number): void {
    const { gait } = this;
    const ahead = this.#lengthM - this.#alongM;
    // the speed from which the braking still reaches the corner's speed: v² = u² + 2as
    const safeMps = Math.sqrt(this.#exitMps ** 2 + 2 * gait.brakingMps2 * Math.max(ahead, 0));
    const wantedMps = Math.min(this.#limitMps(), safeMps);
    const change = wantedMps - this.speedMps;
    const most = (change > 0 ? gait.accelerationMps2 : gait.brakingMps2) * seconds;
    this.speedMps += Math.sign(change) * Math.min(Math.abs(change), most);
    // creeping keeps a stop at the end of a street from taking for ever
    const movedM = Math.max(this.speedMps, 0.3) * seconds;
    this.#alongM += movedM;
    this.coveredM += movedM;
    if (this.#alongM >= this.#lengthM) this.#arriveAtCrossing();
  }

  #limitMps(): number {
    const isMain = this.#roads.isMainRoad(this.#from, this.#to);
    return (isMain ? this.gait.mainRoadMps : this.gait.streetMps) * this.#pace;
  }

  #arriveAtCrossing(): void {
    const overshootM = this.#alongM - this.#lengthM;
    const mustStop = this.#exitMps === 0;
    const isThere =
      this.#to.column === this.#destination.column && this.#to.row === this.#destination.row;
    this.#from = this.#to;
    this.#to = this.#next;
    this.#enterStreet();
    this.#alongM = mustStop ? 0 : Math.min(overshootM, this.#lengthM);
    if (!mustStop) return;
    this.speedMps = 0;
    if (isThere) this.#stay();
    else this.pauseS = MIN_WAIT_S + this.#random.next() * (MAX_WAIT_S - MIN_WAIT_S);
  }

  #enterStreet(): void {
    this.#fromPlace = this.#roads.placeOf(this.#from);
    this.#toPlace = this.#roads.placeOf(this.#to);
    this.#next = this.#choose(this.#to, this.#from);
    const dx = this.#toPlace.x - this.#fromPlace.x;
    const dy = this.#toPlace.y - this.#fromPlace.y;
    this.#lengthM = Math.hypot(dx, dy);
    this.headingDeg = headingOf(dx, dy);
    this.#exitMps = this.#chooseExitMps();
  }

  /** Zero where it must stop, less the sharper the corner, any speed straight on. */
  #chooseExitMps(): number {
    const isDestination =
      this.#to.column === this.#destination.column && this.#to.row === this.#destination.row;
    if (isDestination || this.#random.next() < this.gait.waitChance) return 0;
    const after = this.#roads.placeOf(this.#next);
    const turn = headingOf(after.x - this.#toPlace.x, after.y - this.#toPlace.y) - this.headingDeg;
    const sharpness = Math.min(1, (1 - Math.cos((turn * Math.PI) / 180)) * 1.2);
    return this.gait.mainRoadMps * (1 - sharpness) + this.gait.cornerMps * sharpness;
  }

  /** The street to take at `at`: mostly the one nearest to the destination, never straight back if avoidable. */
  #choose(at: Crossing, cameFrom: Crossing | null): Crossing {
    const all = this.#roads.neighboursOf(at);
    const onward = all.filter(
      (c) => cameFrom === null || c.column !== cameFrom.column || c.row !== cameFrom.row,
    );
    const options = onward.length > 0 ? onward : all;
    const byDistance = [...options].sort((a, b) => this.#blocksToGo(a) - this.#blocksToGo(b));
    const isDirect = this.#random.next() < DIRECT_CHANCE;
    const index = isDirect ? 0 : this.#random.integer(0, byDistance.length - 1);
    return byDistance[index] ?? at;
  }

  #blocksToGo({ column, row }: Crossing): number {
    return Math.hypot(column - this.#destination.column, row - this.#destination.row);
  }

  #stay(): void {
    this.isStaying = true;
    this.speedMps = 0;
    const drawn = MIN_STAY_S - Math.log(1 - this.#random.next()) * MEAN_STAY_S;
    this.pauseS = Math.min(drawn, MAX_STAY_S);
  }

  #leave(): void {
    this.isStaying = false;
    this.#destination = this.#anyCrossing();
    this.#next = this.#choose(this.#to, this.#from);
    this.#exitMps = this.#chooseExitMps();
  }

  #anyCrossing(): Crossing {
    const { reach } = this.#roads;
    return {
      column: this.#random.integer(-reach, reach),
      row: this.#random.integer(-reach, reach),
    };
  }
}

/** Degrees clockwise from north, 0 … 360, of a way `dx` east and `dy` north. */
function headingOf(dx: number, dy: number): number {
  return ((Math.atan2(dx, dy) * 180) / Math.PI + 360) % 360;
}
