/**
 * The world's outlines come stitched over the 180th meridian, as on a globe. On a flat map a ring that jumps
 * from 180° to −180° would fill a band around the whole world; here it goes on to 181° instead, and the map
 * engine draws what lies beyond the edge at the other side.
 */
import type { Feature, Geometry, Position } from 'geojson';

/** Nothing of a Mercator map lies beyond. */
const POLE_LAT = 89;

/** Goes on beyond ±180° instead of jumping by 360°. */
export function unwrapLine(line: readonly Position[]): Position[] {
  let shift = 0;
  let before: number | undefined;
  return line.map(([lon = 0, lat = 0]) => {
    if (before !== undefined && lon - before > 180) shift -= 360;
    if (before !== undefined && before - lon > 180) shift += 360;
    before = lon;
    return [lon + shift, lat];
  });
}

/** A ring around a pole ends 360° from where it began: it is closed along that pole. */
export function unwrapRing(ring: readonly Position[]): Position[] {
  const line = unwrapLine(ring);
  const [firstLon = 0, firstLat = 0] = line[0] ?? [];
  const [lastLon = 0] = line.at(-1) ?? [];
  if (Math.abs(lastLon - firstLon) < 180) return line;
  const pole = firstLat < 0 ? -POLE_LAT : POLE_LAT;
  return [...line, [lastLon, pole], [firstLon, pole], [firstLon, firstLat]];
}

function unwrapGeometry(geometry: Geometry): Geometry {
  switch (geometry.type) {
    case 'Polygon':
      return { ...geometry, coordinates: geometry.coordinates.map(unwrapRing) };
    case 'MultiPolygon':
      return { ...geometry, coordinates: geometry.coordinates.map((p) => p.map(unwrapRing)) };
    case 'LineString':
      return { ...geometry, coordinates: unwrapLine(geometry.coordinates) };
    case 'MultiLineString':
      return { ...geometry, coordinates: geometry.coordinates.map(unwrapLine) };
    case 'Point':
    case 'MultiPoint':
    case 'GeometryCollection':
      return geometry;
  }
}

/** A feature of the globe as a feature of the flat map. */
export function unwrapFeature(feature: Feature): Feature {
  return { ...feature, geometry: unwrapGeometry(feature.geometry) };
}
