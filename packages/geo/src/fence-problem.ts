import type { LonLat } from '@followme/model';

/** Why a fence cannot be stored. */
export type FenceProblemCode =
  /** The input is no GeoJSON object of the form we read. */
  | 'NOT_GEOJSON'
  /** A geometry that is no fence: LineString without a width, GeometryCollection, … */
  | 'UNSUPPORTED_GEOMETRY'
  /** No coordinates where some are needed. */
  | 'EMPTY'
  /** A coordinate, radius or width that is not a finite number. */
  | 'NOT_A_NUMBER'
  /** A longitude outside ±180 or a latitude outside ±90. */
  | 'OUT_OF_RANGE'
  /** A ring with fewer than three distinct points, a line with fewer than two. */
  | 'TOO_FEW_POINTS'
  | 'TOO_MANY_VERTICES'
  | 'TOO_MANY_RINGS'
  /** A ring that crosses, touches or retraces itself. */
  | 'SELF_INTERSECTION'
  /** Two rings of one polygon cross or run along each other. */
  | 'RINGS_CROSS'
  /** A hole that is not inside the outer ring, or is inside another hole. */
  | 'HOLE_MISPLACED'
  /** A ring that goes once around the earth, and so around a pole. */
  | 'AROUND_POLE'
  | 'RADIUS_OUT_OF_RANGE'
  | 'WIDTH_OUT_OF_RANGE';

/** What is wrong with a fence and where, for the person who drew it. */
export interface FenceProblem {
  readonly code: FenceProblemCode;
  /** Where in the input, as `coordinates[0][3]`; empty for the whole. */
  readonly path: string;
  /** Where on earth, when the problem has a place. */
  readonly place?: LonLat;
  /** One sentence with what was got and what was expected. */
  readonly message: string;
}

/** Bounds of what a fence may be. */
export const FENCE_LIMITS = {
  /** Vertices of all rings together. */
  vertices: 100_000,
  /** Rings of all polygons together; it bounds the test of holes against each other. */
  rings: 1_000,
  /** Largest radius of a circle in metres. */
  radiusM: 1_000_000,
  /** Largest width of a corridor in metres; beyond it a local plane no longer measures well. */
  widthM: 200_000,
} as const;
