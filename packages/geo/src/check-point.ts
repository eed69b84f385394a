import type { LonLat } from '@followme/model';
import type { FenceProblem } from './fence-problem.ts';

/** Null when the point is a place on earth. */
export function checkPoint([lon, lat]: LonLat, path: string): FenceProblem | null {
  if (!Number.isFinite(lon) || !Number.isFinite(lat)) {
    return {
      code: 'NOT_A_NUMBER',
      path,
      message: `Got [${lon}, ${lat}], expected two finite numbers`,
    };
  }
  if (lon < -180 || lon > 180 || lat < -90 || lat > 90) {
    return {
      code: 'OUT_OF_RANGE',
      path,
      message: `Got [${lon}, ${lat}], expected a longitude within ±180 and a latitude within ±90`,
    };
  }
  return null;
}
