/** Fences: GeoJSON in, GeoJSON out (RFC 7946; a circle is a Point with a radius). */
import { Type, type Static } from 'typebox';
import {
  IdListSchema,
  IdSchema,
  NameSchema,
  nullable,
  pageOf,
  pageQuery,
  TimeSchema,
} from './common.ts';

/** `/api/fences/:fenceId` */
export const FenceParamsSchema = Type.Object(
  { fenceId: IdSchema },
  { additionalProperties: false },
);

const Coordinate = Type.Array(Type.Number(), { description: '[lon, lat] in degrees' });
const Ring = Type.Array(Coordinate);

/** The shape of a fence as it is answered. */
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

/**
 * The geometry of a request. Only that it is an object is looked at here: its type, fields, ranges, closure,
 * crossings and sizes are geometry, and geometry answers FENCE_INVALID with a reason and a place.
 */
const FenceGeometryBodySchema = Type.Record(Type.String(), Type.Unknown(), {
  description:
    'GeoJSON: a Polygon, a MultiPolygon, a Point with radiusM or a LineString with widthM (full width), both in metres; or a Feature with one of them. What cannot be a fence is refused with FENCE_INVALID, a reason and its place; bbox and properties of a Feature other than these are passed over',
  examples: [{ type: 'Point', coordinates: [5.12, 52.09], radiusM: 300 }],
});
/** See `FenceGeometryBodySchema`. */
export type FenceGeometryBody = Static<typeof FenceGeometryBodySchema>;

/** A fence as it is answered. */
export const FenceReplySchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  geometry: FenceGeometrySchema,
  groupIds: nullable({ ...IdListSchema, description: 'Trackers of these groups; null is all' }),
  version: Type.Integer({ description: 'fencesVersion in which it took this form' }),
});
/** See `FenceReplySchema`. */
export type FenceReply = Static<typeof FenceReplySchema>;

/** GET /api/fences; with `since` only what changed after that `version`, and what went. */
export const FenceQuerySchema = Type.Object(
  {
    since: Type.Optional(
      Type.Integer({ minimum: 0, description: '`version` of an earlier answer' }),
    ),
    ...pageQuery,
  },
  { additionalProperties: false },
);
/** See `FenceQuerySchema`. */
export type FenceQuery = Static<typeof FenceQuerySchema>;
/** GET /api/fences */
export const FencePageSchema = Type.Object({
  ...pageOf(FenceReplySchema).properties,
  version: Type.Integer({ description: 'The fencesVersion this answer stands for' }),
  deletedIds: Type.Array(IdSchema, { description: 'Of the first page: gone after `since`' }),
});
/** See `FencePageSchema`. */
export type FencePage = Static<typeof FencePageSchema>;

/** POST /api/fences */
export const CreateFenceBodySchema = Type.Object(
  {
    name: NameSchema,
    geometry: FenceGeometryBodySchema,
    groupIds: Type.Optional(nullable(IdListSchema)),
  },
  { additionalProperties: false },
);
/** See `CreateFenceBodySchema`. */
export type CreateFenceBody = Static<typeof CreateFenceBodySchema>;

/** PATCH /api/fences/:fenceId: what is left out stays. */
export const UpdateFenceBodySchema = Type.Object(
  {
    name: Type.Optional(NameSchema),
    geometry: Type.Optional(FenceGeometryBodySchema),
    groupIds: Type.Optional(nullable(IdListSchema)),
    ifVersion: Type.Optional(
      Type.Integer({ minimum: 0, description: 'Refused with FENCE_CHANGED when it has another' }),
    ),
  },
  { additionalProperties: false },
);
/** See `UpdateFenceBodySchema`. */
export type UpdateFenceBody = Static<typeof UpdateFenceBodySchema>;

/** Days a preview reaches back when the caller does not say. */
export const DEFAULT_PREVIEW_DAYS = 7;
/** Most days a preview reaches back. */
const MAX_PREVIEW_DAYS = 31;

/** POST /api/fences/preview: a fence as it would be written. */
export const FencePreviewBodySchema = Type.Object(
  {
    geometry: FenceGeometryBodySchema,
    groupIds: Type.Optional(nullable(IdListSchema)),
    days: Type.Optional(
      Type.Integer({
        minimum: 1,
        maximum: MAX_PREVIEW_DAYS,
        description: `Days of 24 hours to look back, ${DEFAULT_PREVIEW_DAYS} when left out`,
      }),
    ),
  },
  { additionalProperties: false },
);
/** See `FencePreviewBodySchema`. */
export type FencePreviewBody = Static<typeof FencePreviewBodySchema>;

/** What a fence would have seen. */
export const FencePreviewSchema = Type.Object({
  from: { ...TimeSchema, description: 'How far back it reaches; every count begins here' },
  to: { ...TimeSchema, description: 'The instant it was asked for' },
  isWhole: Type.Boolean({
    description: 'Whether it reaches as far as asked; else there was too much to look through',
  }),
  entries: Type.Integer({ description: 'Times that a tracker came in' }),
  exits: Type.Integer({ description: 'Times that one went out' }),
  trackers: Type.Integer({ description: 'Trackers that came in at least once' }),
  visitors: Type.Integer({
    description: 'Trackers that were inside at some time, those that were from the start included',
  }),
  positions: Type.Integer({ description: 'Positions that were judged' }),
});
/** See `FencePreviewSchema`. */
export type FencePreviewReply = Static<typeof FencePreviewSchema>;
