/** What people may ask of a device. Every family says in `packages/protocols` how it is told, or that it cannot be. */

/** All commands: `locate` asks for a report of the present position, now. */
export const COMMAND_KINDS = ['locate'] as const;

/** One of `COMMAND_KINDS`. */
export type CommandKind = (typeof COMMAND_KINDS)[number];
