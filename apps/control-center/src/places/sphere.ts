/** Distances on a sphere: good to 0.5 %, which is more than a screen shows. */

const EARTH_RADIUS_M = 6_371_008.8;
const RADIANS = Math.PI / 180;

/** `[lon, lat]` in degrees. */
export type LonLat = readonly [lon: number, lat: number];

/** Great-circle distance by the haversine formula. */
export function distanceM(a: LonLat, b: LonLat): number {
  const dLat = (b[1] - a[1]) * RADIANS;
  const dLon = (b[0] - a[0]) * RADIANS;
  const h =
    Math.sin(dLat / 2) ** 2 +
    Math.cos(a[1] * RADIANS) * Math.cos(b[1] * RADIANS) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS_M * Math.asin(Math.min(1, Math.sqrt(h)));
}

/** Direction in which one leaves `from` to reach `to`, degrees clockwise from north, 0 … 360. */
export function bearingDeg(from: LonLat, to: LonLat): number {
  const dLon = (to[0] - from[0]) * RADIANS;
  const lat1 = from[1] * RADIANS;
  const lat2 = to[1] * RADIANS;
  const y = Math.sin(dLon) * Math.cos(lat2);
  const x = Math.cos(lat1) * Math.sin(lat2) - Math.sin(lat1) * Math.cos(lat2) * Math.cos(dLon);
  return (((Math.atan2(y, x) / RADIANS) % 360) + 360) % 360;
}

const CIRCLE_CORNERS = 64;

/** A closed ring of `[lon, lat]` around a centre, counter-clockwise as RFC 7946 wants the outside. */
export function circleRing(centre: LonLat, radiusM: number): number[][] {
  const ring: number[][] = [];
  const angular = radiusM / EARTH_RADIUS_M;
  const lat1 = centre[1] * RADIANS;
  for (let i = 0; i <= CIRCLE_CORNERS; i += 1) {
    const bearing = -((i % CIRCLE_CORNERS) / CIRCLE_CORNERS) * 2 * Math.PI;
    const lat = Math.asin(
      Math.sin(lat1) * Math.cos(angular) + Math.cos(lat1) * Math.sin(angular) * Math.cos(bearing),
    );
    const dLon = Math.atan2(
      Math.sin(bearing) * Math.sin(angular) * Math.cos(lat1),
      Math.cos(angular) - Math.sin(lat1) * Math.sin(lat),
    );
    ring.push([centre[0] + dLon / RADIANS, lat / RADIANS]);
  }
  return ring;
}
