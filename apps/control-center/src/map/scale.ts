/** A bar that says how long a stretch of the map is. */

const EARTH_CIRCUMFERENCE_M = 40_075_016.686;
const TILE_PX = 512;

export interface Scale {
  /** 1, 2 or 5 times a power of ten. */
  readonly lengthM: number;
  readonly widthPx: number;
}

/** The longest round length that fits `maxPx` at this zoom and latitude. */
export function scaleFor(zoom: number, lat: number, maxPx: number): Scale {
  const metresPerPx = 1 / (pixelsPerMetreAtZoom0(lat) * 2 ** zoom);
  const limitM = metresPerPx * maxPx;
  const power = 10 ** Math.floor(Math.log10(limitM));
  const lengthM = [5, 2, 1].map((n) => n * power).find((length) => length <= limitM) ?? power;
  return { lengthM, widthPx: lengthM / metresPerPx };
}

/** Pixels of one metre at zoom 0; doubles with every zoom. Mercator stretches by latitude. */
export function pixelsPerMetreAtZoom0(lat: number): number {
  return TILE_PX / (EARTH_CIRCUMFERENCE_M * Math.cos((lat * Math.PI) / 180));
}
