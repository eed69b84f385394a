import { prepareShape } from '@followme/geo';
import type { FenceShape } from '@followme/model';
import type { FixesNearQuery } from '@followme/store';

/** Wider than what rounding may take away, degrees. */
const MARGIN_DEG = 1e-6;

/** One box around all of a shape; one over the antimeridian goes round the earth. */
export function boxOfShape(shape: FenceShape): FixesNearQuery['box'] {
  let [minLon, maxLon, minLat, maxLat] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { minX, maxX, minY, maxY } of prepareShape(shape).boxes) {
    minLon = Math.min(minLon, minX);
    maxLon = Math.max(maxLon, maxX);
    minLat = Math.min(minLat, minY);
    maxLat = Math.max(maxLat, maxY);
  }
  const isAround = minLon - MARGIN_DEG <= -180 || maxLon + MARGIN_DEG >= 180;
  return {
    minLon: isAround ? -180 : minLon - MARGIN_DEG,
    maxLon: isAround ? 180 : maxLon + MARGIN_DEG,
    minLat: minLat - MARGIN_DEG,
    maxLat: maxLat + MARGIN_DEG,
  };
}
