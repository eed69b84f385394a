/** Crossings of fences, newest first. */
import { Type, type Static } from 'typebox';
import { IdSchema, LatSchema, LonSchema, pageOf, pageQuery, periodQuery } from './common.ts';

/** One crossing, the same over HTTP and over the socket. */
export const EventSchema = Type.Object({
  eventId: Type.String(),
  kind: Type.Union([Type.Literal('enter'), Type.Literal('exit')]),
  reason: Type.Union([
    Type.Literal('fix'),
    Type.Literal('fenceCreated'),
    Type.Literal('fenceUpdated'),
    Type.Literal('fenceDeleted'),
  ]),
  trackerId: IdSchema,
  fenceId: IdSchema,
  fenceName: Type.String(),
  fixTime: Type.String({ description: 'Time of the fix that decided it' }),
  receivedTime: Type.String(),
  lat: LatSchema,
  lon: LonSchema,
  initial: Type.Boolean({ description: 'The first fix ever seen of the tracker lay inside' }),
  eventSeq: Type.Integer({ description: 'Counts the events of the tracker from 1 without gaps' }),
  fencesVersion: Type.Integer({ description: 'The version of the fences it was judged by' }),
});
/** See `EventSchema`. */
export type EventReply = Static<typeof EventSchema>;

/** GET /api/events; without `from` the last 24 hours before `to`. */
export const EventQuerySchema = Type.Object(
  {
    ...periodQuery,
    trackerId: Type.Optional(IdSchema),
    fenceId: Type.Optional(IdSchema),
    ...pageQuery,
  },
  { additionalProperties: false },
);
/** See `EventQuerySchema`. */
export type EventQuery = Static<typeof EventQuerySchema>;
/** Descending by fix time. */
export const EventPageSchema = pageOf(EventSchema);
/** See `EventPageSchema`. */
export type EventPage = Static<typeof EventPageSchema>;
