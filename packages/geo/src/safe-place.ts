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
/** Smaller circles are left with the next fix, m: noise is as large. */
const SMALL_RADIUS_M = 15;
/** After a small one so many questions go by before the next is measured. */
const REST = 8;

/** The circle of one tracker; changed in place, allocates nothing. */
export class SafePlace {
  #index: FenceIndex | null = null;
  #revision = -1;
  #lon = Number.NaN;
  #lat = Number.NaN;
  /** Of a degree of longitude where a circle was last measured, m. */
  #metresPerLon = METRES_PER_DEGREE;
  /** The square of its radius in metres; 0: there is no circle around the place above. */
  #squaredRadius = 0;
  #rest = 0;

  /** Whether a tracker at this place (degrees) is in the same fences as when it was last asked about. */
  covers(index: FenceIndex, lon: number, lat: number): boolean {
    if (this.#squaredRadius === 0) return false;
    if (index !== this.#index || index.revision !== this.#revision) return false;
    return this.#squaredStep(lon, lat) < this.#squaredRadius;
  }

  /** The index was asked about this place: measures the circle around it when that promises something. */
  note(index: FenceIndex, lon: number, lat: number): void {
    const isShort = this.#squaredStep(lon, lat) < SHORT_STEP_M * SHORT_STEP_M;
    this.#index = index;
    this.#revision = index.revision;
    this.#lon = lon;
    this.#lat = lat;
    this.#squaredRadius = 0;
    if (!isShort) return;
    if (this.#rest > 0) this.#rest -= 1;
    else this.#measure(index);
  }

  #measure(index: FenceIndex): void {
    const radiusM = index.safeRadiusM(this.#lon, this.#lat) * MARGIN;
    if (radiusM < SMALL_RADIUS_M) this.#rest = REST;
    this.#metresPerLon = metresPerLonAt(this.#lat);
    this.#squaredRadius = radiusM * radiusM;
  }

  /** The square of the metres from the place of the last question; NaN, which is not short, before the first. */
  #squaredStep(lon: number, lat: number): number {
    const x = (lon - this.#lon) * this.#metresPerLon;
    const y = (lat - this.#lat) * METRES_PER_DEGREE;
    return x * x + y * y;
  }
}
