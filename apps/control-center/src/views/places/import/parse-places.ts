/**
 * Files of places: GeoJSON, KML and GPX into shapes the server can take. Pure, so that it runs in a worker and in
 * tests; what is no place is left to the server to refuse by name.
 */
import { gpx, kml } from '@tmcw/togeojson';

/** A place of a file. A point has no extent and a line no width until somebody says so. */
export interface FilePlace {
  readonly name: string;
  readonly geometry: Readonly<Record<string, unknown>> & { readonly type: string };
}

/** Why a file has no places; the words stand in `places.readFailed`. */
export type ReadFault =
  'empty' | 'notJson' | 'notXml' | 'unknown' | 'noPlaces' | 'tooMany' | 'broken';

export type FileRead =
  | { readonly kind: 'read'; readonly places: readonly FilePlace[] }
  | { readonly kind: 'failed'; readonly fault: ReadFault };

/** As the contracts have it: more is not taken at once. */
const MAX_PLACES = 200_000;
/** Names of files are cut by the server; this only keeps pieces small. */
const MAX_NAME_CHARS = 1_000;

type Json = Readonly<Record<string, unknown>>;
const isRecord = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parses XML; null when it is none. Browsers and workers bring different parsers. */
export type XmlParser = (text: string) => Document | null;

const NAME_FIELDS = ['name', 'Name', 'NAME', 'title', 'naam', 'label', 'id'] as const;

function nameOf(feature: Json): string {
  const properties = isRecord(feature['properties']) ? feature['properties'] : {};
  for (const field of NAME_FIELDS) {
    const value = properties[field];
    if (typeof value === 'string' && value.trim() !== '') return value.slice(0, MAX_NAME_CHARS);
    if (typeof value === 'number') return String(value);
  }
  return '';
}

const SIZES: Readonly<Record<string, string>> = { Point: 'radiusM', LineString: 'widthM' };

/** The geometry with the size that our own files have among the properties. */
function withSize(geometry: Json, type: string, properties: Json): FilePlace['geometry'] {
  const { coordinates } = geometry;
  const size = SIZES[type];
  const own = size === undefined ? undefined : (geometry[size] ?? properties[size]);
  const isSize = typeof own === 'number' && Number.isFinite(own);
  return { type, coordinates, ...(size !== undefined && isSize ? { [size]: own } : {}) };
}

/** Shapes a place can be made of; a collection is several. */
function placesOf(geometry: unknown, name: string, properties: Json): FilePlace[] {
  if (!isRecord(geometry)) return [];
  const { type, coordinates, geometries } = geometry;
  if (typeof type !== 'string') return [];
  if (type === 'GeometryCollection' && Array.isArray(geometries)) {
    return geometries.flatMap((inner) => placesOf(inner, name, properties));
  }
  const single = { MultiPoint: 'Point', MultiLineString: 'LineString' }[type];
  if (single !== undefined && Array.isArray(coordinates)) {
    return coordinates.map((part: unknown) => ({
      name,
      geometry: withSize({ coordinates: part }, single, properties),
    }));
  }
  return [{ name, geometry: withSize(geometry, type, properties) }];
}

/** Every place of GeoJSON: a collection, one feature, or a bare geometry. */
function placesOfGeoJson(input: unknown): FileRead {
  if (!isRecord(input)) return { kind: 'failed', fault: 'unknown' };
  const features = input['type'] === 'FeatureCollection' ? input['features'] : [input];
  if (!Array.isArray(features)) return { kind: 'failed', fault: 'unknown' };
  const places: FilePlace[] = [];
  for (const feature of features) {
    if (!isRecord(feature)) continue;
    const isFeature = feature['type'] === 'Feature';
    const properties = isRecord(feature['properties']) ? feature['properties'] : {};
    const found = placesOf(isFeature ? feature['geometry'] : feature, nameOf(feature), properties);
    for (const place of found) places.push(place);
    if (places.length > MAX_PLACES) return { kind: 'failed', fault: 'tooMany' };
  }
  return places.length === 0 ? { kind: 'failed', fault: 'noPlaces' } : { kind: 'read', places };
}

/** Reads the text of a file; what it is, is told from how it begins. */
export function parsePlaces(text: string, parseXml: XmlParser): FileRead {
  const begin = text.replace(/^\ufeff/, '').trimStart();
  if (begin === '') return { kind: 'failed', fault: 'empty' };
  return begin.startsWith('<') ? parseXmlPlaces(begin, parseXml) : parseJsonPlaces(begin);
}

function parseJsonPlaces(text: string): FileRead {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return { kind: 'failed', fault: 'notJson' };
  }
  return placesOfGeoJson(parsed);
}

function parseXmlPlaces(text: string, parseXml: XmlParser): FileRead {
  const document = parseXml(text);
  const root = document?.documentElement;
  if (document === null || root === undefined || root === null) {
    return { kind: 'failed', fault: 'notXml' };
  }
  const name = root.localName ?? root.nodeName;
  if (name === 'kml') return placesOfGeoJson(kml(document));
  if (name === 'gpx') return placesOfGeoJson(gpx(document));
  return { kind: 'failed', fault: 'unknown' };
}

/** Sizes for what has none: points become circles, lines corridors. */
export interface Sizes {
  readonly radiusM: number;
  readonly widthM: number;
}

/** The geometry with a size where one is needed and none is given. */
export function sized(
  geometry: FilePlace['geometry'],
  sizes: Sizes,
): Readonly<Record<string, unknown>> {
  if (geometry.type === 'Point') return { radiusM: sizes.radiusM, ...geometry };
  return geometry.type === 'LineString' ? { widthM: sizes.widthM, ...geometry } : geometry;
}

/** How many of a file need a size. */
export function countUnsized(places: readonly FilePlace[]): {
  readonly points: number;
  readonly lines: number;
} {
  let [points, lines] = [0, 0];
  for (const { geometry } of places) {
    if (geometry.type === 'Point' && geometry['radiusM'] === undefined) points += 1;
    if (geometry.type === 'LineString' && geometry['widthM'] === undefined) lines += 1;
  }
  return { points, lines };
}
