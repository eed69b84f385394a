/**
 * Shapes made ready for the question "is this place inside?".
 *
 * The answer is exact for polygons: edges are straight lines in lon/lat (RFC 7946), a place on an edge or
 * vertex is inside, holes are outside but their edges inside. Circles compare great-circle distance,
 * corridors the distance to the line in a plane that touches the earth at the place asked for.
 *
 * Preparing is total: a shape that never went through `checkFenceShape` gives a fence that may match
 * nothing, never an exception.
 */
import type { FenceShape, LonLat } from '@followme/model';
import { preparePolygon } from './prepared-polygon.ts';
import { prepareCorridor } from './prepared-corridor.ts';
import { BOX_MARGIN_DEG, signed, type Box, type PreparedShape } from './prepared.ts';
import { EARTH_RADIUS_M, haversineM, METRES_PER_DEGREE, RADIANS, type Place } from './sphere.ts';

/** Makes a checked shape ready to be asked; costs about 0.1 µs per vertex. */
export function prepareShape(shape: FenceShape): PreparedShape {
  switch (shape.kind) {
    case 'circle':
      return prepareCircle(shape.centre, shape.radiusM);
    case 'polygon':
      return prepareMultipolygon([shape.rings]);
    case 'multipolygon':
      return prepareMultipolygon(shape.polygons);
    case 'corridor':
      return prepareCorridor(shape.line, shape.widthM);
  }
}

function prepareMultipolygon(polygons: readonly (readonly (readonly LonLat[])[])[]): PreparedShape {
  const parts = polygons.map(preparePolygon);
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  return {
    boxes: parts.flatMap((part) => part.boxes),
    contains(lon, lat) {
      for (const part of parts) if (part.contains(lon, lat)) return true;
      return false;
    },
    signedDistanceM(lon, lat, limitM) {
      let least = limitM;
      // of those outside the nearest edge counts, of those inside the deepest: both are the least
      for (const part of parts) least = Math.min(least, part.signedDistanceM(lon, lat, limitM));
      return least;
    },
    outline: () => ({
      kind: 'edges',
      visit(visit) {
        for (const part of parts) {
          const outline = part.outline();
          if (outline.kind === 'edges') outline.visit(visit);
        }
      },
    }),
  };
}

/** Rounding, and a rectangle whose farthest place is not quite its corner. */
const REACH_MARGIN = 1.01;

/** Metres from the middle of a rectangle to its farthest corner. */
function reachOf({ minX, minY, maxX, maxY }: Box, middle: Place): number {
  const toCorner = (lon: number, lat: number): number => haversineM(middle, { lon, lat });
  return Math.max(
    toCorner(minX, minY),
    toCorner(maxX, minY),
    toCorner(minX, maxY),
    toCorner(maxX, maxY),
  );
}

function prepareCircle([lon, lat]: LonLat, radiusM: number): PreparedShape {
  const cosLat = Math.cos(lat * RADIANS);
  const sinHalf = Math.sin(radiusM / EARTH_RADIUS_M / 2);
  const limit = sinHalf * sinHalf;
  /** The square of the sine of half the angle between centre and place (the haversine). */
  const haversine = (askedLon: number, askedLat: number): number => {
    const sinLat = Math.sin(((askedLat - lat) * RADIANS) / 2);
    const sinLon = Math.sin(((askedLon - lon) * RADIANS) / 2);
    return sinLat * sinLat + cosLat * Math.cos(askedLat * RADIANS) * sinLon * sinLon;
  };
  return {
    boxes: [circleBox(lon, lat, radiusM)],
    contains: (askedLon, askedLat) => haversine(askedLon, askedLat) <= limit,
    signedDistanceM(askedLon, askedLat, limitM) {
      const h = haversine(askedLon, askedLat);
      const toCentreM = 2 * EARTH_RADIUS_M * Math.asin(Math.sqrt(Math.min(1, h)));
      return signed(h <= limit, Math.min(limitM, Math.abs(toCentreM - radiusM)));
    },
    outline: () => ({
      kind: 'asked',
      mayCross(rectangle) {
        // the triangle inequality: every place of the rectangle is within `reachOf` of its middle
        const middle = {
          lon: (rectangle.minX + rectangle.maxX) / 2,
          lat: (rectangle.minY + rectangle.maxY) / 2,
        };
        const distanceM = haversineM({ lon, lat }, middle);
        return Math.abs(distanceM - radiusM) <= reachOf(rectangle, middle) * REACH_MARGIN;
      },
    }),
  };
}

/**
 * The box of a circle on the sphere: where it reaches a pole, all longitudes. The widest meridian is
 * asin(sin δ / cos φ) away (http://janmatuschek.de/LatitudeLongitudeBoundingCoordinates).
 */
function circleBox(lon: number, lat: number, radiusM: number): Box {
  const latReach = radiusM / METRES_PER_DEGREE + BOX_MARGIN_DEG;
  const minY = lat - latReach;
  const maxY = lat + latReach;
  if (minY <= -90 || maxY >= 90) return { minX: -180, maxX: 180, minY, maxY };
  const sine = Math.sin(radiusM / EARTH_RADIUS_M) / Math.cos(lat * RADIANS);
  const lonReach = Math.asin(Math.min(1, sine)) / RADIANS + BOX_MARGIN_DEG;
  const west = lon - lonReach;
  const minX = west < -180 ? west + 360 : west;
  return { minX, maxX: minX + 2 * lonReach, minY, maxY };
}
