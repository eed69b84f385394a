/** A day of positions as something to draw and to read: stretches, gaps, stops, kilometres. */
import type { Feature } from 'geojson';
import { distanceM } from '../places/sphere.ts';
import { simplifyWay } from './simplify.ts';

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
const STOP_MS = 3 * 60_000;
/** Fixes within this distance are the same place. */
const STOP_RADIUS_M = 60;
/** A receiver at rest wanders by this much: smaller bends are not drawn and not counted as way. */
const NOISE_M = 10;
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

/** What drawing and reading have in common. */
interface CleanTrail {
  readonly stops: readonly TrailStop[];
  readonly runs: readonly (readonly TrailPoint[])[];
}

/** Both the map and the panel ask for the same day: it is cleaned once. */
const cleaned = new WeakMap<readonly TrailPoint[], CleanTrail>();

function cleanTrail(points: readonly TrailPoint[]): CleanTrail {
  const known = cleaned.get(points);
  if (known !== undefined) return known;
  const stops = findStops(points);
  const clean = { stops, runs: cleanRuns(points, stops) };
  cleaned.set(points, clean);
  return clean;
}

/** The stretches between gaps, each without what is noise: a stop becomes one place, small bends go. */
function cleanRuns(
  points: readonly TrailPoint[],
  stops: readonly TrailStop[],
): readonly (readonly TrailPoint[])[] {
  const runs: TrailPoint[][] = [];
  let run: TrailPoint[] = [];
  let at = 0;
  let beforeMs = points[0]?.fixMs ?? 0;
  for (const point of points) {
    if (point.fixMs - beforeMs > GAP_MS) {
      runs.push(run);
      run = [];
    }
    beforeMs = point.fixMs;
    while ((stops[at]?.untilMs ?? Infinity) < point.fixMs) at += 1;
    const stop = stops[at];
    const isStanding = stop !== undefined && point.fixMs > stop.fromMs && run.length > 0;
    // the newest place stays: the mark of the tracker stands on it
    if (!isStanding || point === points.at(-1)) run.push(point);
  }
  runs.push(run);
  return runs.filter(({ length }) => length > 0).map((each) => simplifyWay(each, NOISE_M));
}

function lengthM(way: readonly TrailPoint[]): number {
  let total = 0;
  for (let i = 1; i < way.length; i += 1) {
    const a = way[i - 1];
    const b = way[i];
    if (a !== undefined && b !== undefined) total += distanceM([a.lon, a.lat], [b.lon, b.lat]);
  }
  return total;
}

/** Kilometres and stops of an ordered trail; the way across a gap counts as the crow flies. */
export function summariseTrail(points: readonly TrailPoint[]): TrailSummary {
  const { runs, stops } = cleanTrail(points);
  return { distanceM: lengthM(runs.flat()), stops };
}

type Kind = 'way' | 'path' | 'gap';

function lineFeature(kind: Kind, shade: number, way: readonly TrailPoint[]): Feature {
  const coordinates = way.map(({ lon, lat }) => [lon, lat]);
  return {
    type: 'Feature',
    geometry: { type: 'LineString', coordinates },
    properties: { kind, shade },
  };
}

/** Cuts a run into pieces of one shade each. */
function shadeRun(run: readonly TrailPoint[], shadeOf: (point: TrailPoint) => number): Feature[] {
  const features: Feature[] = [];
  let piece: TrailPoint[] = [];
  let shade = -1;
  run.forEach((point, i) => {
    const before = run[i - 1];
    const next = shadeOf(point);
    if (before !== undefined && next !== shade) {
      if (piece.length > 1) features.push(lineFeature('way', shade, piece));
      piece = [before];
      shade = next;
    }
    piece.push(point);
  });
  if (piece.length > 1) features.push(lineFeature('way', shade, piece));
  return features;
}

function markFeature(kind: 'start' | 'stop', place: TrailPoint | TrailStop, time: string): Feature {
  return {
    type: 'Feature',
    geometry: { type: 'Point', coordinates: [place.lon, place.lat] },
    properties: { kind, time },
  };
}

/**
 * Features for the map: `path`, the whole of each stretch, below; `way`, the same in pieces with `shade` 0
 * (old) … 1 (now); `gap` lines between; `start` and `stop` points with a time.
 */
export function trailFeatures(
  points: readonly TrailPoint[],
  formatTime: (ms: number) => string,
): Feature[] {
  const first = points[0];
  const last = points.at(-1);
  if (first === undefined || last === undefined) return [];
  const spanMs = Math.max(1, last.fixMs - first.fixMs);
  const shadeOf = ({ fixMs }: TrailPoint): number =>
    Math.round(((fixMs - first.fixMs) / spanMs) * SHADES) / SHADES;
  const features: Feature[] = [];
  let before: TrailPoint | undefined;
  const { runs, stops } = cleanTrail(points);
  for (const run of runs) {
    const start = run[0];
    if (before !== undefined && start !== undefined) {
      features.push(lineFeature('gap', shadeOf(start), [before, start]));
    }
    if (run.length > 1) features.push(lineFeature('path', 1, run), ...shadeRun(run, shadeOf));
    before = run.at(-1);
  }
  if (stops[0]?.fromMs !== first.fixMs) {
    features.push(markFeature('start', first, formatTime(first.fixMs)));
  }
  for (const stop of stops) features.push(markFeature('stop', stop, formatTime(stop.fromMs)));
  return features;
}

/** The end of the way since it was last drawn as a whole, from its `last` point: raw, and in the shade of now. */
export function tipFeatures(
  last: TrailPoint | undefined,
  tip: readonly TrailPoint[],
): readonly Feature[] {
  const [first] = tip;
  if (first === undefined) return [];
  const isGap = last !== undefined && first.fixMs - last.fixMs > GAP_MS;
  const way = last === undefined || isGap ? tip : [last, ...tip];
  const features = isGap ? [lineFeature('gap', 1, [last, first])] : [];
  const run = simplifyWay(way, NOISE_M);
  if (run.length > 1) features.push(lineFeature('path', 1, run), lineFeature('way', 1, run));
  return features;
}
