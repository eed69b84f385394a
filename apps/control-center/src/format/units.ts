import { messages } from '../messages/messages.ts';

const whole = new Intl.NumberFormat(messages.locale, { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat(messages.locale, {
  minimumFractionDigits: 1,
  maximumFractionDigits: 1,
});

/** Speed in km/h without decimals: `34 km/h`. */
export function formatSpeed(speedKmh: number): string {
  return `${whole.format(speedKmh)} km/h`;
}

/** One of eight winds for a heading in degrees clockwise from north. */
export function compassPoint(headingDeg: number): string {
  const turns = (((headingDeg % 360) + 360) % 360) / 45;
  return messages.compass[Math.round(turns) % 8] ?? '';
}

/** `135° SE`. */
export function formatHeading(headingDeg: number): string {
  return `${whole.format(((headingDeg % 360) + 360) % 360)}° ${compassPoint(headingDeg)}`;
}

/** A distance people can judge: `850 m`, `3.4 km`, `120 km`. */
export function formatDistance(distanceM: number): string {
  if (distanceM < 995) return `${whole.format(Math.round(distanceM / 10) * 10)} m`;
  if (distanceM < 99_950) return `${tenth.format(distanceM / 1000)} km`;
  return `${whole.format(distanceM / 1000)} km`;
}

/** Per cent as reported, rounded: `66%`. */
export function formatPercent(value: number): string {
  return `${whole.format(value)}%`;
}

/**
 * Latitude and longitude as decimal degrees with five decimals (about one metre), latitude first as people
 * and other maps expect it: `52.30335, 4.75046`. Always with a point, so that it can be pasted anywhere.
 */
export function formatCoordinates(lat: number, lon: number): string {
  return `${lat.toFixed(5)}, ${lon.toFixed(5)}`;
}

/** A round length for the scale bar: `500 m`, `2 km`. */
export function formatScale(lengthM: number): string {
  return lengthM < 1000 ? `${whole.format(lengthM)} m` : `${whole.format(lengthM / 1000)} km`;
}
