/** What is wrong with a draft, as the server is going to say it: the same code decides, here and there. */
import { parseGeoJsonFence, type FenceProblemCode } from '@followme/geo';
import type { FenceGeometry } from '@followme/contracts';
import type { LonLat } from '../places/sphere.ts';

/** Why a shape cannot be a place, and where, when the reason has a where. */
export interface ShapeProblem {
  readonly reason: FenceProblemCode;
  readonly place: LonLat | null;
}

/** The first problem of a geometry; null when it can be a place. */
export function shapeProblem(geometry: FenceGeometry): ShapeProblem | null {
  const { type, coordinates, ...properties } = geometry;
  const parsed = parseGeoJsonFence({
    type: 'Feature',
    geometry: { type, coordinates },
    properties,
  });
  if (parsed.ok) return null;
  const { code, place } = parsed.error;
  return { reason: code, place: place === undefined ? null : [place[0], place[1]] };
}

const REASONS: readonly string[] = [
  'NOT_GEOJSON',
  'UNSUPPORTED_GEOMETRY',
  'EMPTY',
  'NOT_A_NUMBER',
  'OUT_OF_RANGE',
  'TOO_FEW_POINTS',
  'TOO_MANY_VERTICES',
  'TOO_MANY_RINGS',
  'SELF_INTERSECTION',
  'RINGS_CROSS',
  'HOLE_MISPLACED',
  'AROUND_POLE',
  'RADIUS_OUT_OF_RANGE',
  'WIDTH_OUT_OF_RANGE',
] satisfies readonly FenceProblemCode[];

/** The reason a server gave; one we have no words for is NOT_GEOJSON. */
export function toReason(text: string | undefined): FenceProblemCode {
  // looked up in the table of all of them
  return (REASONS.includes(text ?? '') ? text : 'NOT_GEOJSON') as FenceProblemCode;
}
