/** What orchestrators and people at 3 am ask. */
import { Type, type Static } from 'typebox';

/** GET /livez, /startupz */
export const AliveReplySchema = Type.Object({ status: Type.Literal('ok') });

/** GET /readyz: 200 when ready, else 503; `checks` says what is missing either way. */
export const ReadinessReplySchema = Type.Object({
  ready: Type.Boolean(),
  checks: Type.Array(
    Type.Object({
      name: Type.String(),
      ok: Type.Boolean(),
      detail: Type.Optional(Type.String()),
    }),
  ),
});
/** See `ReadinessReplySchema`. */
export type ReadinessReply = Static<typeof ReadinessReplySchema>;

/** GET /version: what runs here, so that an operator sees which processes of an installation differ. */
export const VersionReplySchema = Type.Object({
  name: Type.Literal('followme'),
  version: Type.String(),
  roles: Type.Array(Type.String(), { description: 'What this process does' }),
  schemaVersion: Type.Integer({ description: 'The version of the database this release expects' }),
  logFormat: Type.Integer({ description: 'The format of the records in the log it writes' }),
});
/** See `VersionReplySchema`. */
export type VersionReply = Static<typeof VersionReplySchema>;
