/**
 * Most of a fleet is parked. Around a place there is a circle in which a tracker is in the same fences as at its
 * centre; while it stays there nothing has to be asked.
 *
 * To know the circle costs about as much as some questions, so it is only measured for a tracker whose last step was
 * short: one that drives and reports every ten seconds would leave each circle with its next fix.
 */
import { metresPerLonAt } from './edge-distance.ts';
import type { FenceIndex } from './fence-index.ts';
import { METRES_PER_DEGREE } from './sphere.ts';

/** Longest step after which a circle is worth measuring, m. */
const SHORT_STEP_M = 50;
/** Distances are measured in planes: a per cent covers what they differ by. */
const MARGIN = 0.99;
/** Smaller circles save nothing, m. */
const LEAST_RADIUS_M = 2;

/** The circle of one tracker; changed in place, allocates nothing. */
export class SafePlace {
  #index: FenceIndex | null = null;
  #revision = -1;
  #lon = Number.NaN;
  #lat = Number.NaN;
  /** 0: there is no circle around the place above. */
  #radiusM = 0;

  /** Whether a tracker at this place (degrees) is in the same fences as when it was last asked about. */
  covers(index: FenceIndex, lon: number, lat: number): boolean {
    if (this.#radiusM === 0 || index !== this.#index || index.revision !== this.#revision)
      return false;
    return this.#stepM(lon, lat) < this.#radiusM;
  }

  /** The index was asked about this place: measures the circle around it when that promises something. */
  note(index: FenceIndex, lon: number, lat: number): void {
    const isShort = this.#stepM(lon, lat) < SHORT_STEP_M;
    const radiusM = isShort ? index.safeRadiusM(lon, lat) * MARGIN : 0;
    this.#index = index;
    this.#revision = index.revision;
    this.#lon = lon;
    this.#lat = lat;
    this.#radiusM = radiusM < LEAST_RADIUS_M ? 0 : radiusM;
  }

  /** Metres from the place of the last question; NaN, which is not short, before the first. */
  #stepM(lon: number, lat: number): number {
    const x = (lon - this.#lon) * metresPerLonAt(lat);
    const y = (lat - this.#lat) * METRES_PER_DEGREE;
    return Math.sqrt(x * x + y * y);
  }
}
