/** A line with a width, ready to be asked. */
import type { LonLat } from '@followme/model';
import { createEdgeDistance, metresPerLonAt, squaredDistanceToOrigin } from './edge-distance.ts';
import { buildEdgeSlabs, slabOf } from './edge-slabs.ts';
import { extentOf, flatten } from './flat-ring.ts';
import { BOX_MARGIN_DEG, signed, type Box, type PreparedShape } from './prepared.ts';
import { METRES_PER_DEGREE, RADIANS } from './sphere.ts';

/**
 * Makes a corridor ready: inside is what lies within `widthM / 2` metres of the line, its ends rounded.
 * The distance is measured in the plane that touches the earth at the place asked for (equirectangular,
 * true along its parallel and meridian), so it is good to a few per mille for corridors up to some
 * kilometres wide.
 */
export function prepareCorridor(line: readonly LonLat[], widthM: number): PreparedShape {
  const { xs, ys } = flatten(line);
  const reachM = widthM / 2;
  const reachDeg = reachM / METRES_PER_DEGREE + BOX_MARGIN_DEG;
  const edges = Int32Array.from({ length: Math.max(0, xs.length - 1) }, (_, i) => i);
  const slabs = buildEdgeSlabs({ xs, ys, edges }, reachDeg);
  const { starts, list, minY, maxY } = slabs;
  const slabCount = starts.length - 1;
  const limit = reachM * reachM;

  const isNear = (x: number, y: number, metresPerLon: number): boolean => {
    const slab = slabOf(slabs, slabCount, y);
    const end = starts[slab + 1] ?? 0;
    for (let at = starts[slab] ?? 0; at < end; at += 1) {
      const edge = list[at] ?? 0;
      const ax = ((xs[edge] ?? 0) - x) * metresPerLon;
      const ay = ((ys[edge] ?? 0) - y) * METRES_PER_DEGREE;
      const dx = ((xs[edge + 1] ?? 0) - x) * metresPerLon - ax;
      const dy = ((ys[edge + 1] ?? 0) - y) * METRES_PER_DEGREE - ay;
      if (squaredDistanceToOrigin(ax, ay, dx, dy) <= limit) return true;
    }
    return false;
  };
  const reachLon = longitudeReach(reachDeg, minY, maxY);
  const lonExtent = extentOf(xs);
  const west = lonExtent.min - reachLon;
  const east = lonExtent.max + reachLon;
  const holds = (x: number, y: number, metresPerLon: number): boolean =>
    x >= west && x <= east && isNear(x, y, metresPerLon);
  const contains = (lon: number, lat: number): boolean => {
    if (!(lat >= minY && lat <= maxY)) return false;
    const metresPerLon = metresPerLonAt(lat);
    return (
      holds(lon, lat, metresPerLon) ||
      holds(lon + 360, lat, metresPerLon) ||
      holds(lon - 360, lat, metresPerLon)
    );
  };
  const lineDistanceM = createEdgeDistance({ xs, ys, edges }, slabs);
  return {
    boxes: [boxOf(west, east, minY, maxY)],
    contains,
    signedDistanceM: (lon, lat, limitM) => {
      const fromEdgeM = Math.abs(lineDistanceM(lon, lat, reachM + limitM) - reachM);
      return signed(contains(lon, lat), Math.min(fromEdgeM, limitM));
    },
    // a corridor is hardly ever wider than a cell: asking it costs less than knowing where it is wide
    hasEdgeIn: () => true,
  };
}

/** Degrees of longitude that `reachDeg` of latitude come to at most between two latitudes. */
function longitudeReach(reachDeg: number, minY: number, maxY: number): number {
  const steepest = Math.min(90, Math.max(Math.abs(minY), Math.abs(maxY)));
  const cosine = Math.cos(steepest * RADIANS);
  return steepest < 90 && cosine > 0 ? reachDeg / cosine : 360;
}

function boxOf(west: number, east: number, minY: number, maxY: number): Box {
  if (east - west >= 360) return { minX: -180, maxX: 180, minY, maxY };
  const shift = west < -180 ? 360 : 0;
  return { minX: west + shift, maxX: east + shift, minY, maxY };
}
