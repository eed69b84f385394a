/** Fences: GeoJSON in, GeoJSON out (RFC 7946; a circle is a Point with a radius). */
import { Type, type Static } from 'typebox';
import { IdSchema, NameSchema, pageOf } from './common.ts';

/** `/api/fences/:fenceId` */
export const FenceParamsSchema = Type.Object(
  { fenceId: IdSchema },
  { additionalProperties: false },
);

/**
 * Numbers of a coordinate are not looked at here: ranges, closure, crossings and sizes are geometry, and
 * geometry answers FENCE_INVALID with a reason and a place.
 */
const Coordinate = Type.Array(Type.Number(), { description: '[lon, lat] in degrees' });
const Ring = Type.Array(Coordinate);

/** The shape of a fence. */
export const FenceGeometrySchema = Type.Union([
  Type.Object(
    {
      type: Type.Literal('Point'),
      coordinates: Coordinate,
      radiusM: Type.Number({ description: 'Radius of the circle in metres' }),
    },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('Polygon'), coordinates: Type.Array(Ring) },
    { additionalProperties: false },
  ),
  Type.Object(
    { type: Type.Literal('MultiPolygon'), coordinates: Type.Array(Type.Array(Ring)) },
    { additionalProperties: false },
  ),
  Type.Object(
    {
      type: Type.Literal('LineString'),
      coordinates: Ring,
      widthM: Type.Number({ description: 'Full width of the corridor in metres' }),
    },
    { additionalProperties: false },
  ),
]);
/** See `FenceGeometrySchema`. */
export type FenceGeometry = Static<typeof FenceGeometrySchema>;

/** A fence as it is answered. */
export const FenceReplySchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  geometry: FenceGeometrySchema,
  version: Type.Integer({ description: 'fencesVersion in which it took this form' }),
});
/** See `FenceReplySchema`. */
export type FenceReply = Static<typeof FenceReplySchema>;

/** GET /api/fences */
export const FencePageSchema = pageOf(FenceReplySchema);
/** See `FencePageSchema`. */
export type FencePage = Static<typeof FencePageSchema>;

/** POST /api/fences */
export const CreateFenceBodySchema = Type.Object(
  { name: NameSchema, geometry: FenceGeometrySchema },
  { additionalProperties: false },
);
/** See `CreateFenceBodySchema`. */
export type CreateFenceBody = Static<typeof CreateFenceBodySchema>;

/** PATCH /api/fences/:fenceId: what is left out stays. */
export const UpdateFenceBodySchema = Type.Object(
  { name: Type.Optional(NameSchema), geometry: Type.Optional(FenceGeometrySchema) },
  { additionalProperties: false },
);
/** See `UpdateFenceBodySchema`. */
export type UpdateFenceBody = Static<typeof UpdateFenceBodySchema>;
