/** Signing in and out, and the key that opens a socket from a browser. */
import { Type, type Static } from 'typebox';
import { IdSchema } from './common.ts';

/** Header that proves a change with a cookie comes from our own page; any value will do. */
export const CSRF_HEADER = 'x-followme';
/** Cookie that carries the session key. */
export const SESSION_COOKIE = 'followme_session';

/** What a person may do, widest first. */
export const ROLES = ['administrator', 'operator', 'member', 'readOnly'] as const;
/** What a person may do. */
export const RoleSchema = Type.Union([
  Type.Literal('administrator'),
  Type.Literal('operator'),
  Type.Literal('member'),
  Type.Literal('readOnly'),
]);

/** Who is signed in. */
export const SignedInUserSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  email: Type.String(),
  role: RoleSchema,
});
/** Where they are signed in. */
export const SignedInTenantSchema = Type.Object({
  id: IdSchema,
  name: Type.String(),
  isProvider: Type.Boolean({ description: 'The tenant of those who run the installation' }),
});

/** POST /api/login */
export const LoginBodySchema = Type.Object(
  {
    email: Type.String({ minLength: 1, maxLength: 254 }),
    password: Type.String({ minLength: 1, maxLength: 1_000 }),
  },
  { additionalProperties: false },
);
/** See `LoginBodySchema`. */
export type LoginBody = Static<typeof LoginBodySchema>;

/** GET /api/session */
export const SessionReplySchema = Type.Object({
  user: SignedInUserSchema,
  tenant: SignedInTenantSchema,
});
/** See `SessionReplySchema`. */
export type SessionReply = Static<typeof SessionReplySchema>;

/** POST /api/login answers the key as well, for programs that send it as a bearer token. */
export const LoginReplySchema = Type.Object({
  sessionKey: Type.String({ description: 'Send it as `Authorization: Bearer …`' }),
  user: SignedInUserSchema,
  tenant: SignedInTenantSchema,
});
/** See `LoginReplySchema`. */
export type LoginReply = Static<typeof LoginReplySchema>;

/** POST /api/session/socket-key */
export const SocketKeyReplySchema = Type.Object({
  sessionKey: Type.String({ description: 'Opens one socket once' }),
  expiresInS: Type.Integer({ minimum: 1 }),
});
/** See `SocketKeyReplySchema`. */
export type SocketKeyReply = Static<typeof SocketKeyReplySchema>;
