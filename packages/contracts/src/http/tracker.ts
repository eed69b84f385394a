/** Trackers and the devices that report for them. */
import { Type, type Static } from 'typebox';
import { IdListSchema, IdSchema, NameSchema, nullable, pageOf, pageQuery } from './common.ts';
import { IDENTIFIER_PATTERN, PROTOCOL_PATTERN } from './pattern.ts';

/** `/api/trackers/:trackerId` */
export const TrackerParamsSchema = Type.Object(
  { trackerId: IdSchema },
  { additionalProperties: false },
);

/** What reports for a tracker: a protocol family and the identifier the device calls itself by. */
export const DeviceSchema = Type.Object(
  {
    protocol: Type.String({ minLength: 1, maxLength: 40, pattern: PROTOCOL_PATTERN }),
    identifier: Type.String({ minLength: 1, maxLength: 128, pattern: IDENTIFIER_PATTERN }),
  },
  { additionalProperties: false },
);
/** See `DeviceSchema`. */
export type DeviceReply = Static<typeof DeviceSchema>;

/** A tracker as it is answered. */
export const TrackerSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  groupIds: Type.Array(IdSchema),
  device: nullable(DeviceSchema),
});
/** See `TrackerSchema`. */
export type TrackerReply = Static<typeof TrackerSchema>;

/** GET /api/trackers */
export const TrackerQuerySchema = Type.Object(
  {
    search: Type.Optional(
      Type.String({ minLength: 1, maxLength: 100, description: 'Part of the name or identifier' }),
    ),
    groupId: Type.Optional(IdSchema),
    ...pageQuery,
  },
  { additionalProperties: false },
);
/** See `TrackerQuerySchema`. */
export type TrackerQuery = Static<typeof TrackerQuerySchema>;
/** GET /api/trackers */
export const TrackerPageSchema = pageOf(TrackerSchema);
/** See `TrackerPageSchema`. */
export type TrackerPage = Static<typeof TrackerPageSchema>;

/** POST /api/trackers */
export const CreateTrackerBodySchema = Type.Object(
  {
    name: NameSchema,
    groupIds: Type.Optional(IdListSchema),
    device: Type.Optional(DeviceSchema),
  },
  { additionalProperties: false },
);
/** See `CreateTrackerBodySchema`. */
export type CreateTrackerBody = Static<typeof CreateTrackerBodySchema>;

/** PATCH /api/trackers/:trackerId: what is left out stays; `device: null` takes the device away. */
export const UpdateTrackerBodySchema = Type.Object(
  {
    name: Type.Optional(NameSchema),
    groupIds: Type.Optional(IdListSchema),
    device: Type.Optional(nullable(DeviceSchema)),
  },
  { additionalProperties: false },
);
/** See `UpdateTrackerBodySchema`. */
export type UpdateTrackerBody = Static<typeof UpdateTrackerBodySchema>;
