/** Groups: which people see which trackers. */
import { Type, type Static } from 'typebox';
import { IdListSchema, IdSchema, NameSchema, pageOf } from './common.ts';

/** `/api/groups/:groupId` */
export const GroupParamsSchema = Type.Object(
  { groupId: IdSchema },
  { additionalProperties: false },
);

/** A group as it is answered. */
export const GroupSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  trackerIds: Type.Array(IdSchema),
  userIds: Type.Array(IdSchema, { description: 'Empty for callers who are no administrators' }),
});
/** See `GroupSchema`. */
export type GroupReply = Static<typeof GroupSchema>;

/** GET /api/groups */
export const GroupPageSchema = pageOf(GroupSchema);
/** See `GroupPageSchema`. */
export type GroupPage = Static<typeof GroupPageSchema>;

/** POST /api/groups */
export const CreateGroupBodySchema = Type.Object(
  {
    name: NameSchema,
    trackerIds: Type.Optional(IdListSchema),
    userIds: Type.Optional(IdListSchema),
  },
  { additionalProperties: false },
);
/** See `CreateGroupBodySchema`. */
export type CreateGroupBody = Static<typeof CreateGroupBodySchema>;

/** PATCH /api/groups/:groupId: what is left out stays. */
export const UpdateGroupBodySchema = Type.Object(
  {
    name: Type.Optional(NameSchema),
    trackerIds: Type.Optional(IdListSchema),
    userIds: Type.Optional(IdListSchema),
  },
  { additionalProperties: false },
);
/** See `UpdateGroupBodySchema`. */
export type UpdateGroupBody = Static<typeof UpdateGroupBodySchema>;
