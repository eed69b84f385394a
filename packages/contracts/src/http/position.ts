/** Where a tracker was over a period. */
import { Type, type Static } from 'typebox';
import { LatSchema, LonSchema, nullable, pageOf, pageQuery, periodQuery } from './common.ts';

/** One report as it is answered; units are in the names, null is unknown. */
export const PositionSchema = Type.Object({
  fixTime: Type.String(),
  receivedTime: Type.String(),
  lat: LatSchema,
  lon: LonSchema,
  valid: Type.Boolean({ description: 'The device calls the fix valid' }),
  timeSuspect: Type.Boolean({
    description:
      'The clock of the device was impossible: fixTime is the received time, what the device said stands in attributes.rawFixTimeMs',
  }),
  speedMps: nullable(Type.Number()),
  headingDeg: nullable(Type.Number()),
  altitudeM: nullable(Type.Number()),
  accuracyM: nullable(Type.Number()),
  batteryPct: nullable(Type.Integer()),
  charging: nullable(Type.Boolean()),
  satellitesInUse: nullable(Type.Integer()),
  alarm: Type.String(),
  eventCode: Type.Integer(),
  attributes: Type.Record(Type.String(), Type.Unknown()),
});
/** See `PositionSchema`. */
export type PositionReply = Static<typeof PositionSchema>;

/** GET /api/trackers/:trackerId/positions; without `from` the last 24 hours before `to`. */
export const PositionQuerySchema = Type.Object(
  { ...periodQuery, ...pageQuery },
  { additionalProperties: false },
);
/** See `PositionQuerySchema`. */
export type PositionQuery = Static<typeof PositionQuerySchema>;
/** Ascending by fix time. */
export const PositionPageSchema = pageOf(PositionSchema);
/** See `PositionPageSchema`. */
export type PositionPage = Static<typeof PositionPageSchema>;
