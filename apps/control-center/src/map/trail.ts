/** A day of positions as something to draw and to read: stretches, gaps, stops, kilometres. */
import type { Feature } from 'geojson';
import { distanceM } from '../places/sphere.ts';

export interface TrailPoint {
  readonly lon: number;
  readonly lat: number;
  /** ms since 1970 UTC. */
  readonly fixMs: number;
  readonly speedKmh: number;
}

interface TrailStop {
  readonly lon: number;
  readonly lat: number;
  readonly fromMs: number;
  readonly untilMs: number;
}

export interface TrailSummary {
  readonly distanceM: number;
  readonly stops: readonly TrailStop[];
}

/** Nothing heard for longer than this is drawn dotted: nobody knows the way between. */
export const GAP_MS = 5 * 60_000;
/** Standing still for at least this long is a stop. */
const STOP_MS = 5 * 60_000;
/** Fixes within this distance are the same place. */
const STOP_RADIUS_M = 60;
/** The way is drawn in this many shades, older ones fainter. */
const SHADES = 24;

/** Oldest first, without repeats; what is not newer than the one before is dropped. */
export function orderTrail(points: readonly TrailPoint[]): TrailPoint[] {
  const sorted = points.toSorted((a, b) => a.fixMs - b.fixMs);
  return sorted.filter((point, i) => i === 0 || point.fixMs > (sorted[i - 1]?.fixMs ?? 0));
}

function findStops(points: readonly TrailPoint[]): TrailStop[] {
  const stops: TrailStop[] = [];
  let start = 0;
  for (let i = 1; i <= points.length; i += 1) {
    const anchor = points[start];
    const last = points[i - 1];
    const point = points[i];
    if (anchor === undefined || last === undefined) break;
    const left =
      point === undefined ||
      distanceM([anchor.lon, anchor.lat], [point.lon, point.lat]) > STOP_RADIUS_M;
    if (!left) continue;
    if (last.fixMs - anchor.fixMs >= STOP_MS) {
      stops.push({ lon: anchor.lon, lat: anchor.lat, fromMs: anchor.fixMs, untilMs: last.fixMs });
    }
    start = i;
  }
  return stops;
}

/** Kilometres and stops of an ordered trail. */
export function summariseTrail(points: readonly TrailPoint[]): TrailSummary {
  let total = 0;
  for (let i = 1; i < points.length; i += 1) {
    const a = points[i - 1];
    const b = points[i];
    if (a !== undefined && b !== undefined) total += distanceM([a.lon, a.lat], [b.lon, b.lat]);
  }
  return { distanceM: total, stops: findStops(points) };
}

function lineFeature(kind: 'way' | 'gap', shade: number, coordinates: number[][]): Feature {
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates },
    properties: { kind, shade },
  };
}

/** Features for the map: `way` and `gap` lines with `shade` 0 (old) … 1 (now), `stop` points with a time. */
export function trailFeatures(
  points: readonly TrailPoint[],
  formatTime: (ms: number) => string,
): Feature[] {
  const features: Feature[] = [];
  let run: number[][] = [];
  let runShade = -1;
  const closeRun = (): void => {
    if (run.length > 1) features.push(lineFeature('way', runShade, run));
  };
  for (let i = 1; i < points.length; i += 1) {
    const a = points[i - 1];
    const b = points[i];
    if (a === undefined || b === undefined) continue;
    const shade = Math.round((i / points.length) * SHADES) / SHADES;
    const isGap = b.fixMs - a.fixMs > GAP_MS;
    if (isGap || shade !== runShade) {
      closeRun();
      run = [[a.lon, a.lat]];
      runShade = shade;
    }
    if (isGap) {
      features.push(
        lineFeature('gap', shade, [
          [a.lon, a.lat],
          [b.lon, b.lat],
        ]),
      );
      run = [[b.lon, b.lat]];
    } else {
      run.push([b.lon, b.lat]);
    }
  }
  closeRun();
  for (const stop of findStops(points)) {
    features.push({
      type: 'Feature',
      geometry: { type: 'Point', coordinates: [stop.lon, stop.lat] },
      properties: { kind: 'stop', time: formatTime(stop.fromMs) },
    });
  }
  return features;
}
