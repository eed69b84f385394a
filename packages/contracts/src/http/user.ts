/** People of a tenant: who they are, what they may do, which groups they see. */
import { Type, type Static } from 'typebox';
import { IdListSchema, IdSchema, NameSchema, pageOf, pageQuery } from './common.ts';
import { RoleSchema } from './session.ts';

/** `/api/users/:userId` */
export const UserParamsSchema = Type.Object({ userId: IdSchema }, { additionalProperties: false });

const EmailSchema = Type.String({ minLength: 3, maxLength: 254, format: 'email' });
/** Fewest characters of a password people choose. */
export const MIN_PASSWORD_CHARS = 10;

/** A person as it is answered. */
export const UserSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  email: Type.String(),
  role: RoleSchema,
  seesAll: Type.Boolean({ description: 'Sees every tracker; administrators always do' }),
  groupIds: Type.Array(IdSchema),
  disabled: Type.Boolean({ description: 'May not log in' }),
});
/** See `UserSchema`. */
export type UserReply = Static<typeof UserSchema>;
/** GET /api/users */
export const UserPageSchema = pageOf(UserSchema);
/** See `UserPageSchema`. */
export type UserPage = Static<typeof UserPageSchema>;

/** GET /api/colleagues */
export const ColleagueQuerySchema = Type.Object(
  {
    alertId: Type.Optional({
      ...IdSchema,
      description: 'Only those who see the tracker of this alert',
    }),
    ...pageQuery,
  },
  { additionalProperties: false },
);
/** See `ColleagueQuerySchema`. */
export type ColleagueQuery = Static<typeof ColleagueQuerySchema>;
/** GET /api/colleagues: to whom an alert can be assigned. */
export const ColleaguePageSchema = pageOf(Type.Object({ id: IdSchema, name: Type.String() }));
/** See `ColleaguePageSchema`. */
export type ColleaguePage = Static<typeof ColleaguePageSchema>;

/** POST /api/users */
export const CreateUserBodySchema = Type.Object(
  {
    name: NameSchema,
    email: EmailSchema,
    role: RoleSchema,
    seesAll: Type.Optional(Type.Boolean()),
    groupIds: Type.Optional(IdListSchema),
  },
  { additionalProperties: false },
);
/** See `CreateUserBodySchema`. */
export type CreateUserBody = Static<typeof CreateUserBodySchema>;
/** POST /api/users and /api/users/:userId/password */
export const UserWithPasswordSchema = Type.Object({
  user: UserSchema,
  password: Type.String({ description: 'To hand over; not shown again' }),
});
/** See `UserWithPasswordSchema`. */
export type UserWithPassword = Static<typeof UserWithPasswordSchema>;

/** PATCH /api/users/:userId: what is left out stays. The last administrator stays one. */
export const UpdateUserBodySchema = Type.Object(
  {
    name: Type.Optional(NameSchema),
    role: Type.Optional(RoleSchema),
    seesAll: Type.Optional(Type.Boolean()),
    groupIds: Type.Optional(IdListSchema),
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: false },
);
/** See `UpdateUserBodySchema`. */
export type UpdateUserBody = Static<typeof UpdateUserBodySchema>;

/** POST /api/session/password: one's own. */
export const ChangePasswordBodySchema = Type.Object(
  {
    current: Type.String({ minLength: 1, maxLength: 1_000 }),
    next: Type.String({ minLength: MIN_PASSWORD_CHARS, maxLength: 1_000 }),
  },
  { additionalProperties: false },
);
/** See `ChangePasswordBodySchema`. */
export type ChangePasswordBody = Static<typeof ChangePasswordBodySchema>;
