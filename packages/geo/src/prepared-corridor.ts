/** A line with a width, ready to be asked. */
import type { LonLat } from '@followme/model';
import { edgeDistanceM, squaredEdgeDistance } from './edge-distance.ts';
import { Edges } from './edges.ts';
import { extentOf, flatten } from './flat-ring.ts';
import { BOX_MARGIN_DEG, signed, visitEdges, type Box, type PreparedShape } from './prepared.ts';
import { METRES_PER_DEGREE, RADIANS } from './sphere.ts';

/**
 * Makes a corridor ready: inside is what lies within `widthM / 2` metres of the line, its ends rounded.
 * The distance is measured in the plane that touches the earth at the place asked for (equirectangular,
 * true along its parallel and meridian), so it is good to a few per mille for corridors up to some
 * kilometres wide.
 */
export function prepareCorridor(line: readonly LonLat[], widthM: number): PreparedShape {
  const flat = flatten(line);
  const reachM = widthM / 2;
  const reachDeg = reachM / METRES_PER_DEGREE + BOX_MARGIN_DEG;
  const edges = new Edges([flat]);
  const [minY, maxY] = [edges.minY - reachDeg, edges.maxY + reachDeg];
  const limit = reachM * reachM;
  const reachLon = longitudeReach(reachDeg, minY, maxY);
  const lonExtent = extentOf(flat.xs);
  const west = lonExtent.min - reachLon;
  const east = lonExtent.max + reachLon;
  const holds = (x: number, y: number): boolean =>
    x >= west && x <= east && squaredEdgeDistance(edges, x, y, limit * (1 + 1e-9), limit) <= limit;
  const contains = (lon: number, lat: number): boolean => {
    if (!(lat >= minY && lat <= maxY)) return false;
    return holds(lon, lat) || holds(lon + 360, lat) || holds(lon - 360, lat);
  };
  return {
    boxes: [boxOf(west, east, minY, maxY)],
    contains,
    signedDistanceM: (lon, lat, limitM) => {
      const fromEdgeM = Math.abs(edgeDistanceM(edges, lon, lat, reachM + limitM) - reachM);
      return signed(contains(lon, lat), Math.min(fromEdgeM, limitM));
    },
    // all of it counts as edge: a corridor is hardly ever wider than a cell
    outline: () => ({
      kind: 'edges',
      visit: (visit) => visitEdges(edges, reachLon, reachDeg, visit),
    }),
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
