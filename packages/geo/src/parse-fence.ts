/**
 * GeoJSON (RFC 7946) to a fence and back. A polygon or multipolygon may come as a bare geometry or as a
 * Feature; a circle is a Point with `properties.radiusM`, a corridor a LineString with
 * `properties.widthM`. A third coordinate (altitude) is left out.
 */
import { err, type FenceShape, type LonLat, type Result } from '@followme/model';
import { checkFenceShape } from './check-shape.ts';
import type { FenceProblem, FenceProblemCode } from './fence-problem.ts';

/** Reads, checks and repairs a fence. Never throws, whatever `input` is. */
export function parseGeoJsonFence(input: unknown): Result<FenceShape, FenceProblem> {
  if (!isRecord(input))
    return refuse('NOT_GEOJSON', '', 'Got no object, expected a GeoJSON Feature or geometry');
  if (input['type'] !== 'Feature') return parseGeometry(input, {});
  const { geometry, properties } = input;
  if (!isRecord(geometry)) {
    return refuse('NOT_GEOJSON', 'geometry', 'Got no object, expected a geometry');
  }
  const parsed = parseGeometry(geometry, isRecord(properties) ? properties : {});
  if (parsed.ok || !parsed.error.path.startsWith('coordinates')) return parsed;
  return err({ ...parsed.error, path: `geometry.${parsed.error.path}` });
}

/** A fence as a Feature without an id; `parseGeoJsonFence` reads it back as it was. */
export function toGeoJsonFence(shape: FenceShape): {
  readonly type: 'Feature';
  readonly geometry: { readonly type: string; readonly coordinates: unknown };
  readonly properties: Readonly<Record<string, number>>;
} {
  const feature = (type: string, coordinates: unknown, properties = {}) =>
    ({ type: 'Feature', geometry: { type, coordinates }, properties }) as const;
  switch (shape.kind) {
    case 'circle':
      return feature('Point', shape.centre, { radiusM: shape.radiusM });
    case 'polygon':
      return feature('Polygon', shape.rings);
    case 'multipolygon':
      return feature('MultiPolygon', shape.polygons);
    case 'corridor':
      return feature('LineString', shape.line, { widthM: shape.widthM });
  }
}

type Parsed<T> = Result<T, FenceProblem>;
type Json = Readonly<Record<string, unknown>>;

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refuse(
  code: FenceProblemCode,
  path: string,
  message: string,
): { readonly ok: false; readonly error: FenceProblem } {
  return err({ code, path, message });
}

function parseGeometry(geometry: Json, properties: Json): Parsed<FenceShape> {
  const { type, coordinates } = geometry;
  const at = 'coordinates';
  switch (type) {
    case 'Point': {
      const size = sizeOf(properties, 'radiusM', 'A Point');
      const centre = parsePoint(coordinates, at);
      if (!centre.ok) return centre;
      return size.ok
        ? checkFenceShape({ kind: 'circle', centre: centre.value, radiusM: size.value })
        : size;
    }
    case 'LineString': {
      const size = sizeOf(properties, 'widthM', 'A LineString');
      const line = parseList(coordinates, at, parsePoint);
      if (!line.ok) return line;
      return size.ok
        ? checkFenceShape({ kind: 'corridor', line: line.value, widthM: size.value })
        : size;
    }
    case 'Polygon': {
      const rings = parseRings(coordinates, at);
      return rings.ok ? checkFenceShape({ kind: 'polygon', rings: rings.value }) : rings;
    }
    case 'MultiPolygon': {
      const polygons = parseList(coordinates, at, parseRings);
      return polygons.ok
        ? checkFenceShape({ kind: 'multipolygon', polygons: polygons.value })
        : polygons;
    }
    default:
      return refuse(
        typeof type === 'string' ? 'UNSUPPORTED_GEOMETRY' : 'NOT_GEOJSON',
        'type',
        `Got ${typeof type === 'string' ? `a ${type.slice(0, 40)}` : 'no type'}, expected Polygon, MultiPolygon, Point with radiusM or LineString with widthM`,
      );
  }
}

function sizeOf(properties: Json, name: 'radiusM' | 'widthM', what: string): Parsed<number> {
  const value = properties[name];
  const path = `properties.${name}`;
  if (value === undefined) {
    return refuse('UNSUPPORTED_GEOMETRY', path, `${what} is a fence only with properties.${name}`);
  }
  if (typeof value !== 'number') {
    return refuse('NOT_A_NUMBER', path, `Got a ${typeof value}, expected metres`);
  }
  return { ok: true, value };
}

function parseRings(value: unknown, path: string): Parsed<LonLat[][]> {
  return parseList(value, path, (ring, ringPath) => parseList(ring, ringPath, parsePoint));
}

function parseList<T>(
  value: unknown,
  path: string,
  parseItem: (item: unknown, itemPath: string) => Parsed<T>,
): Parsed<T[]> {
  if (!Array.isArray(value)) return refuse('NOT_GEOJSON', path, 'Got no array, expected one');
  const items: T[] = [];
  for (const [index, item] of value.entries()) {
    const parsed = parseItem(item, `${path}[${index}]`);
    if (!parsed.ok) return parsed;
    items.push(parsed.value);
  }
  return { ok: true, value: items };
}

function parsePoint(value: unknown, path: string): Parsed<LonLat> {
  if (!Array.isArray(value))
    return refuse('NOT_GEOJSON', path, 'Got no array, expected [lon, lat]');
  if (value.length === 0) return refuse('EMPTY', path, 'Got an empty array, expected [lon, lat]');
  const [lon, lat]: unknown[] = value;
  if (typeof lon !== 'number' || typeof lat !== 'number') {
    return refuse('NOT_A_NUMBER', path, 'Expected [lon, lat] as two numbers');
  }
  return { ok: true, value: [lon, lat] };
}
