/**
 * A place while it is being drawn: its shape as corners people can touch. Pure: every change gives a new draft.
 * Rings are open here (the first corner is not repeated); between two corners the short way round is meant.
 */
import type { FenceGeometry } from '@followme/contracts';
import { distanceM, type LonLat } from '../places/sphere.ts';

/** What can be drawn. */
export type Tool = 'polygon' | 'circle' | 'corridor';

/** A shape with handles. An area may have several parts with holes when it was imported. */
export type Draft =
  | { readonly kind: 'area'; readonly polygons: readonly (readonly (readonly LonLat[])[])[] }
  | { readonly kind: 'circle'; readonly centre: LonLat; readonly radiusM: number }
  | { readonly kind: 'corridor'; readonly line: readonly LonLat[]; readonly widthM: number };

/** Width of a corridor before somebody says otherwise, metres. */
const FIRST_WIDTH_M = 50;
/** Radius of a circle of which only the centre is set, metres. */
const FIRST_RADIUS_M = 100;
const DECIMALS = 1e7;
const METRES_PER_DEGREE = (6_371_008.8 * Math.PI) / 180;

/** A place as it is kept: to a centimetre, on the map. */
export function tidy([lon, lat]: LonLat): LonLat {
  const turned = ((((lon + 180) % 360) + 360) % 360) - 180;
  const bounded = Math.min(90, Math.max(-90, lat));
  return [Math.round(turned * DECIMALS) / DECIMALS, Math.round(bounded * DECIMALS) / DECIMALS];
}

/** A place so many metres further east and north. */
export function shifted([lon, lat]: LonLat, eastM: number, northM: number): LonLat {
  const perDegree = METRES_PER_DEGREE * Math.max(0.01, Math.cos((lat * Math.PI) / 180));
  return tidy([lon + eastM / perDegree, lat + northM / METRES_PER_DEGREE]);
}

/** The draft that begins with one corner. */
export function beginDraft(tool: Tool, at: LonLat): Draft {
  const corner = tidy(at);
  switch (tool) {
    case 'polygon':
      return { kind: 'area', polygons: [[[corner]]] };
    case 'circle':
      return { kind: 'circle', centre: corner, radiusM: FIRST_RADIUS_M };
    case 'corridor':
      return { kind: 'corridor', line: [corner], widthM: FIRST_WIDTH_M };
  }
}

/** The tool a draft is drawn with. */
export function toolOf(draft: Draft): Tool {
  return draft.kind === 'area' ? 'polygon' : draft.kind;
}

/** Where the edge of a circle is taken hold of: east of its centre. */
function edgeHandle({ centre, radiusM }: Extract<Draft, { kind: 'circle' }>): LonLat {
  return shifted(centre, radiusM, 0);
}

/** Every handle in its order: corners; of a circle the centre and its edge. */
export function cornersOf(draft: Draft): readonly LonLat[] {
  switch (draft.kind) {
    case 'area':
      return draft.polygons.flat(2);
    case 'circle':
      return [draft.centre, edgeHandle(draft)];
    case 'corridor':
      return draft.line;
  }
}

/** The lines of a draft, each with the number of its first corner. */
function linesOf(draft: Draft): { line: readonly LonLat[]; first: number; closed: boolean }[] {
  if (draft.kind === 'circle') return [];
  if (draft.kind === 'corridor') return [{ line: draft.line, first: 0, closed: false }];
  let first = 0;
  return draft.polygons.flat().map((line) => {
    const own = { line, first, closed: true };
    first += line.length;
    return own;
  });
}

/** The middle of an edge, where a new corner can be pulled out; `after` is the corner it begins at. */
export interface Midpoint {
  readonly after: number;
  readonly at: LonLat;
}

/** Middles of all edges; `isOpen`: the line is not closed yet. */
export function midpointsOf(draft: Draft, isOpen: boolean): readonly Midpoint[] {
  return linesOf(draft).flatMap(({ line, first, closed }) =>
    line.flatMap((from, i) => {
      const isLast = i === line.length - 1;
      const to = isLast ? line[0] : line[i + 1];
      if (to === undefined || to === from || (isLast && (!closed || isOpen))) return [];
      return [{ after: first + i, at: between(from, to) }];
    }),
  );
}

/** Half-way, the short way round. */
function between(from: LonLat, to: LonLat): LonLat {
  const lon = to[0] - from[0];
  const short = lon > 180 ? lon - 360 : lon < -180 ? lon + 360 : lon;
  return tidy([from[0] + short / 2, (from[1] + to[1]) / 2]);
}

type Change = (line: readonly LonLat[], index: number) => readonly LonLat[];

/** Applies a change to the line the corner is on. */
function changeLine(draft: Draft, corner: number, change: Change): Draft {
  if (draft.kind === 'circle') return draft;
  if (draft.kind === 'corridor') return { ...draft, line: change(draft.line, corner) };
  let first = 0;
  const polygons = draft.polygons.map((rings) =>
    rings.map((ring) => {
      const own = corner - first;
      first += ring.length;
      return own >= 0 && own < ring.length ? change(ring, own) : ring;
    }),
  );
  return { ...draft, polygons };
}

/** One more corner at the end of the line that is being drawn; the second point of a circle is its edge. */
export function addCorner(draft: Draft, at: LonLat): Draft {
  if (draft.kind === 'circle') return { ...draft, radiusM: roundRadius(draft.centre, at) };
  const last = cornersOf(draft).length - 1;
  return changeLine(draft, last, (line) => [...line, tidy(at)]);
}

const roundRadius = (centre: LonLat, edge: LonLat): number =>
  Math.max(1, Math.round(distanceM(centre, edge) * 10) / 10);

/** Puts a corner elsewhere; the centre of a circle takes the circle along. */
export function moveCorner(draft: Draft, corner: number, to: LonLat): Draft {
  if (draft.kind !== 'circle') {
    return changeLine(draft, corner, (line, own) => line.with(own, tidy(to)));
  }
  if (corner === 0) return { ...draft, centre: tidy(to) };
  return { ...draft, radiusM: roundRadius(draft.centre, to) };
}

/** A new corner behind another. */
export function insertCorner(draft: Draft, after: number, at: LonLat): Draft {
  return changeLine(draft, after, (line, own) => line.toSpliced(own + 1, 0, tidy(at)));
}

/** The least corners a line keeps, so that it stays a shape. */
const leastOf = (draft: Draft): number => (draft.kind === 'corridor' ? 2 : 3);

/** Takes a corner away; null when the shape would be none without it. A hole goes with its third corner. */
export function removeCorner(draft: Draft, corner: number): Draft | null {
  if (draft.kind === 'circle') return null;
  const least = leastOf(draft);
  let isLast = false;
  const next = changeLine(draft, corner, (line, own) => {
    if (line.length > least) return line.toSpliced(own, 1);
    isLast = true;
    return [];
  });
  if (!isLast) return next;
  if (next.kind !== 'area') return null;
  // an outer ring goes with its holes
  const polygons = next.polygons
    .filter(([outer]) => outer !== undefined && outer.length > 0)
    .map((rings) => rings.filter((ring) => ring.length > 0));
  return polygons.length === 0 ? null : { ...next, polygons };
}

/** Takes the last corner of an unfinished line back; null when none is left. */
export function removeLast(draft: Draft): Draft | null {
  const count = cornersOf(draft).length;
  if (draft.kind === 'circle' || count <= 1) return null;
  return changeLine(draft, count - 1, (line) => line.slice(0, -1));
}

/** Whether there are corners enough for a shape. */
export function isShape(draft: Draft): boolean {
  return draft.kind === 'circle' || cornersOf(draft).length >= leastOf(draft);
}

/** The geometry the server takes. */
export function toGeometry(draft: Draft): FenceGeometry {
  const point = ([lon, lat]: LonLat): number[] => [lon, lat];
  const ring = (corners: readonly LonLat[]): number[][] =>
    [...corners, ...corners.slice(0, 1)].map(point);
  switch (draft.kind) {
    case 'circle':
      return { type: 'Point', coordinates: point(draft.centre), radiusM: draft.radiusM };
    case 'corridor':
      return { type: 'LineString', coordinates: draft.line.map(point), widthM: draft.widthM };
    case 'area': {
      const polygons = draft.polygons.map((rings) => rings.map(ring));
      const [only] = polygons;
      return polygons.length === 1 && only !== undefined
        ? { type: 'Polygon', coordinates: only }
        : { type: 'MultiPolygon', coordinates: polygons };
    }
  }
}

/** The draft of a place there is. */
export function fromGeometry(geometry: FenceGeometry): Draft {
  const point = ([lon = 0, lat = 0]: readonly number[]): LonLat => [lon, lat];
  const ring = (corners: readonly number[][]): LonLat[] => corners.slice(0, -1).map(point);
  switch (geometry.type) {
    case 'Point':
      return { kind: 'circle', centre: point(geometry.coordinates), radiusM: geometry.radiusM };
    case 'LineString':
      return { kind: 'corridor', line: geometry.coordinates.map(point), widthM: geometry.widthM };
    case 'Polygon':
      return { kind: 'area', polygons: [geometry.coordinates.map(ring)] };
    case 'MultiPolygon':
      return { kind: 'area', polygons: geometry.coordinates.map((rings) => rings.map(ring)) };
  }
}
