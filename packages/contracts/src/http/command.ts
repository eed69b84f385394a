/** Commands: what somebody asks of a tracker's device, over HTTP. */
import { Type, type Static } from 'typebox';

/** POST /api/trackers/:trackerId/commands; told apart by `kind`. */
export const CommandBodySchema = Type.Object(
  {
    kind: Type.Literal('locate', {
      description: '`locate`: the device reports its position now, besides its usual reports',
    }),
  },
  { additionalProperties: false },
);
/** See `CommandBodySchema`. */
export type CommandBody = Static<typeof CommandBodySchema>;

/** The command is on its way; what the device makes of it is seen in what it reports. */
export const CommandReplySchema = Type.Object({
  outcome: Type.Literal('sent', {
    description: 'Written to the connection of the device; it may still lose it on the way',
  }),
});
/** See `CommandReplySchema`. */
export type CommandReply = Static<typeof CommandReplySchema>;
