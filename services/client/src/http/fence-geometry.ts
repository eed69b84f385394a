/** Between the geometry of a request and the shape of a fence. */
import type { FenceGeometry, ProblemDetails } from '@followme/contracts';
import { parseGeoJsonFence, toGeoJsonFence, type FenceProblem } from '@followme/geo';
import { err, ok, type FenceShape, type Result } from '@followme/model';

/** `geometry.coordinates[0][3]` as a JSON pointer into the body. */
function toPointer(path: string): string {
  const steps = path.replaceAll(/\[(\d+)\]/g, '.$1').split('.');
  return ['/body', ...steps.filter((step) => step !== '')]
    .join('/')
    .replace('/properties', '/geometry');
}

function toDetails(problem: FenceProblem): ProblemDetails {
  return {
    reason: problem.code,
    detail: problem.message,
    path: toPointer(problem.path),
    ...(problem.place === undefined ? {} : { place: [...problem.place] }),
  };
}

/** The shape of a geometry, or why it cannot be one. */
export function parseGeometry(geometry: FenceGeometry): Result<FenceShape, ProblemDetails> {
  const { type, coordinates } = geometry;
  const properties = {
    ...('radiusM' in geometry ? { radiusM: geometry.radiusM } : {}),
    ...('widthM' in geometry ? { widthM: geometry.widthM } : {}),
  };
  const parsed = parseGeoJsonFence({
    type: 'Feature',
    geometry: { type, coordinates },
    properties,
  });
  return parsed.ok ? ok(parsed.value) : err(toDetails(parsed.error));
}

/** The geometry of a shape; a circle's and a corridor's size stands beside its coordinates. */
export function toGeometry(shape: FenceShape): FenceGeometry {
  const { geometry, properties } = toGeoJsonFence(shape);
  // the four shapes are the four geometries of the schema; the reply is checked against it
  return { ...geometry, ...properties } as FenceGeometry;
}
