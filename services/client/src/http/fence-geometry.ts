/**
 * Between the geometry of a request and the shape of a fence. The schema lets any object through, so that
 * what is wrong with it is told by its `type`: a union of schemas can only say of which member a field is
 * not one.
 */
import type { FenceGeometry, FenceGeometryBody, ProblemDetails } from '@followme/contracts';
import { parseGeoJsonFence, toGeoJsonFence, type FenceProblem } from '@followme/geo';
import { err, ok, type FenceShape, type Result } from '@followme/model';

type Json = Readonly<Record<string, unknown>>;
type Checked<T> = Result<T, ProblemDetails>;

/** Pointer to the geometry of a body. */
const AT = '/body/geometry';

/** The measure that makes a fence of a geometry which has no extent of its own. */
const MEASURES: Readonly<Record<string, 'radiusM' | 'widthM'>> = {
  Point: 'radiusM',
  LineString: 'widthM',
};
/** Geometries that have an extent; all others are refused by their type. */
const AREAS: readonly string[] = ['Polygon', 'MultiPolygon'];

/** A geometry of the request, where in the body it stands, and the properties of a Feature around it. */
interface Given {
  readonly geometry: Json;
  readonly at: string;
  readonly properties: Json;
}

function isRecord(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const refuse = (reason: FenceProblem['code'], path: string, detail: string) =>
  err({ reason, path, detail });

/** A geometry as it is, or that of a Feature. */
function readGiven(body: Json): Checked<Given> {
  const { type, geometry, properties } = body;
  if (type === 'FeatureCollection') {
    const detail = 'Got a FeatureCollection; send the geometry of one of its features';
    return refuse('UNSUPPORTED_GEOMETRY', `${AT}/type`, detail);
  }
  if (type !== 'Feature') return ok({ geometry: body, at: AT, properties: {} });
  const at = `${AT}/geometry`;
  if (!isRecord(geometry))
    return refuse('NOT_GEOJSON', at, 'The Feature has no geometry; send one');
  return ok({ geometry, at, properties: isRecord(properties) ? properties : {} });
}

/** A name as a step of a JSON pointer (RFC 6901 §3). */
const toStep = (name: string): string => name.replaceAll('~', '~0').replaceAll('/', '~1');

/** Refuses members that the type does not have; `bbox` says nothing new and is passed over. */
function checkMembers({ geometry, at }: Given, type: string): Checked<void> {
  const measure = MEASURES[type];
  const fields = ['type', 'coordinates', ...(measure === undefined ? [] : [measure])];
  const odd = Object.keys(geometry).find((name) => name !== 'bbox' && !fields.includes(name));
  if (odd === undefined) return ok(undefined);
  const name = odd.slice(0, 40);
  const detail = `${name} is not a field of a ${type}; its fields are ${fields.join(', ')}`;
  return refuse('NOT_GEOJSON', `${at}/${toStep(name)}`, detail);
}

/** A measure as the geometry checks take it, and where in the body it stands. */
interface Measure {
  readonly path: string;
  readonly properties: Json;
}
const NO_MEASURE: Measure = { path: AT, properties: {} };

/** The measure beside the coordinates, or among the properties of the Feature. */
function readMeasure(given: Given, type: string): Checked<Measure> {
  const name = MEASURES[type];
  if (name === undefined) return ok(NO_MEASURE);
  const isInProperties = given.geometry[name] === undefined && given.properties[name] !== undefined;
  const value = (isInProperties ? given.properties : given.geometry)[name];
  const path = isInProperties ? `${AT}/properties/${name}` : `${given.at}/${name}`;
  if (value === undefined) {
    return refuse(
      'UNSUPPORTED_GEOMETRY',
      path,
      `A ${type} is a fence only with ${name}, in metres`,
    );
  }
  if (typeof value !== 'number') {
    return refuse('NOT_A_NUMBER', path, `${name} must be a number, in metres`);
  }
  return ok({ path, properties: { [name]: value } });
}

/** `geometry.coordinates[0][3]` of the geometry checks as a JSON pointer into the body. */
function toPointer(path: string, at: string): string {
  const steps = path.replace(/^geometry\.?/, '').replaceAll(/\[(\d+)\]/g, '.$1');
  return [at, ...steps.split('.').filter((step) => step !== '')].join('/');
}

/** The shape of a geometry, or why it cannot be one. */
export function parseGeometry(body: FenceGeometryBody): Result<FenceShape, ProblemDetails> {
  const given = readGiven(body);
  if (!given.ok) return given;
  const { geometry, at } = given.value;
  const { type, coordinates } = geometry;
  let measure = NO_MEASURE;
  if (typeof type === 'string' && (AREAS.includes(type) || Object.hasOwn(MEASURES, type))) {
    const members = checkMembers(given.value, type);
    if (!members.ok) return members;
    const read = readMeasure(given.value, type);
    if (!read.ok) return read;
    measure = read.value;
  }
  const { properties } = measure;
  const feature = { type: 'Feature', geometry: { type, coordinates }, properties };
  const parsed = parseGeoJsonFence(feature);
  if (parsed.ok) return parsed;
  const { code, message, path, place } = parsed.error;
  return err({
    reason: code,
    detail: message,
    path: path.startsWith('properties.') ? measure.path : toPointer(path, at),
    ...(place === undefined ? {} : { place: [...place] }),
  });
}

/** The geometry of a shape; a circle's and a corridor's size stands beside its coordinates. */
export function toGeometry(shape: FenceShape): FenceGeometry {
  const { geometry, properties } = toGeoJsonFence(shape);
  // the four shapes are the four geometries of the schema; the reply is checked against it
  return { ...geometry, ...properties } as FenceGeometry;
}
